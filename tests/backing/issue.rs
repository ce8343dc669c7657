//! Issuing at BTCPay: once, whatever becomes of the answers, and nothing told that opens the money.

use btcpay_stand_in::Fault;
use pos_server::backing::{self, Money};
use pos_server::card;

use super::hands::{Cafe, said};
use crate::card::chip::Chip;
use crate::card::hands::{reason, serial};
use crate::on_both;

on_both! {
    async fn money_is_set_aside_and_the_chip_gets_btcpays_keys(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        let pulls = cafe.pulls();
        assert_eq!(pulls.len(), 1);
        assert_eq!((&pulls[0]["amount"], &pulls[0]["currency"]), (&"50000".into(), &"SATS".into()));
        assert_eq!(pulls[0]["autoApproveClaims"], true);
        assert!(pulls[0]["name"].as_str().unwrap().starts_with("Marcia #"));
        let (card, backing) = cafe.backed().await;
        assert_eq!((card.state.as_str(), card.version, card.balance_msat), ("new", 0, 0));
        assert_eq!(backing.purse, pulls[0]["id"]);
        assert!(backing.link.ends_with("/boltcard"));
        let link = chip.tap();
        let shown = card::prove(&cafe.app().db, &cafe.app().seal, &link).await.unwrap();
        assert_eq!((shown.card_id, shown.version, shown.counter), (card.id, 0, 1));
        assert_eq!(cafe.money().await, Money::Now(50_000_000));
        let forged = card::prove(&cafe.app().db, &cafe.app().seal, &chip.with_k2([7; 16]).tap()).await;
        assert_eq!(forged.unwrap_err().to_string(), "This tap is not genuine.");
        cafe.all_is_right().await;
    }

    async fn a_lost_answer_sets_nothing_aside_twice(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.btcpay.fail("POST */pull-payments", Fault::Lost, Some(1));
        let token = cafe.prepared(50_000).await.unwrap();
        assert_eq!(cafe.pulls().len(), 1, "found again by its name");
        cafe.btcpay.fail("POST */boltcards", Fault::Lost, Some(1));
        let uid = Chip::serial();
        let lost = cafe.program(&token, serial(&uid)).await;
        lost.is(503);
        assert!(reason(&lost).starts_with("BTCPay does not answer"), "{}", lost.body);
        let first = said(&cafe.program(&token, serial(&uid)).await);
        let again = said(&cafe.program(&token, serial(&uid)).await);
        assert_eq!(first, again, "the same keys, from what was sealed");
        assert_eq!(first["Version"], 0);
        cafe.program(&token, serial(&Chip::serial())).await.is(404);
        assert_eq!(cafe.cards().await.len(), 1);
        cafe.all_is_right().await;
    }

    async fn what_btcpay_refuses_is_said_and_no_code_is_shown(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        for fault in [Fault::Down, Fault::Status(502), Fault::Garbage] {
            cafe.btcpay.fail("POST */pull-payments", fault, Some(1));
            let words = cafe.prepared(1_000).await.unwrap_err().to_string();
            assert!(words.starts_with("BTCPay does not answer"), "{words}");
        }
        let revoked = cafe.key.clone();
        cafe.btcpay.revoke(&revoked);
        let words = cafe.prepared(1_000).await.unwrap_err().to_string();
        assert!(words.contains("no longer accepts this shop’s key"), "{words}");
        assert_eq!(cafe.pulls().len(), 0);
    }

    async fn a_chip_that_draws_on_other_money_is_refused(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let uid = Chip::serial();
        let other = cafe.pull("Somebody else’s", "10", "SATS");
        let body = serde_json::json!({ "UID": hex::encode(uid) });
        cafe.btcpay.register_card(&other, &body).unwrap();
        let token = cafe.prepared(50_000).await.unwrap();
        let answer = cafe.program(&token, serial(&uid)).await;
        answer.is(409);
        assert!(cafe.cards().await.is_empty());
        let own = cafe.issued(1_000).await;
        let token = cafe.prepared(50_000).await.unwrap();
        let again = cafe.program(&token, serial(own.uid())).await;
        assert_eq!(reason(&again), "This card is set up already.");
    }

    async fn money_for_a_code_that_nobody_used_is_put_away(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.issued(1_000).await;
        cafe.prepared(2_000).await.unwrap();
        cafe.later(7_200);
        backing::put_unused_away(cafe.app(), cafe.app().now()).await.unwrap();
        backing::put_unused_away(cafe.app(), cafe.app().now()).await.unwrap();
        let archived: Vec<_> = cafe.pulls().iter().map(|one| one["archived"].clone()).collect();
        assert_eq!(archived, [false, true]);
        assert_eq!(cafe.money().await, Money::Now(1_000_000));
    }

    async fn keys_and_serial_number_are_nowhere_in_the_clear(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let token = cafe.prepared(50_000).await.unwrap();
        let uid = Chip::serial();
        let written = said(&cafe.program(&token, serial(&uid)).await);
        let (card, backing) = cafe.backed().await;
        let row = cafe.app().db.card_key(&card.id, 0).await.unwrap().unwrap();
        let openers = cafe.app().db.card_openers().await.unwrap();
        let k = |name: &str| hex::decode(written[name].as_str().unwrap()).unwrap();
        let holds = |sealed: &[u8], key: &[u8]| sealed.windows(key.len()).any(|part| part == key);
        for name in ["K0", "K1", "K2", "K3", "K4"] {
            assert!(!holds(&row.sealed, &k(name)) && !holds(&openers[0].sealed, &k(name)));
        }
        let all = format!("{card:?} {backing:?}").to_lowercase();
        assert!(!all.contains(&hex::encode(uid)));
        let log = cafe.app().db.audit_rows(&cafe.store.merchant_id, i64::MAX, 50).await.unwrap();
        let log = format!("{log:?}").to_lowercase();
        assert!(!log.contains(&hex::encode(uid)) && !log.contains(&backing.purse.to_lowercase()));
        assert!(log.contains("card.programmed"));
    }

    async fn a_balance_that_cannot_be_seen_is_not_zero(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.issued(50_000).await;
        cafe.btcpay.down(true);
        assert_eq!(cafe.money().await, Money::Unseen(None));
        cafe.btcpay.heal();
        assert_eq!(cafe.money().await, Money::Now(50_000_000));
        cafe.later(60);
        for fault in [Fault::Status(500), Fault::Garbage, Fault::Down] {
            cafe.btcpay.fail("GET */payouts", fault, None);
            let Money::Unseen(Some((left, _))) = cafe.money().await else { panic!("seen") };
            assert_eq!(left, 50_000_000);
            cafe.btcpay.heal();
        }
        cafe.btcpay.archive(cafe.pulls()[0]["id"].as_str().unwrap()).unwrap();
        assert_eq!(cafe.money().await, Money::Ended);
    }
}
