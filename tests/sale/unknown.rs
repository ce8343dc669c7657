//! What is not known is said to be not known, and resolved by itself.

use super::node::{Call, Fault, Line};
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn an_unknown_offer_that_was_not_paid_ends(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.set_down(true);
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "unknown");
        let no = shop.cash(&sale, 50_000).await.unwrap_err().to_string();
        assert!(no.contains("Do not take cash"), "{no}");
        assert!(shop.void(&sale).await.unwrap_err().to_string().contains("don’t know yet"));
        assert!(shop.renew(&sale, None).await.unwrap_err().to_string().contains("don’t know yet"));
        shop.node.set_down(false);
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "expired");
        shop.cash(&sale, 50_000).await.unwrap();
        shop.all_is_settled().await;
    }

    async fn a_payment_on_its_way_is_seen_and_then_paid(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        let mut line = Line::open(&shop.node, shop.cursor().await);
        assert!(shop.node.set_out(&shown));
        shop.take(&line.next_in_order().unwrap()).await.unwrap();
        assert_eq!(shop.last_offer(&sale).await.state, "seen");
        shop.node.arrive(&shown).unwrap();
        shop.take(&line.next_in_order().unwrap()).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn no_cash_is_taken_while_a_payment_is_on_its_way(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.node.be_strict();
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        assert!(shop.node.set_out(&shown));
        let no = shop.cash(&sale, 50_000).await.unwrap_err().to_string();
        assert!(no.contains("on its way"), "{no}");
        assert!(shop.void(&sale).await.is_err());
        shop.node.turn_back(&shown);
        shop.cash(&sale, 50_000).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert!(shop.node.try_pay(&shown, super::node::How::Exact).is_none(), "it was cancelled");
        shop.all_is_settled().await;
    }

    async fn a_node_that_is_away_stops_neither_sale_nor_cash(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.node.set_down(true);
        let sale = shop.charge(50_000).await;
        assert_eq!(shop.story(&sale).await, ["sale.opened", "offer.none"]);
        shop.cash(&sale, 50_000).await.unwrap();
        assert_eq!(shop.sale(&sale).await.receipt_number, Some(1));
        shop.node.set_down(false);
        shop.all_is_settled().await;
    }

    async fn without_a_price_there_is_no_offer_and_cash_still_works(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let practice = std::mem::replace(&mut shop.store.rate_settings, "{}".into());
        let sale = shop.charge(50_000).await;
        let events = shop.app().db.events(&sale).await.unwrap();
        assert_eq!(events[1].kind, "offer.none");
        assert!(events[1].body.contains("\"no_price\""), "{}", events[1].body);
        assert_eq!(shop.node.count(Call::Offer), 0);
        shop.cash(&sale, 20_000).await.unwrap();
        assert!(shop.attempts(&sale).await.iter().all(|one| one.rail == "cash"));
        shop.store.rate_settings = practice;
        shop.renew(&sale, None).await.unwrap();
        shop.collect(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn an_offer_whose_answer_was_lost_is_nobodys(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.node.next(Call::Offer, Fault::Lose);
        let sale = shop.charge(50_000).await;
        assert_eq!(shop.story(&sale).await, ["sale.opened", "offer.none"]);
        shop.renew(&sale, None).await.unwrap();
        assert_eq!(shop.node.offers().len(), 2);
        shop.collect(&sale).await;
        shop.all_is_settled().await;
    }

    async fn the_poll_finds_what_the_stream_never_told(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.node.be_strict();
        let sale = shop.charge(50_000).await;
        shop.node.pay(&shop.shown(&sale).await);
        shop.hear().await;
        assert_eq!(shop.sale(&sale).await.state, "open", "a strict node tells nothing of before");
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.all_is_settled().await;
    }

    async fn a_silent_node_of_one_shop_holds_up_no_other(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        for _ in 0..4 {
            shop.charge(50_000).await;
            shop.node.next(Call::Status, Fault::Hang);
        }
        let sale = other.charge(50_000).await;
        other.node.pay(&other.shown(&sale).await);
        shop.later(11);
        let looking = shop.clone();
        let round = tokio::spawn(async move { looking.look().await });
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(4);
        while other.sale(&sale).await.state != "paid" {
            assert!(std::time::Instant::now() < deadline, "it waits for another shop's node");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        round.abort();
        other.all_is_settled().await;
    }
}
