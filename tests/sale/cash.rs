//! Cash: coins that exist, change, and any mixture with Lightning.

use super::node::How;
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn cash_is_rounded_to_coins_and_gives_change(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(80_049).await;
        shop.cash(&sale, 100_000).await.unwrap();
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.rounding, paid.credited), ("paid", -49, 80_000));
        assert_eq!((paid.tendered, paid.change_given), (100_000, 20_000));
        let books = shop.books().await;
        assert_eq!(books.balance("drawer", "JMD"), 80_000);
        assert_eq!(books.balance("cash-rounding", "JMD"), 49);
        assert_eq!(books.balance("sales", "JMD"), -80_049);
        shop.all_is_settled().await;
    }

    async fn an_amount_between_what_is_due_and_its_coins_closes_the_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(80_060).await;
        shop.cash(&sale, 80_070).await.unwrap();
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.rounding, paid.change_given), ("paid", 10, 0));
        shop.all_is_settled().await;
    }

    async fn half_a_coin_goes_the_way_of_the_store(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let up = shop.charge(80_050).await;
        shop.cash(&up, 80_100).await.unwrap();
        assert_eq!(shop.sale(&up).await.rounding, 50);
        shop.store.cash_tie_up = 0;
        let down = shop.charge(80_050).await;
        shop.cash(&down, 80_000).await.unwrap();
        assert_eq!(shop.sale(&down).await.rounding, -50);
        shop.all_is_settled().await;
    }

    async fn a_part_in_cash_then_the_rest_by_lightning(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        shop.cash(&sale, 40_000).await.unwrap();
        let offer = shop.last_offer(&sale).await;
        assert_eq!((offer.amount, offer.state.as_str()), (60_000, "offered"));
        shop.collect(&sale).await;
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.tendered, paid.change_given), ("paid", 40_000, 0));
        shop.all_is_settled().await;
    }

    async fn a_part_by_lightning_then_the_rest_in_cash(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_049).await;
        shop.renew(&sale, Some(60_000)).await.unwrap();
        shop.collect(&sale).await;
        shop.cash(&sale, 50_000).await.unwrap();
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.rounding, paid.change_given), ("paid", -49, 10_000));
        shop.all_is_settled().await;
    }

    async fn cash_and_lightning_by_turns_until_nothing_is_due(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(123_456).await;
        shop.cash(&sale, 10_000).await.unwrap();
        shop.renew(&sale, Some(13_456)).await.unwrap();
        shop.collect(&sale).await;
        shop.cash(&sale, 50_000).await.unwrap();
        shop.collect(&sale).await;
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.credited, paid.rounding), ("paid", 123_456, 0));
        assert_eq!(shop.payments(&sale).await.len(), 4);
        assert_eq!(shop.books().await.balance("drawer", "JMD"), 60_000);
        shop.all_is_settled().await;
    }

    async fn an_offer_for_the_whole_paid_after_a_part_in_cash_owes_the_difference(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        let shown = shop.shown(&sale).await;
        shop.node.set_down(true);
        shop.cash(&sale, 25_000).await.unwrap();
        shop.node.set_down(false);
        let paid = shop.node.pay(&shown);
        shop.hear().await;
        let payments = shop.payments(&sale).await;
        let over = payments.iter().find(|one| one.reference == paid.reference).unwrap();
        assert_eq!((over.kind.as_str(), over.credited, over.owed), ("over", 75_000, 25_000));
        shop.all_is_settled().await;
    }

    async fn a_part_in_cash_is_given_back_before_the_sale_is_cancelled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        shop.cash(&sale, 40_000).await.unwrap();
        let no = shop.void(&sale).await.unwrap_err().to_string();
        assert!(no.contains("give back what came"), "{no}");
        let cash = &shop.payments(&sale).await[0];
        shop.give_back(&sale, cash).await.unwrap();
        let open = shop.sale(&sale).await;
        assert_eq!((open.due(), open.tendered), (100_000, 0));
        shop.void(&sale).await.unwrap();
        assert_eq!(shop.books().await.balance("drawer", "JMD"), 0);
        shop.all_is_settled().await;
    }

    async fn a_part_by_lightning_given_back_in_cash_is_due_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        let asked = u64::try_from(shop.last_offer(&sale).await.asked_msat).unwrap();
        shop.node.pay_as(&shop.shown(&sale).await, How::Msat(asked / 2));
        shop.hear().await;
        let part = &shop.payments(&sale).await[0];
        shop.give_back(&sale, part).await.unwrap();
        assert_eq!(shop.sale(&sale).await.due(), 100_000);
        shop.cash(&sale, 100_000).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn what_is_no_cash_is_refused(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        assert_eq!(shop.cash(&sale, -1).await.unwrap_err().to_string(), "That is not an amount of cash.");
        let nothing = shop.cash(&sale, 0).await.unwrap_err().to_string();
        assert_eq!(nothing, "Type how much cash you were given.");
        shop.cash(&sale, i64::MAX).await.expect_err("more than there is");
        assert_eq!(shop.last_offer(&sale).await.state, "offered", "nothing happened");
        shop.cash(&sale, 100_000).await.unwrap();
        shop.cash(&sale, 100_000).await.expect_err("it is paid");
        shop.all_is_settled().await;
    }
}
