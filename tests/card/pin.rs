//! The PIN: asked from an amount up, tried three times, and once with each tap.

use futures_util::future::join_all;
use pos_server::card::pin;
use pos_server::till::{TillError, card};

use super::hands::HIGH;
use crate::on_both;
use crate::sale::shop::Shop;

const RIGHT: &str = "2580";
const WRONG: &str = "1470";
const BLOCKED: &str = "PIN is blocked: a manager can reset it.";

on_both! {
    async fn a_pin_is_asked_from_its_amount_up_and_the_tap_waits_for_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let probe = shop.charge(100_000).await;
        shop.give_pin(RIGHT, shop.last_offer(&probe).await.asked_msat).await;
        let small = shop.charge(50_000).await;
        shop.tap(&small, &chip.tap()).await.unwrap();
        let (large, link, before) = (shop.charge(100_000).await, chip.tap(), shop.card().await);
        assert!(matches!(shop.tap(&large, &link).await, Err(TillError::PinNeeded)));
        assert_eq!(shop.card().await, before, "the tap is not used up");
        assert_eq!(shop.last_offer(&large).await.state, "offered", "nor the code ended");
        shop.tap_with(&large, &link, RIGHT).await.unwrap();
        assert_eq!(shop.sale(&large).await.state, "paid");
        let card = shop.card().await;
        assert_eq!(card.pin_failed, 0);
        let hash = card.pin_hash.unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains(RIGHT));
        shop.cards_are_right().await;
    }

    async fn a_wrong_pin_uses_the_tap_up_and_three_block_it_until_a_manager_resets_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        shop.give_pin(RIGHT, 0).await;
        let sale = shop.charge(100_000).await;
        let balance = shop.card().await.balance_msat;
        let mut said = Vec::new();
        for _ in 0..4 {
            let link = chip.tap();
            said.push(shop.tap_with(&sale, &link, WRONG).await.unwrap_err().to_string());
            let again = shop.tap_with(&sale, &link, RIGHT).await.unwrap_err().to_string();
            assert_eq!(again, "Tapped twice. Take the card away, and tap it again.");
        }
        assert_eq!(said[0], "Wrong PIN: two tries left. Tap the card again.");
        assert_eq!(said[1], "Wrong PIN: one try left. Tap the card again.");
        assert_eq!((&*said[2], &*said[3]), (BLOCKED, BLOCKED));
        let blocked = shop.tap_with(&sale, &chip.tap(), RIGHT).await.unwrap_err().to_string();
        assert_eq!(blocked, BLOCKED, "even the right one");
        let id = shop.card().await.id;
        let words = card::reset_pin(shop.app(), &shop.cashier(), &id).await.unwrap_err().to_string();
        assert!(words.starts_with("A manager must allow this"), "{words}");
        card::reset_pin(shop.app(), &shop.manager(), &id).await.unwrap();
        assert!(shop.logged().await.contains(&"card.pin_reset".into()));
        assert_eq!(shop.card().await.balance_msat, balance);
        shop.tap_with(&sale, &chip.tap(), RIGHT).await.unwrap();
        shop.cards_are_right().await;
    }

    async fn a_right_pin_begins_the_count_anew_even_when_nothing_is_paid(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        shop.give_pin(RIGHT, 0).await;
        let sale = shop.charge(100_000).await;
        for _ in 0..4 {
            shop.tap_with(&sale, &chip.tap(), WRONG).await.unwrap_err();
            shop.tap_with(&sale, &chip.tap(), WRONG).await.unwrap_err();
            let other = shop.charge(10_000).await;
            shop.tap_with(&other, &chip.tap(), RIGHT).await.unwrap();
        }
        assert_eq!(shop.card().await.pin_failed, 0);
    }

    async fn many_wrong_pins_at_once_are_three_tries(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        shop.give_pin(RIGHT, 0).await;
        let mut tries = Vec::new();
        for _ in 0..32 {
            tries.push((shop.charge(10_000).await, chip.tap()));
        }
        let asked = tries.iter().map(|(sale, link)| shop.tap_with(sale, link, WRONG));
        let said: Vec<_> =
            join_all(asked).await.into_iter().map(|no| no.unwrap_err().to_string()).collect();
        let looked_at = said.iter().filter(|words| words.starts_with("Wrong PIN")).count();
        assert!(looked_at <= 2, "the third blocks: {said:?}");
        // A tap that a newer one overtook is refused before its PIN is looked at.
        let failed = shop.card().await.pin_failed;
        assert!((1..=3).contains(&failed), "{failed} tries were counted: {said:?}");
    }

    async fn one_tap_is_one_try_however_many_ask_with_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        shop.give_pin(RIGHT, 0).await;
        let (sale, link) = (shop.charge(10_000).await, chip.tap());
        let pins = ["1111", "2222", "3333", "4444", "5555", "6666", "7777", "8888"];
        join_all(pins.map(|pin| shop.tap_with(&sale, &link, pin))).await;
        assert_eq!(shop.card().await.pin_failed, 1);
        assert_eq!(shop.sale(&sale).await.state, "open");
    }

    async fn a_pin_that_was_changed_meanwhile_pays_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        shop.give_pin(RIGHT, 0).await;
        let old = shop.card().await.pin_hash;
        shop.give_pin("9513", 0).await;
        let (sale, _) = (shop.charge(10_000).await, chip.tap());
        let card = shop.card().await;
        let spend = pos_server::db::card::Spend {
            card_id: card.id.clone(),
            version: 1,
            counter: 9,
            msat: 1_000,
            day: "2026-11-21".into(),
            merchant_id: shop.store.merchant_id.clone(),
            sale_id: sale,
            pin: old,
        };
        let mut tx = shop.app().db.begin().await.unwrap();
        let now = shop.app().now();
        assert_eq!(tx.spend_from_card(&spend, now).await.unwrap(), None);
        let none = pos_server::db::card::Spend { pin: None, ..spend.clone() };
        assert_eq!(tx.spend_from_card(&none, now).await.unwrap(), None);
        let right = pos_server::db::card::Spend { pin: card.pin_hash, ..spend };
        assert!(tx.spend_from_card(&right, now).await.unwrap().is_some());
    }

    async fn what_is_no_pin_is_not_counted_and_a_card_without_one_asks_for_none(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let sale = shop.charge(10_000).await;
        shop.tap_with(&sale, &chip.tap(), "").await.unwrap();
        shop.give_pin(RIGHT, HIGH).await;
        let free = shop.charge(10_000).await;
        shop.tap_with(&free, &chip.tap(), WRONG).await.unwrap();
        shop.give_pin(RIGHT, 0).await;
        let (sale, link) = (shop.charge(10_000).await, chip.tap());
        for junk in ["12", "12345", "12a4", "١٢٣٤"] {
            let words = shop.tap_with(&sale, &link, junk).await.unwrap_err().to_string();
            assert_eq!(words, "A PIN is four digits.");
        }
        assert_eq!(shop.card().await.pin_failed, 0);
        assert!(pin::needed(&shop.card().await, 1));
        shop.tap_with(&sale, &link, RIGHT).await.unwrap();
        shop.give_pin("", 0).await;
        let sale = shop.charge(10_000).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
    }
}
