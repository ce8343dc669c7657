//! Campaigns: their own rate, budget and end, whatever pays.

use super::hands::tenth;
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn an_event_holds_for_every_way_to_pay(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let event = shop.event(2_000, 10_000, |_| {}).await;
        let mut chip = shop.card_with(500_000).await;
        shop.buys(&mut chip, 100_000).await;
        let lightning = shop.charge(100_000).await;
        shop.collects(&lightning, &chip.tap()).await.unwrap();
        shop.node.pay(&shop.shown(&lightning).await);
        shop.hear().await;
        let by_card = shop.charge(100_000).await;
        shop.tap(&by_card, &chip.tap()).await.unwrap();
        let after = shop.charge(100_000).await;
        shop.cash(&after, 100_000).await.unwrap();
        shop.collects(&after, &chip.tap()).await.unwrap();
        assert_eq!(shop.held().await, (800, 0));
        assert_eq!((shop.used(&event).await, shop.used(&programme).await), ((0, 800), (0, 0)));
        shop.points_are_right().await;
    }

    async fn of_two_that_overlap_the_better_one_counts_never_both(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let small = shop.event(500, 1_000, |_| {}).await;
        let large = shop.event(3_000, 300, |_| {}).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 100_000).await;
        assert_eq!(shop.held().await, (300, 0));
        shop.buys(&mut chip, 100_000).await;
        assert_eq!(shop.held().await, (400, 0), "used up: the programme’s own is the best then");
        assert_eq!(shop.used(&small).await, (0, 0));
        assert_eq!((shop.used(&large).await, shop.used(&programme).await), ((0, 300), (0, 100)));
        shop.points_are_right().await;
    }

    async fn it_begins_ends_and_stops_on_time_and_only_in_its_stores(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let elsewhere = format!("[\"{}\"]", shop.branch().await.store.id);
        shop.event(9_000, 10_000, |event| event.stores = elsewhere).await;
        let event = shop.event(2_000, 10_000, |event| {
            event.from_ms += 3_600_000;
            event.to_ms = event.from_ms + 3_600_000;
        }).await;
        let mut chip = shop.chip().await;
        let mut gained = Vec::new();
        for seconds in [0, 3_599, 1, 3_599, 1] {
            shop.later(seconds);
            let sale = shop.buys(&mut chip, 10_000).await;
            gained.push(shop.earning(&sale).await.points);
        }
        assert_eq!(gained, [10, 10, 20, 20, 10]);
        let other = shop.event(2_000, 10_000, |_| {}).await;
        let open = shop.charge(10_000).await;
        shop.collects(&open, &chip.tap()).await.unwrap();
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.stop_event(&shop.store.merchant_id, &other, shop.app().now()).await.unwrap());
        assert!(!tx.stop_event(&shop.store.merchant_id, &other, shop.app().now()).await.unwrap());
        tx.commit().await.unwrap();
        shop.cash(&open, 10_000).await.unwrap();
        assert_eq!(shop.earning(&open).await.points, 20, "what was promised stands");
        let last = shop.buys(&mut chip, 10_000).await;
        assert_eq!(shop.earning(&last).await.points, 10);
        assert_eq!(shop.used(&event).await, (0, 40));
        shop.points_are_right().await;
    }

    async fn it_ends_with_so_many_customers_and_gives_none_more_than_his_share(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let event = shop.event(2_000, 10_000, |event| {
            (event.most_cards, event.most_per_card) = (Some(2), Some(250));
        }).await;
        let mut chips = [shop.chip().await, shop.chip().await, shop.chip().await];
        let mut gained = Vec::new();
        for chip in [0, 1, 2, 0, 0] {
            let sale = shop.buys(&mut chips[chip], 100_000).await;
            gained.push(shop.earning(&sale).await.points);
        }
        // The third customer comes too late; the first has 50 left, where the programme gives more.
        assert_eq!(gained, [200, 200, 100, 100, 100]);
        let small = shop.buys(&mut chips[1], 40_000).await;
        assert_eq!(shop.earning(&small).await.points, 50, "his last by the event");
        assert_eq!(shop.used(&event).await, (0, 450));
        assert_eq!(shop.app().db.event_cards(&event).await.unwrap(), 2);
        shop.points_are_right().await;
    }
}
