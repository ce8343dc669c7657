//! Money after its time: it waits for the cashier's word, and nothing else waits for it.

use super::node::{Call, Fault, How};
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn a_late_payment_waits_and_is_added_when_the_cashier_says_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "expired");
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        let [late] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!((late.kind.as_str(), late.credited, late.owed), ("late", 0, 50_000));
        assert_eq!(shop.sale(&sale).await.state, "open");
        shop.add(&sale, late).await.unwrap();
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.receipt_number), ("paid", Some(1)));
        let again = shop.add(&sale, late).await.unwrap_err();
        assert_eq!(again.to_string(), "This sale needs no more money. Give it back instead.");
        shop.all_is_settled().await;
    }

    async fn a_late_payment_may_be_given_back_and_the_sale_cancelled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.look().await;
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        let late = &shop.payments(&sale).await[0];
        shop.give_back(&sale, late).await.unwrap();
        shop.void(&sale).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "voided");
        assert_eq!(shop.books().await.balance("drawer", "JMD"), -50_000);
        shop.all_is_settled().await;
    }

    async fn an_offer_paid_late_before_anybody_looked_is_over_all_the_same(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        let offer = shop.last_offer(&sale).await;
        assert_eq!((offer.state.as_str(), offer.ended_ms), ("expired", Some(shop.app().now().0)));
        shop.renew(&sale, None).await.unwrap();
        shop.collect(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn an_unknown_offer_that_was_paid_late_is_known_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.node.set_down(true);
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "unknown");
        shop.node.pay_as(&shown, How::Late);
        shop.node.set_down(false);
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "expired");
        shop.cash(&sale, 50_000).await.unwrap();
        let late = &shop.payments(&sale).await[0];
        shop.give_back(&sale, late).await.unwrap();
        shop.all_is_settled().await;
    }

    async fn an_offer_that_nobody_pays_runs_out_and_a_new_one_is_made(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let first = shop.shown(&sale).await;
        shop.later(599);
        shop.look().await;
        assert_eq!(shop.shown(&sale).await, first);
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "expired");
        shop.renew(&sale, None).await.unwrap();
        assert_ne!(shop.shown(&sale).await, first);
        let story = ["sale.opened", "offer.made", "offer.expired", "offer.made"];
        assert_eq!(shop.story(&sale).await, story);
        shop.collect(&sale).await;
        shop.all_is_settled().await;
    }

    async fn a_payment_in_time_that_is_heard_of_too_late_counts(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay(&shop.shown(&sale).await);
        shop.node.next(Call::Status, Fault::Break);
        shop.later(3_600);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "unknown");
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }
}
