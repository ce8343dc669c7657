//! One earning for each sale, whatever pays it and whatever repeats.

use pos_server::domain::points::{HappyHour, Reward, Rules, Tier, Worth};

use super::hands::tenth;
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn a_card_that_pays_earns_and_the_books_say_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let mut chip = shop.card_with(500_000).await;
        let sale = shop.charge(120_050).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        assert_eq!(shop.held().await, (120, 0), "rounded down");
        let earning = shop.earning(&sale).await;
        assert_eq!((earning.state.as_str(), earning.net, earning.times), ("earned", 120_050, 1));
        assert_eq!(shop.used(&programme).await, (0, 120));
        let story = shop.story(&sale).await;
        assert!(story.ends_with(&["sale.paid".into(), "points.earned".into()]), "{story:?}");
        shop.points_are_right().await;
        shop.cards_are_right().await;
    }

    async fn a_tap_on_an_open_sale_promises_and_any_money_makes_it_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(1_000)).await;
        let mut chip = shop.chip().await;
        let (cash, lightning) = (shop.charge(100_000).await, shop.charge(50_000).await);
        shop.collects(&cash, &chip.tap()).await.unwrap();
        shop.collects(&lightning, &chip.tap()).await.unwrap();
        assert_eq!((shop.held().await, shop.used(&programme).await), ((0, 0), (150, 0)));
        shop.points_are_right().await;
        shop.cash(&cash, 100_000).await.unwrap();
        assert_eq!((shop.held().await, shop.used(&programme).await), ((100, 0), (50, 100)));
        shop.node.pay(&shop.shown(&lightning).await);
        shop.hear().await;
        assert_eq!((shop.held().await, shop.used(&programme).await), ((150, 0), (0, 150)));
        assert_eq!(shop.budget(&programme).await.left(), Some(850));
        shop.points_are_right().await;
    }

    async fn a_tap_shortly_after_it_was_paid_earns_at_once_and_a_late_one_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(100_000).await;
        shop.cash(&sale, 100_000).await.unwrap();
        shop.later(14 * 60);
        shop.collects(&sale, &chip.tap()).await.unwrap();
        assert_eq!(shop.held().await, (100, 0));
        let late = shop.charge(100_000).await;
        shop.cash(&late, 100_000).await.unwrap();
        shop.later(16 * 60);
        let words = shop.collects_not(&late, &chip.tap()).await;
        assert!(words.contains("too long ago"), "{words}");
        assert_eq!(shop.held().await, (100, 0));
        shop.points_are_right().await;
    }

    async fn the_first_card_wins_and_the_same_again_changes_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let (mut first, mut second) = (shop.chip().await, shop.chip().await);
        let sale = shop.charge(100_000).await;
        shop.collects(&sale, &first.tap()).await.unwrap();
        let words = shop.collects_not(&sale, &second.tap()).await;
        assert!(words.starts_with("Another card collects"), "{words}");
        shop.collects(&sale, &first.tap()).await.unwrap();
        shop.cash(&sale, 100_000).await.unwrap();
        for _ in 0..3 {
            shop.collects(&sale, &first.tap()).await.unwrap();
        }
        assert_eq!((shop.held().await, shop.used(&programme).await), ((100, 0), (0, 100)));
        assert_eq!(shop.points_moves().await.len(), 1);
        shop.points_are_right().await;
    }

    async fn a_card_that_pays_for_another_ones_sale_leaves_the_points_to_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut payer = shop.card_with(500_000).await;
        let mut friend = shop.chip().await;
        let sale = shop.charge(100_000).await;
        shop.collects(&sale, &friend.tap()).await.unwrap();
        shop.tap(&sale, &payer.tap()).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.held().await, (100, 0));
        shop.points_are_right().await;
    }

    async fn one_satoshi_earns_nothing_however_often(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let rules = Rules { rate_bp: 200, worth: Worth::Sat(1), sign_up: 50, ..Rules::default() };
        let programme = shop.programme(rules, Some(1_000)).await;
        let mut chip = shop.chip().await;
        for _ in 0..5 {
            let sale = shop.charge(13).await;
            shop.collects(&sale, &chip.tap()).await.unwrap();
            shop.node.pay(&shop.shown(&sale).await);
            shop.hear().await;
            let earning = shop.earning(&sale).await;
            assert_eq!((earning.state.as_str(), earning.all()), ("earned", 0), "no bonus either");
            assert_eq!(earning.why, "small");
        }
        assert_eq!((shop.held().await, shop.used(&programme).await), ((0, 0), (0, 0)));
        shop.points_are_right().await;
    }

    async fn points_worth_satoshi_go_by_the_price_that_was_frozen_on_the_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let rules = Rules { rate_bp: 1_000, worth: Worth::Sat(1), ..Rules::default() };
        shop.programme(rules, None).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(1_000_000).await;
        let asked = shop.last_offer(&sale).await.asked_msat;
        shop.collects(&sale, &chip.tap()).await.unwrap();
        shop.cash(&sale, 1_000_000).await.unwrap();
        let tenth = asked / 10_000;
        let held = shop.held().await.0;
        assert!((tenth - 1..=tenth).contains(&held), "{held} of {tenth}");
        shop.points_are_right().await;
    }

    async fn hours_tiers_and_bonuses_add_to_a_purchase(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        // It is Wednesday, at noon.
        let hour = HappyHour { days: 1 << 2, from: 720, to: 780, reward: Reward::TimesBp(20_000) };
        let rules = Rules {
            hours: vec![hour],
            tiers: vec![Tier { spent: 100_000, times_bp: 15_000 }],
            sign_up: 7,
            birthday: 30,
            ..tenth()
        };
        let programme = shop.programme(rules, Some(1_000)).await;
        let mut chip = shop.chip().await;
        let first = shop.buys(&mut chip, 100_000).await;
        let earning = shop.earning(&first).await;
        assert_eq!((earning.points, earning.sign_up, earning.birthday), (200, 7, 0));
        let card = shop.app().db.card(&shop.points().await.card_id).await.unwrap().unwrap();
        let mut tx = shop.app().db.begin().await.unwrap();
        let mut points = tx.lock_points(&card, shop.app().now()).await.unwrap();
        points.birthday = Some("11-18".into());
        tx.save_points(&points).await.unwrap();
        tx.commit().await.unwrap();
        let second = shop.buys(&mut chip, 100_000).await;
        let earning = shop.earning(&second).await;
        assert_eq!((earning.points, earning.sign_up, earning.birthday), (300, 0, 30));
        shop.later(3_600);
        let third = shop.buys(&mut chip, 100_000).await;
        let earning = shop.earning(&third).await;
        assert_eq!((earning.points, earning.birthday), (150, 0), "once a year, and the hour is over");
        assert_eq!(shop.used(&programme).await, (0, 687));
        shop.points_are_right().await;
    }

    async fn a_store_without_a_programme_gives_nothing_and_says_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let sale = shop.charge(100_000).await;
        assert_eq!(shop.collects_not(&sale, &chip.tap()).await, "No points are given here.");
        shop.tap(&sale, &chip.tap()).await.unwrap();
        assert!(shop.app().db.earning(&sale).await.unwrap().is_none());
        let branch = shop.branch().await;
        shop.programme(tenth(), None).await;
        let there = branch.charge(100_000).await;
        let words = branch.collects_not(&there, &chip.tap()).await;
        assert_eq!(words, "No points are given here.", "each store takes part by itself");
    }
}
