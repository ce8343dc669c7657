//! Budgets, caps, and walls.

use pos_server::domain::points::{Rules, TapRule};
use pos_server::points;

use super::hands::tenth;
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn caps_go_by_the_card_and_by_the_day_in_the_store(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let rules =
            Rules { cap_sale: Some(80), cap_day: Some(100), cap_card: Some(150), ..tenth() };
        shop.programme(rules, None).await;
        let mut chip = shop.chip().await;
        let mut gained = Vec::new();
        for hours in [0, 1, 24, 1] {
            shop.later(hours * 3_600);
            let sale = shop.buys(&mut chip, 100_000).await;
            let earning = shop.earning(&sale).await;
            gained.push((earning.points, earning.why));
        }
        let said: Vec<_> = gained.iter().map(|(points, why)| (*points, why.as_str())).collect();
        assert_eq!(said, [(80, "cap_sale"), (20, "cap_day"), (50, "cap_card"), (0, "cap_card")]);
        shop.points_are_right().await;
    }

    async fn promises_count_for_caps_as_what_was_earned_does(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(Rules { cap_day: Some(100), ..tenth() }, None).await;
        let mut chip = shop.chip().await;
        let (first, second) = (shop.charge(80_000).await, shop.charge(80_000).await);
        shop.collects(&first, &chip.tap()).await.unwrap();
        shop.collects(&second, &chip.tap()).await.unwrap();
        assert_eq!(shop.earning(&second).await.points, 20);
        shop.cash(&second, 80_000).await.unwrap();
        shop.cash(&first, 80_000).await.unwrap();
        assert_eq!(shop.held().await, (100, 0));
        shop.points_are_right().await;
    }

    async fn a_budget_is_never_promised_twice_and_what_is_freed_can_be_promised_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(120)).await;
        let mut chip = shop.chip().await;
        let (first, second) = (shop.charge(100_000).await, shop.charge(100_000).await);
        shop.collects(&first, &chip.tap()).await.unwrap();
        shop.collects(&second, &chip.tap()).await.unwrap();
        let dry = shop.earning(&second).await;
        assert_eq!((dry.points, dry.why.as_str()), (0, "no_budget"));
        shop.void(&first).await.unwrap();
        assert_eq!((shop.earning(&first).await.state.as_str(), shop.used(&programme).await), ("released", (0, 0)));
        let third = shop.charge(120_000).await;
        shop.collects(&third, &chip.tap()).await.unwrap();
        assert_eq!(shop.used(&programme).await, (120, 0));
        shop.cash(&third, 120_000).await.unwrap();
        shop.cash(&second, 100_000).await.unwrap();
        assert_eq!((shop.held().await, shop.used(&programme).await), ((120, 0), (0, 120)));
        shop.points_are_right().await;
    }

    async fn a_sale_that_is_walked_away_from_frees_what_was_promised(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(1_000)).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(100_000).await;
        shop.collects(&sale, &chip.tap()).await.unwrap();
        shop.later(86_401);
        shop.settle_down().await;
        assert!(pos_server::till::void::void_abandoned(shop.app(), &sale).await.unwrap());
        assert_eq!(shop.used(&programme).await, (0, 0));
        shop.points_are_right().await;
    }

    async fn the_owner_cannot_set_a_budget_below_what_is_promised_and_given(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 100_000).await;
        for (most, fits) in [(Some(99), false), (Some(100), true), (None, true), (Some(500), true)] {
            let (store, now) = (&shop.store, shop.app().now());
            let mut tx = shop.app().db.begin().await.unwrap();
            let merchant = &store.merchant_id;
            let set = points::set_limit(&mut tx, &programme, merchant, &store.id, most, now).await;
            assert_eq!(set.unwrap(), fits, "{most:?}");
            if fits {
                tx.commit().await.unwrap();
            }
            shop.points_are_right().await;
        }
    }

    async fn another_merchants_card_earns_nothing_and_is_told_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        for shop in [&shop, &other] {
            shop.programme(tenth(), None).await;
        }
        let mut chip = other.chip().await;
        let theirs = other.buys(&mut chip, 100_000).await;
        assert_eq!(other.earning(&theirs).await.points, 100);
        let sale = shop.charge(100_000).await;
        let words = shop.collects_not(&sale, &chip.tap()).await;
        assert_eq!(words, "This card is another shop’s. It has no points here.");
        assert_eq!(shop.sale(&sale).await.card_id, None);
        let link = chip.tap();
        let words = shop.by_points(&sale, &link).await.unwrap_err().to_string();
        assert_eq!(words, "This card is another shop’s. It has no points here.");
        assert_eq!(shop.last_offer(&sale).await.state, "offered", "the code stays");
        for shop in [&shop, &other] {
            shop.points_are_right().await;
        }
    }

    async fn practice_and_real_never_mix(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 100_000).await;
        // The store turns real: its practice card is none of it, and no row can say otherwise.
        let mut real = shop.clone();
        real.store.money = "real".into();
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.remove_connection(&shop.connection.id).await.unwrap();
        tx.set_store_money(&shop.store.id, "real").await.unwrap();
        tx.commit().await.unwrap();
        assert!(real.app().db.programme(&real.store.merchant_id, "real").await.unwrap().is_none());
        real.programme(tenth(), None).await;
        let sale = real.charge(100_000).await;
        let words = real.collects_not(&sale, &chip.tap()).await;
        assert!(words.starts_with("Practice and real do not mix"), "{words}");
        let words = real.by_points(&sale, &chip.tap()).await.unwrap_err().to_string();
        assert!(words.starts_with("Practice and real do not mix"), "{words}");
        real.cash(&sale, 100_000).await.unwrap();
        assert!(real.app().db.earning(&sale).await.unwrap().is_none());
        assert_eq!(shop.held().await, (100, 0));
    }

    async fn a_tap_alone_gives_points_only_if_the_owner_says_so_and_the_card_rested(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let tap = TapRule { points: 5, per_day: 2, apart_minutes: 60 };
        let mut counter = 0;
        let mut gained = Vec::new();
        shop.chip().await;
        let card = shop.app().db.card(&shop.last_card().await).await.unwrap().unwrap();
        for (minutes, rule) in
            [(0, None), (0, Some(tap)), (59, Some(tap)), (1, Some(tap)), (120, Some(tap)), (1_440, Some(tap))]
        {
            shop.later(minutes * 60);
            shop.programme(Rules { tap: rule, cap_card: Some(12), ..tenth() }, Some(100)).await;
            counter += 1;
            let running = points::running_at(&shop.app().db, &shop.store).await.unwrap().unwrap();
            let (mut tx, now) = (shop.app().db.begin().await.unwrap(), shop.app().now());
            let name = format!("{}:1:{counter}", card.id);
            let given = points::tap(&mut tx, &running, &shop.store, &card, &name, "Keisha", now);
            gained.push(given.await.unwrap().map_or(0, |given| given.points));
            tx.commit().await.unwrap();
        }
        assert_eq!(gained, [0, 5, 0, 5, 0, 0], "rested, twice a day, and within the caps");
        assert_eq!(shop.held().await, (10, 0));
        shop.points_are_right().await;
    }
}
