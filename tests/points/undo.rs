//! What takes points back.

use btcpay_stand_in::Pay;
use pos_server::points;

use super::hands::tenth;
use crate::btcpay_rail::bar::Bar;
use crate::on_both;
use crate::sale::shop::Shop;

impl Shop {
    /// A part of a sale went back.
    pub(crate) async fn refund(
        &self,
        sale: &pos_server::domain::id::SaleId,
        part: i64,
        name: &str,
    ) -> i64 {
        let mut tx = self.app().db.begin().await.unwrap();
        let row = tx.lock_sale(sale).await.unwrap();
        let now = self.app().now();
        let taken = points::refund(&mut tx, &row, part, name, "Keisha", now).await.unwrap();
        tx.commit().await.unwrap();
        taken
    }
}

on_both! {
    async fn a_sale_that_btcpay_calls_invalid_takes_all_back_and_paying_again_earns_once(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let programme = bar.programme(tenth(), Some(500)).await;
        let mut chip = bar.chip().await;
        let sale = bar.charge(100_000).await;
        bar.collects(&sale, &chip.tap()).await.unwrap();
        let invoice = bar.shown(&sale).await;
        for times in 1..3 {
            bar.btcpay.mark(&invoice, true).unwrap();
            bar.hears(&sale, "paid").await;
            assert_eq!((bar.held().await, bar.used(&programme).await), ((100, 0), (0, 100)));
            bar.points_are_right().await;
            bar.btcpay.mark(&invoice, false).unwrap();
            bar.hears(&sale, "open").await;
            assert_eq!((bar.held().await, bar.used(&programme).await), ((0, 0), (100, 0)));
            assert_eq!(bar.earning(&sale).await.times, times);
            bar.points_are_right().await;
        }
        bar.renew(&sale, None).await.unwrap();
        bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
        bar.hears(&sale, "paid").await;
        assert_eq!((bar.held().await, bar.used(&programme).await), ((100, 0), (0, 100)));
        assert_eq!(bar.points_moves().await.len(), 5);
        bar.points_are_right().await;
    }

    async fn what_was_spent_before_it_is_taken_back_is_owed_and_the_next_points_go_there(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.programme(tenth(), None).await;
        let mut chip = bar.chip().await;
        let sale = bar.charge(100_000).await;
        bar.collects(&sale, &chip.tap()).await.unwrap();
        let invoice = bar.shown(&sale).await;
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.hears(&sale, "paid").await;
        let other = bar.charge(7_000).await;
        bar.by_points(&other, &chip.tap()).await.unwrap();
        assert_eq!((bar.sale(&other).await.state.as_str(), bar.held().await), ("paid", (30, 0)));
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.hears(&sale, "open").await;
        assert_eq!(bar.held().await, (0, 70), "never below nothing");
        bar.points_are_right().await;
        bar.buys(&mut chip, 50_000).await;
        assert_eq!(bar.held().await, (0, 20));
        bar.buys(&mut chip, 50_000).await;
        assert_eq!(bar.held().await, (30, 0));
        bar.points_are_right().await;
    }

    async fn a_sale_that_is_taken_back_and_then_cancelled_frees_its_promise(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let programme = bar.programme(tenth(), Some(500)).await;
        let mut chip = bar.chip().await;
        let sale = bar.charge(100_000).await;
        bar.collects(&sale, &chip.tap()).await.unwrap();
        let invoice = bar.shown(&sale).await;
        bar.btcpay.mark(&invoice, true).unwrap();
        bar.hears(&sale, "paid").await;
        bar.btcpay.mark(&invoice, false).unwrap();
        bar.hears(&sale, "open").await;
        bar.void(&sale).await.unwrap();
        assert_eq!((bar.held().await, bar.used(&programme).await), ((0, 0), (0, 0)));
        bar.points_are_right().await;
    }

    async fn refunds_take_back_their_share_once_each_and_never_more_than_was_earned(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(
            pos_server::domain::points::Rules { sign_up: 10, ..tenth() }, Some(500)).await;
        let mut chip = shop.chip().await;
        let sale = shop.buys(&mut chip, 99_900).await;
        assert_eq!(shop.held().await, (109, 0));
        assert_eq!(shop.refund(&sale, 33_300, "one").await, 36, "a third of 109, rounded down");
        assert_eq!(shop.refund(&sale, 33_300, "one").await, 0, "the same refund again");
        assert_eq!((shop.held().await, shop.used(&programme).await), ((73, 0), (0, 73)));
        shop.points_are_right().await;
        assert_eq!(shop.refund(&sale, 33_300, "two").await, 36);
        assert_eq!(shop.refund(&sale, 33_300, "three").await, 37);
        assert_eq!(shop.refund(&sale, 33_300, "four").await, 0, "more than the whole");
        assert_eq!((shop.held().await, shop.used(&programme).await), ((0, 0), (0, 0)));
        shop.points_are_right().await;
    }

    async fn points_and_bonuses_each_go_back_into_the_budget_they_came_from(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let rules = pos_server::domain::points::Rules { sign_up: 10, ..tenth() };
        let programme = shop.programme(rules, None).await;
        let event = shop.event(2_000, 1_000, |_| {}).await;
        let mut chip = shop.chip().await;
        let sale = shop.buys(&mut chip, 100_000).await;
        assert_eq!((shop.used(&event).await, shop.used(&programme).await), ((0, 200), (0, 10)));
        assert_eq!(shop.refund(&sale, 100_000, "all").await, 210);
        assert_eq!((shop.used(&event).await, shop.used(&programme).await), ((0, 0), (0, 0)));
        shop.points_are_right().await;
    }
}
