//! Cards that may have been copied: what says so, and what does not.

use futures_util::future::join_all;
use pos_server::till::card;
use pos_server::till::card::Tapped;
use pos_server::till::once::Once;

use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

const ALARMED: &str =
    "This card may have been copied, so it is frozen. A manager can look into it.";

on_both! {
    async fn an_older_tap_that_nobody_saw_raises_the_alarm_and_freezes(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (older, newer) = (chip.tap(), chip.tap());
        let (first, second) = (shop.charge(10_000).await, shop.charge(10_000).await);
        shop.tap(&first, &newer).await.unwrap();
        assert_eq!(shop.refused(&second, &older).await, "Tapped twice. Take the card away, and tap it again.");
        assert_eq!(shop.refused(&second, &chip.tap()).await, ALARMED);
        let alarms = shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap();
        assert_eq!(alarms.len(), 1);
        assert_eq!((&*alarms[0].kind, alarms[0].froze), ("older_tap", 1));
        assert_eq!(alarms[0].detail, "Tap 2 came after tap 3.");
        assert!(shop.logged().await.contains(&"card.alarm".into()));
        let id = shop.card().await.id;
        assert!(card::thaw(shop.app(), &shop.cashier(), &id).await.is_err(), "a cashier does not thaw");
        card::thaw(shop.app(), &shop.manager(), &id).await.unwrap();
        assert!(shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap().is_empty());
        shop.tap(&second, &chip.tap()).await.unwrap();
        shop.cards_are_right().await;
    }

    async fn the_same_tap_again_is_no_alarm_whoever_sends_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (link, sale, other) = (chip.tap(), shop.charge(10_000).await, shop.charge(10_000).await);
        let once = Once::new("tap", &key(), &[&link]).unwrap();
        for _ in 0..3 {
            let tapped = Tapped { link: &link, pin: None };
            card::pay(shop.app(), &shop.at(0), &sale, tapped, &once).await.unwrap();
        }
        let later = shop.charge(10_000).await;
        shop.tap(&later, &chip.tap()).await.unwrap();
        // The page that asked first asks again, and a browser opens its last page.
        let tapped = Tapped { link: &link, pin: None };
        card::pay(shop.app(), &shop.at(0), &sale, tapped, &once).await.unwrap();
        shop.refused(&other, &link).await;
        shop.refused(&other, &link.to_lowercase()).await;
        let forged = chip.with_k2([9; 16]).at(1);
        shop.refused(&other, &forged).await;
        assert!(shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap().is_empty());
        assert_eq!(shop.card().await.state, "active");
    }

    async fn two_stores_within_minutes_raise_it_and_one_after_the_other_does_not(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let branch = shop.branch().await;
        let mut chip = shop.card_with(500_000).await;
        shop.later(181);
        let sale = branch.charge(10_000).await;
        branch.tap(&sale, &chip.tap()).await.unwrap();
        shop.later(60);
        let back = shop.charge(10_000).await;
        assert_eq!(shop.refused(&back, &chip.tap()).await, ALARMED);
        let alarms = shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap();
        assert_eq!((alarms.len(), &*alarms[0].kind), (1, "two_places"));
        assert_eq!(alarms[0].detail, "Tapped at two stores within 60 seconds.");
    }

    async fn by_policy_it_only_warns(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.only_warn().await;
        let branch = shop.branch().await;
        let mut chip = shop.card_with(500_000).await;
        let sale = branch.charge(10_000).await;
        branch.tap(&sale, &chip.tap()).await.unwrap();
        assert_eq!(branch.sale(&sale).await.state, "paid");
        let alarms = shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap();
        assert_eq!((alarms.len(), alarms[0].froze), (1, 0));
    }

    async fn every_tap_is_kept_before_it_is_judged_and_its_link_never(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (sale, link) = (shop.charge(10_000).await, chip.tap());
        let forged = chip.with_k2([9; 16]).tap();
        shop.refused(&sale, &forged).await;
        shop.refused(&sale, "nothing").await;
        shop.tap(&sale, &link).await.unwrap();
        shop.refused(&sale, &chip.tap()).await;
        let id = shop.card().await.id;
        let taps = shop.app().db.card_taps(&id, 99).await.unwrap();
        let outcomes: Vec<_> = taps.iter().rev().map(|tap| tap.outcome.as_str()).collect();
        assert_eq!(outcomes, ["topped up", "paid", "no sale"]);
        let p = link.split("p=").nth(1).unwrap().split('&').next().unwrap().to_lowercase();
        for tap in &taps {
            assert!(!format!("{tap:?}").to_lowercase().contains(&p));
            assert_eq!(tap.link_hash.len(), 64);
        }
        // What proved nothing is swept, what a card did is kept.
        shop.later(48 * 3_600);
        let swept = shop.app().db.sweep_card_taps(shop.app().now()).await.unwrap();
        assert_eq!(swept, 2);
        assert_eq!(shop.app().db.card_taps(&id, 99).await.unwrap(), taps);
    }

    async fn racing_taps_of_one_counter_raise_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let chip = shop.card_with(500_000).await;
        let mut tries = Vec::new();
        let link = chip.at(2);
        for _ in 0..32 {
            tries.push(shop.charge(10_000).await);
        }
        let won = join_all(tries.iter().map(|sale| shop.tap(sale, &link))).await;
        assert_eq!(won.into_iter().filter(Result::is_ok).count(), 1);
        assert!(shop.app().db.open_card_alarms(&shop.store.merchant_id).await.unwrap().is_empty());
        shop.cards_are_right().await;
    }
}
