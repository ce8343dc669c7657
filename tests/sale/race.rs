//! The customer pays in the very moment in which the cashier does something else.

use super::node::{Call, Fault, How};
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn a_sale_paid_in_the_moment_of_cancel_is_paid(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay_when_cancelled(&shop.shown(&sale).await);
        shop.void(&sale).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn a_sale_paid_in_the_moment_of_a_new_offer_is_paid(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay_when_cancelled(&shop.shown(&sale).await);
        shop.renew(&sale, None).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.node.count(Call::Offer), 1);
        shop.all_is_settled().await;
    }

    async fn a_sale_paid_in_the_moment_of_cash_takes_no_cash(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay_when_cancelled(&shop.shown(&sale).await);
        let no = shop.cash(&sale, 50_000).await.unwrap_err().to_string();
        assert!(no.contains("so no cash was taken"), "{no}");
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.books().await.balance("drawer", "JMD"), 0);
        shop.all_is_settled().await;
    }

    async fn a_part_paid_in_the_moment_of_cash_leaves_the_rest_due(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(80_000).await;
        shop.renew(&sale, Some(30_000)).await.unwrap();
        shop.node.pay_when_cancelled(&shop.shown(&sale).await);
        let no = shop.cash(&sale, 80_000).await.unwrap_err().to_string();
        assert!(no.contains("Look at what is left"), "{no}");
        assert_eq!(shop.sale(&sale).await.due(), 50_000);
        shop.cash(&sale, 50_000).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn a_payment_after_cancel_is_kept_for_the_payer(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        let paid = shop.node.pay(&shown);
        shop.node.set_down(true);
        shop.void(&sale).await.expect_err("it may be paid");
        shop.node.set_down(false);
        // A node that says closed and then tells of money all the same.
        let sale_2 = shop.charge(60_000).await;
        shop.void(&sale_2).await.unwrap();
        assert_eq!(shop.sale(&sale_2).await.state, "voided");
        shop.hear().await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        let mut ghost = paid;
        ghost.offer = shop.last_offer(&sale_2).await.reference;
        ghost.reference = format!("{}-9", ghost.offer);
        let connected = shop.connected();
        pos_server::till::settle::settle(shop.app(), &connected, &ghost, None).await.unwrap();
        let [extra] = &shop.payments(&sale_2).await[..] else { panic!("one payment") };
        assert_eq!((extra.kind.as_str(), extra.credited), ("extra", 0));
        assert_eq!(shop.sale(&sale_2).await.state, "voided");
        shop.give_back(&sale_2, extra).await.unwrap();
        shop.books_are_right().await;
    }

    async fn a_cancel_whose_answer_is_lost_is_asked_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.next(Call::Cancel, Fault::Lose);
        shop.void(&sale).await.expect_err("nobody knows");
        assert_eq!(shop.sale(&sale).await.state, "open");
        shop.void(&sale).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "voided");
        shop.all_is_settled().await;
    }

    async fn a_cancelled_offer_is_cancelled_at_the_node_too(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let first = shop.shown(&sale).await;
        shop.renew(&sale, None).await.unwrap();
        assert!(shop.node.try_pay(&first, How::Exact).is_none(), "replaced, so unpayable");
        let second = shop.shown(&sale).await;
        shop.void(&sale).await.unwrap();
        assert!(shop.node.try_pay(&second, How::Exact).is_none(), "voided, so unpayable");
        shop.all_is_settled().await;
    }

    async fn an_offer_left_over_when_cash_closes_the_sale_is_cancelled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.node.set_down(true);
        shop.cash(&sale, 50_000).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.node.set_down(false);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "cancelled");
        assert!(shop.node.try_pay(&shown, How::Exact).is_none());
        shop.all_is_settled().await;
    }

    async fn a_customer_who_pays_both_ways_is_owed_one_of_them(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.node.set_down(true);
        shop.cash(&sale, 50_000).await.unwrap();
        shop.node.set_down(false);
        shop.node.pay(&shown);
        shop.hear().await;
        let payments = shop.payments(&sale).await;
        let extra = payments.iter().find(|one| one.kind == "extra").unwrap();
        assert_eq!(extra.owed, 50_000);
        shop.give_back(&sale, extra).await.unwrap();
        shop.all_is_settled().await;
    }
}
