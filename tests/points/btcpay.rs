//! Points that become balance at BTCPay: a payout of the store's, followed to its end.

use btcpay_stand_in::Fault;
use pos_server::backing::{self, Money};
use pos_server::domain::points::{Rules, Worth};
use pos_server::till::card::{self, Converted};
use pos_server::till::once::Once;

use crate::backing::hands::Cafe;
use crate::on_both;
use crate::sale::acts::key;

impl Cafe {
    /// Turns all points on a card into balance; the same request twice.
    async fn converted(&self, link: &str) -> String {
        let once = Once::new("convert", &key(), &[link]).unwrap();
        let first = card::convert(self.app(), &self.at(0), link, &once).await.unwrap();
        let again = card::convert(self.app(), &self.at(0), link, &once).await.unwrap();
        assert_eq!(first, again);
        let Converted::Sent(id) = first else { panic!("not at BTCPay: {first:?}") };
        id
    }

    async fn payouts_go_on(&self, seconds: i64) -> usize {
        self.later(seconds);
        backing::look_at_grants(self.app()).await.unwrap();
        card::look_at_points_payouts(self.app()).await.unwrap()
    }
}

on_both! {
    async fn they_arrive_once_and_leave_the_books_balanced(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.programme(Rules { worth: Worth::Minor(100), rate_bp: 1_000, ..Rules::default() }, None).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.buys(&mut chip, 100_000).await;
        cafe.programme(Rules { worth: Worth::Sat(5), rate_bp: 1_000, ..Rules::default() }, None).await;
        let id = cafe.converted(&chip.tap()).await;
        assert_eq!(cafe.held().await, (0, 0), "they leave the card first");
        assert_eq!(cafe.payouts_go_on(1).await, 1);
        assert_eq!(cafe.payouts_go_on(600).await, 0);
        assert_eq!(cafe.money().await, Money::Now(1_500_000));
        let mut tx = cafe.app().db.begin().await.unwrap();
        assert_eq!(tx.points_payout(&id).await.unwrap().state, "completed");
        drop(tx);
        let books = cafe.books().await;
        assert_eq!(books.balance("rewards", "msat"), 500_000);
        assert_eq!(books.balance("points-spent", "points"), -100);
        assert_eq!(cafe.app().db.unbalanced_postings().await.unwrap(), Vec::<String>::new());
        cafe.contract_was_kept();
    }

    async fn what_btcpay_never_paid_is_on_the_card_again_and_not_before_that_is_known(fresh: Fresh) {
        let cafe = Cafe::open(fresh).await;
        cafe.programme(Rules { worth: Worth::Minor(100), rate_bp: 1_000, ..Rules::default() }, None).await;
        let mut chip = cafe.issued(1_000).await;
        cafe.buys(&mut chip, 100_000).await;
        cafe.programme(Rules { worth: Worth::Sat(5), rate_bp: 1_000, ..Rules::default() }, None).await;
        cafe.btcpay.fail("POST */payouts", Fault::Status(502), Some(1));
        cafe.converted(&chip.tap()).await;
        for _ in 0..2 {
            assert_eq!(cafe.payouts_go_on(60).await, 0);
            assert_eq!(cafe.held().await, (0, 0), "nobody knows yet");
        }
        assert_eq!(cafe.payouts_go_on(3_600).await, 1);
        assert_eq!(cafe.held().await, (100, 0));
        assert_eq!(cafe.payouts_go_on(60).await, 0);
        assert_eq!(cafe.money().await, Money::Now(1_000_000));
        cafe.points_are_right().await;
    }
}
