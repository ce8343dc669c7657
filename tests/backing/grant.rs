//! Money onto a card by a payout of the store's: once, in the right unit, and followed to its end.

use btcpay_stand_in::{Fault, Processor};
use pos_server::backing::{self, Money};
use pos_server::db::card::CardGrant;

use super::hands::Cafe;
use crate::on_both;

impl Cafe {
    /// Decides on a payout to the only card, by a tap.
    async fn granted(&self, reference: &str, msat: i64, link: &str) -> bool {
        let (_, backing) = self.backed().await;
        let grant = backing::prepare_grant(self.app(), &backing, reference, msat, link).await;
        let mut tx = self.app().db.begin().await.unwrap();
        let first = tx.add_grant(&grant.unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        first
    }

    async fn grant(&self, reference: &str) -> CardGrant {
        self.app().db.grant(reference).await.unwrap().unwrap()
    }

    async fn looked(&self, seconds: i64) {
        self.later(seconds);
        backing::look_at_grants(self.app()).await.unwrap();
    }
}

on_both! {
    async fn points_arrive_on_the_card_in_satoshi_and_nothing_else(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        assert!(cafe.granted("points-1", 250_000, &chip.tap()).await);
        assert!(!cafe.granted("points-1", 250_000, &chip.tap()).await, "decided on before");
        cafe.looked(1).await;
        assert_eq!(cafe.grant("points-1").await.state, "done");
        let payouts = cafe.btcpay.payouts(&cafe.btcpay.store_id());
        let store: Vec<_> =
            payouts.iter().filter(|one| one.get("pullPaymentId").is_none()).collect();
        assert_eq!(store.len(), 1);
        let (amount, currency) = (&store[0]["originalAmount"], &store[0]["originalCurrency"]);
        assert_eq!((amount, currency), (&"0.0000025".into(), &"BTC".into()), "250 sats, in bitcoin");
        assert_eq!(store[0]["metadata"]["posReference"], "points-1");
        assert_eq!(cafe.money().await, Money::Now(1_250_000));
        cafe.looked(600).await;
        assert_eq!(cafe.money().await, Money::Now(1_250_000));
        cafe.all_is_right().await;
    }

    async fn a_lost_answer_is_found_again_and_never_sent_twice(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        for (at, fault) in [Fault::Lost, Fault::Half].into_iter().enumerate() {
            let name = format!("points-{at}");
            cafe.granted(&name, 100_000, &chip.tap()).await;
            cafe.btcpay.fail("POST */payouts", fault, Some(1));
            cafe.looked(1).await;
            assert_eq!(cafe.grant(&name).await.state, "sent");
            cafe.looked(60).await;
            assert_eq!(cafe.grant(&name).await.state, "done");
        }
        assert_eq!(cafe.money().await, Money::Now(1_200_000));
        let sent = cafe.btcpay.requests();
        let posts = sent.iter().filter(|one| one.method == "POST" && one.path.ends_with("/payouts"));
        assert_eq!(posts.count(), 2);
        cafe.contract_was_kept();
    }

    async fn what_was_never_made_fails_when_its_invoice_ran_out(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.granted("points-1", 100_000, &chip.tap()).await;
        cafe.btcpay.fail("POST */payouts", Fault::Status(502), Some(1));
        cafe.looked(1).await;
        cafe.looked(60).await;
        assert_eq!(cafe.grant("points-1").await.state, "sent", "it may be made yet");
        cafe.looked(3_600).await;
        assert_eq!(cafe.grant("points-1").await.state, "failed");
        assert_eq!(cafe.money().await, Money::Now(1_000_000));
    }

    async fn one_under_way_is_followed_and_one_given_up_fails(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.btcpay.set_processor(Processor::Stays);
        for (name, paid, end) in [("a", true, "done"), ("b", false, "failed")] {
            cafe.granted(name, 100_000, &chip.tap()).await;
            cafe.looked(1).await;
            assert_eq!(cafe.grant(name).await.state, "sent");
            let payout = cafe.grant(name).await.payout.unwrap();
            cafe.btcpay.end_payout(&payout, paid).unwrap();
            cafe.looked(10).await;
            assert_eq!(cafe.grant(name).await.state, end);
        }
        assert_eq!(cafe.money().await, Money::Now(1_100_000));
    }

    async fn a_key_that_was_taken_back_pays_nothing(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.granted("points-1", 100_000, &chip.tap()).await;
        cafe.btcpay.revoke_all();
        cafe.looked(1).await;
        cafe.looked(3_600).await;
        assert_ne!(cafe.grant("points-1").await.state, "done");
        assert_eq!(cafe.money().await, Money::Now(1_000_000), "reading a balance needs no key");
    }
}
