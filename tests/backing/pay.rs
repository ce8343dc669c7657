//! A tap pays through BTCPay: our limits first, then its word, and paid only when the invoice settles.

use btcpay_stand_in::{Fault, Processor};
use futures_util::future::join_all;
use pos_server::domain::id::SaleId;
use pos_server::till::card::look_at_claims;

use super::hands::{Cafe, HIGH};
use crate::card::chip::Chip;
use crate::on_both;

/// Minor units: 1,000 dollars, at the stand-in's price 5,129 sats.
const SALE: i64 = 100_000;

impl Cafe {
    /// Looks again until nothing is reserved any more.
    async fn settled(&self) {
        for _ in 0..50 {
            self.later(61);
            look_at_claims(self.app()).await.unwrap();
            if !self.claims().await.iter().any(|(state, _)| state == "reserved") {
                return;
            }
        }
        panic!("something is reserved for ever");
    }

    /// State and words of all claims, the newest first.
    async fn claims(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for card in self.cards().await {
            let claims = self.app().db.claims_of(&card.id, 100).await.unwrap();
            all.extend(claims.into_iter().map(|claim| (claim.state, claim.why)));
        }
        all
    }

    async fn spent(&self) -> i64 {
        self.cards().await.iter().map(|card| card.spent_msat).sum()
    }

    async fn asked(&self, sale: &SaleId) -> i64 {
        self.last(sale).await.asked_msat
    }

    fn payouts(&self) -> usize {
        self.btcpay.payouts(&self.btcpay.store_id()).len()
    }

    /// The sale is paid, by a settled invoice and no more.
    async fn is_paid(&self, sale: &SaleId) {
        self.hears(sale, "paid").await;
        let payments = self.payments(sale).await;
        assert_eq!(payments.len(), 1);
        assert_eq!(payments[0].rail, "btcpay", "by its rail, not by the card's word");
    }
}

on_both! {
    async fn a_tap_pays_from_btcpay_and_the_invoice_settles(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        let sale = cafe.charge(SALE).await;
        let msat = cafe.asked(&sale).await;
        cafe.tap(&sale, &chip.tap()).await.unwrap();
        cafe.is_paid(&sale).await;
        let (card, _) = cafe.backed().await;
        assert_eq!((card.spent_msat, card.counter, card.balance_msat), (msat, 1, 0));
        look_at_claims(cafe.app()).await.unwrap();
        cafe.settled().await;
        assert_eq!(cafe.claims().await, [("paid".to_owned(), String::new())]);
        let left = 50_000_000 - msat;
        assert_eq!(cafe.money().await, pos_server::backing::Money::Now(left));
        cafe.all_is_right().await;
    }

    async fn ok_is_accepted_and_no_more(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        cafe.btcpay.set_processor(Processor::Stays);
        let sale = cafe.charge(SALE).await;
        let msat = cafe.asked(&sale).await;
        cafe.tap(&sale, &chip.tap()).await.unwrap();
        cafe.later(5);
        look_at_claims(cafe.app()).await.unwrap();
        assert_eq!(cafe.sale(&sale).await.state, "open");
        assert_eq!((cafe.spent().await, cafe.claims().await[0].0.as_str()), (msat, "reserved"));
        let other = cafe.refused(&sale, &chip.tap()).await;
        assert!(other.starts_with("Another card is being asked"), "{other}");
        let payout = cafe.btcpay.payouts(&cafe.btcpay.store_id()).pop().unwrap();
        cafe.btcpay.end_payout(payout["id"].as_str().unwrap(), true).unwrap();
        cafe.is_paid(&sale).await;
        cafe.settled().await;
        assert_eq!((cafe.spent().await, cafe.claims().await[0].0.as_str()), (msat, "paid"));
    }

    async fn a_payment_that_fails_gives_the_limits_back(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        cafe.btcpay.set_processor(Processor::Fails);
        let sale = cafe.charge(SALE).await;
        let words = cafe.refused(&sale, &chip.tap()).await;
        assert_eq!(words, "The card could not pay at BTCPay. Nothing was taken.");
        assert_eq!((cafe.spent().await, cafe.claims().await[0].0.as_str()), (0, "failed"));
        cafe.btcpay.set_processor(Processor::Pays);
        cafe.tap(&sale, &chip.tap()).await.unwrap();
        cafe.is_paid(&sale).await;
        cafe.all_is_right().await;
    }

    async fn a_payment_that_is_given_up_later_gives_the_limits_back_then(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        cafe.btcpay.set_processor(Processor::Stays);
        let sale = cafe.charge(SALE).await;
        cafe.tap(&sale, &chip.tap()).await.unwrap();
        let payout = cafe.btcpay.payouts(&cafe.btcpay.store_id()).pop().unwrap();
        cafe.btcpay.end_payout(payout["id"].as_str().unwrap(), false).unwrap();
        assert!(cafe.spent().await > 0);
        cafe.deliveries(4).await;
        cafe.later(1);
        look_at_claims(cafe.app()).await.unwrap();
        assert_eq!((cafe.spent().await, cafe.claims().await[0].0.as_str()), (0, "failed"));
    }

    async fn a_lost_answer_stays_reserved_until_btcpays_payouts_tell(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(50_000).await;
        for fault in [Fault::Lost, Fault::Half, Fault::Status(504), Fault::Garbage] {
            let sale = cafe.charge(SALE).await;
            let (before, made) = (cafe.spent().await, cafe.payouts());
            // The first request for the page reads, the second pays.
            let link = chip.tap();
            cafe.btcpay.fail("*/boltcard", Fault::Slow(1), Some(1));
            cafe.btcpay.fail("*/boltcard", fault.clone(), Some(1));
            cafe.btcpay.fail("GET */payouts", Fault::Status(502), None);
            cafe.tap(&sale, &link).await.unwrap();
            assert!(cafe.spent().await > before, "{fault:?}: reserved while nobody knows");
            cafe.btcpay.heal();
            let paid = cafe.payouts() > made;
            if paid {
                cafe.is_paid(&sale).await;
            }
            cafe.settled().await;
            let spent = cafe.spent().await;
            assert_eq!(spent > before, paid, "{fault:?}: given back by proof alone");
            let again = cafe.tap(&sale, &link).await;
            assert_eq!(cafe.payouts(), made + usize::from(paid), "{fault:?}: never asked twice {again:?}");
        }
        cafe.contract_was_kept();
    }

    async fn what_btcpay_or_our_limits_refuse_reserves_nothing(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        let sale = cafe.charge(SALE).await;
        let words = cafe.refused(&sale, &chip.tap()).await;
        assert!(words.starts_with("Not enough on the card: J$"), "{words}");
        let pull = cafe.pulls()[0]["id"].as_str().unwrap().to_owned();
        cafe.btcpay.archive(&pull).unwrap();
        let words = cafe.refused(&sale, &chip.tap()).await;
        assert!(words.starts_with("BTCPay does not take this tap"), "{words}");
        cafe.btcpay.down(true);
        let words = cafe.refused(&sale, &chip.tap()).await;
        assert_eq!(words, "BTCPay does not answer just now. Nothing was taken.");
        cafe.btcpay.heal();
        let (card, _) = cafe.backed().await;
        let limits = |tap, day| {
            let (tap_most_msat, day_most_msat) = (tap, day);
            pos_server::db::card::Card { tap_most_msat, day_most_msat, ..card.clone() }
        };
        for (card, words) in [
            (limits(1_000, HIGH), "Over the card’s limit: at most"),
            (limits(HIGH, 1_000), "Over the card’s limit for today"),
        ] {
            let mut tx = cafe.app().db.begin().await.unwrap();
            tx.save_card(&card).await.unwrap();
            tx.commit().await.unwrap();
            let said = cafe.refused(&sale, &chip.tap()).await;
            assert!(said.starts_with(words), "{said}");
        }
        let mut tx = cafe.app().db.begin().await.unwrap();
        tx.freeze_card(&cafe.store.merchant_id, &card.id, "staff").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(cafe.refused(&sale, &chip.tap()).await, "This card is frozen. Nothing was taken.");
        assert_eq!((cafe.spent().await, cafe.payouts(), cafe.claims().await.len()), (0, 0, 0));
    }

    async fn no_cash_and_no_lightning_goes_onto_it_in_our_books(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.app().note_btcpay_price(&cafe.store.id, 19_500_000.into());
        let words = cafe.put(100_000, &chip.tap()).await.unwrap_err().to_string();
        assert_eq!(words, "This card’s money is at BTCPay: no cash goes onto it here.");
        let (card, _) = cafe.backed().await;
        let words = pos_server::till::card::pay_link(cafe.app(), &card.id).await.unwrap_err();
        assert!(words.to_string().contains("at BTCPay"));
        assert_eq!(cafe.backed().await.0.balance_msat, 0);
        cafe.all_is_right().await;
    }

    async fn of_many_taps_with_one_counter_exactly_one_pays(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let chip = cafe.issued(500_000).await;
        let mut sales = Vec::new();
        for _ in 0..32 {
            sales.push(cafe.charge(SALE).await);
        }
        let links: Vec<String> = sales.iter().map(|_| chip.at(1)).collect();
        let tries = sales.iter().zip(&links).map(|(sale, link)| cafe.tap(sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert_eq!((won, cafe.payouts(), cafe.claims().await.len()), (1, 1, 1));
    }

    async fn one_sale_is_paid_by_one_tap_of_many(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let mut chips: Vec<Chip> = Vec::new();
        for _ in 0..4 {
            chips.push(cafe.issued(50_000).await);
        }
        let sale = cafe.charge(SALE).await;
        let links: Vec<String> =
            (0..32).map(|at: usize| chips[at % 4].tap()).collect();
        let tries = links.iter().map(|link| cafe.tap(&sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        cafe.is_paid(&sale).await;
        cafe.settled().await;
        let paid = cafe.claims().await.iter().filter(|(state, _)| state == "paid").count();
        assert_eq!((won >= 1, paid, cafe.payouts()), (true, 1, 1));
        cafe.all_is_right().await;
    }

    async fn a_card_that_was_brought_in_pays_too(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        let (_, mut chip) = cafe.elsewhere("Card", 50_000);
        cafe.import(&chip.tap()).await.unwrap();
        let sale = cafe.charge(SALE).await;
        cafe.tap(&sale, &chip.tap()).await.unwrap();
        cafe.is_paid(&sale).await;
    }
}
