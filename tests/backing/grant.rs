//! Money onto a card by a payout of the store's: once, in the right unit, and followed to its end.

use btcpay_stand_in::{Fault, Processor};
use pos_server::backing::{self, Money};
use pos_server::db::card::CardGrant;
use pos_server::domain::points::{Rules, Worth};
use pos_server::points;
use pos_server::till::card::{self, Converted};
use pos_server::till::once::Once;

use super::hands::Cafe;
use crate::on_both;
use crate::sale::acts::key;

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

    async fn points_of(&self, card: &str) -> i64 {
        let card = self.app().db.card(card).await.unwrap().unwrap();
        let standing = points::standing(&self.app().db, &card, self.app().now()).await;
        standing.unwrap().map_or(0, |standing| standing.held)
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

    async fn all_points_on_a_card_become_balance_at_btcpay_or_come_back(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.app().note_btcpay_price(&cafe.store.id, 19_500_000.into());
        cafe.programme(Rules { rate_bp: 1_000, worth: Worth::Minor(100), ..Rules::default() }, None).await;
        let mut chip = cafe.issued(50_000).await;
        for (processor, end, held) in
            [(Processor::Pays, "completed", 0), (Processor::Fails, "cancelled", 100)]
        {
            let sale = cafe.charge(100_000).await;
            cafe.tap(&sale, &chip.tap()).await.unwrap();
            cafe.hears(&sale, "paid").await;
            let (card, _) = cafe.backed().await;
            let earned = cafe.points_of(&card.id).await;
            let Money::Now(before) = cafe.money().await else { panic!("seen") };
            cafe.btcpay.set_processor(processor);
            let link = chip.tap();
            let once = Once::new("points", &key(), &[&link]).unwrap();
            let done = card::convert(cafe.app(), &cafe.at(0), &link, &once).await.unwrap();
            let Converted::Sent(id) = done.clone() else { panic!("not at BTCPay: {done:?}") };
            assert_eq!(cafe.points_of(&card.id).await, 0, "on their way");
            assert_eq!(card::convert(cafe.app(), &cafe.at(0), &link, &once).await.unwrap(), done);
            cafe.looked(5).await;
            card::look_at_points_payouts(cafe.app()).await.unwrap();
            card::look_at_points_payouts(cafe.app()).await.unwrap();
            let payout = cafe.app().db.begin().await.unwrap().points_payout(&id).await.unwrap();
            assert_eq!((payout.state.as_str(), payout.points), (end, earned));
            // A hundred points are a hundred dollars: 512.8 sats at the stand-in's price.
            assert_eq!((earned, payout.msat), (100, 512_000));
            let gained = if end == "completed" { payout.msat } else { 0 };
            assert_eq!(cafe.money().await, Money::Now(before + gained));
            let back = cafe.points_of(&card.id).await;
            assert_eq!(back > 0, held > 0, "{end}: {back} points");
            cafe.btcpay.set_processor(Processor::Pays);
        }
        cafe.all_is_right().await;
    }
}
