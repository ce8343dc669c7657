//! A card that another program issued at the paired BTCPay is brought in by a tap.

use btcpay_stand_in::{Btcpay as StandIn, Fault, Options};
use pos_server::backing::Money;
use serde_json::json;

use super::hands::Cafe;
use crate::card::chip::Chip;
use crate::on_both;

on_both! {
    async fn a_tap_brings_a_card_in_with_its_balance(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.elsewhere("Card 1", 9_000);
        let (pull, mut chip) = cafe.elsewhere("Card 2", 7_000);
        let before = cafe.pulls();
        let link = chip.tap();
        let id = cafe.import(&link).await.unwrap();
        let (card, backing) = cafe.backed().await;
        assert_eq!((card.id, card.state.as_str(), card.counter), (id, "active", 1));
        assert_eq!((backing.purse, backing.imported), (pull, 1));
        assert_eq!((backing.left_msat, cafe.money().await), (Some(7_000_000), Money::Now(7_000_000)));
        assert_eq!(cafe.pulls(), before);
        let again = cafe.import(&chip.tap()).await.unwrap_err().to_string();
        assert!(again.contains("already"), "{again}");
        cafe.all_is_right().await;
    }

    async fn of_pull_payments_with_one_name_that_with_the_balance_is_it(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.pull("Card", "6000", "SATS");
        let (pull, mut chip) = cafe.elsewhere("Card", 7_000);
        cafe.import(&chip.tap()).await.unwrap();
        assert_eq!(cafe.backed().await.1.purse, pull);
        let (_, mut twin) = cafe.elsewhere("Twin", 100);
        cafe.pull("Twin", "0.000001", "BTC");
        let words = cafe.import(&twin.tap()).await.unwrap_err().to_string();
        assert!(words.starts_with("Several pull payments"), "{words}");
        assert_eq!(cafe.cards().await.len(), 1);
    }

    async fn a_card_that_is_not_this_btcpays_is_refused_and_nothing_changes(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let (_, mut chip) = cafe.elsewhere("Card", 7_000);
        let before = cafe.pulls();
        let link = chip.tap();
        let (_, query) = link.split_once('?').unwrap();
        let other = StandIn::start(Options::default()).await.unwrap();
        let asked = json!({ "name": "Card", "amount": "7000", "currency": "SATS" });
        let made = other.set_aside(&other.store_id(), &asked).unwrap();
        let uid = Chip::serial();
        let body = json!({ "UID": hex::encode(uid) });
        let written = other.register_card(made["id"].as_str().unwrap(), &body).unwrap();
        let elsewhere = Chip::written(uid, &written).tap();
        let own = link.split('?').next().unwrap();
        let strange = elsewhere.replace(elsewhere.split('?').next().unwrap(), own);
        let forged = format!("{}00", &link[..link.len() - 2]);
        for (text, words) in [
            (elsewhere, "another server’s"),
            (format!("lnurlw://example.com/boltcard?{query}"), "another server’s"),
            (format!("{own}/top-up?{query}"), "another server’s"),
            (strange, "does not know this card"),
            (forged, "does not know this card"),
            ("04a39493cc8680".into(), "not the link of a card"),
        ] {
            let said = cafe.import(&text).await.unwrap_err().to_string();
            assert!(said.contains(words), "{text}: {said}");
        }
        cafe.btcpay.reset_card(chip.uid());
        let said = cafe.import(&chip.tap()).await.unwrap_err().to_string();
        assert!(said.contains("does not know this card"), "{said}");
        assert_eq!((cafe.cards().await.len(), cafe.pulls()), (0, before));
    }

    async fn a_btcpay_that_is_away_is_said_and_the_same_tap_is_good_again(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let (_, mut chip) = cafe.elsewhere("Card", 7_000);
        let link = chip.tap();
        for (path, fault) in [
            ("*/boltcard", Fault::Status(502)),
            ("*/boltcard", Fault::Garbage),
            ("*/boltcards", Fault::Lost),
            ("GET */pull-payments", Fault::Status(500)),
        ] {
            cafe.btcpay.fail(path, fault, None);
            let words = cafe.import(&link).await.unwrap_err().to_string();
            assert!(words.starts_with("BTCPay does not answer"), "{path}: {words}");
            cafe.btcpay.heal();
        }
        cafe.import(&link).await.unwrap();
    }
}
