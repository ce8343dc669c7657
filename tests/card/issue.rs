//! Setting a card up: once, in time, and never a card that was tapped.

use super::chip::Chip;
use super::hands::{HIGH, reason, serial};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn an_app_gets_the_keys_of_a_chip_and_the_chip_is_a_card(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (token, uid) = (shop.leave(HIGH, HIGH).await, Chip::serial());
        let answer = shop.program(&token, serial(&uid)).await;
        answer.is(200);
        let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(said["LNURLW"].as_str().unwrap().starts_with("lnurlw://"), "LUD-17: {said}");
        assert_eq!(said["Version"], 1);
        let keys: std::collections::BTreeSet<_> =
            ["K0", "K1", "K2", "K3", "K4"].map(|name| said[name].as_str().unwrap()).into();
        assert_eq!(keys.len(), 5, "five keys, none like another");
        let card = shop.card().await;
        assert_eq!((card.state.as_str(), card.counter, card.balance_msat), ("new", -1, 0));
        assert!(!format!("{card:?}").to_lowercase().contains(&hex::encode(uid)), "no serial number");
        let mut chip = Chip::written(uid, &said);
        shop.put(100_000, &chip.tap()).await.unwrap();
        let card = shop.card().await;
        assert_eq!((card.state.as_str(), card.counter), ("active", 1));
        assert!(card.confirmed_ms.is_some());
        shop.cards_are_right().await;
    }

    async fn a_lost_answer_is_had_again_by_the_same_chip_alone(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (token, uid) = (shop.leave(HIGH, HIGH).await, Chip::serial());
        let first = shop.program(&token, serial(&uid)).await.body;
        assert_eq!(shop.program(&token, serial(&uid)).await.body, first);
        let other = shop.program(&token, serial(&Chip::serial())).await;
        other.is(404);
        assert_eq!(reason(&other), "This code was used, or its time is over. Make a new one.");
        shop.card().await;
    }

    async fn a_card_that_was_tapped_is_never_set_up_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (token, uid) = (shop.leave(HIGH, HIGH).await, Chip::serial());
        let said = shop.program(&token, serial(&uid)).await.body;
        let mut chip = Chip::written(uid, &serde_json::from_str(&said).unwrap());
        shop.put(100_000, &chip.tap()).await.unwrap();
        let before = shop.card().await;
        let fresh_leave = shop.leave(HIGH, HIGH).await;
        for token in [&token, &fresh_leave] {
            let answer = shop.program(token, serial(&uid)).await;
            answer.is(409);
            assert_eq!(reason(&answer), "This card is set up already.");
        }
        assert_eq!(shop.card().await, before);
        // The leave that was refused is still good for another chip.
        shop.program(&fresh_leave, serial(&Chip::serial())).await.is(200);
    }

    async fn a_code_is_good_for_ten_minutes_and_a_guess_for_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let token = shop.leave(HIGH, HIGH).await;
        shop.program("guess", serial(&Chip::serial())).await.is(404);
        for junk in ["", "{}", "{\"UID\":\"04\"}", "{\"UID\":\"zz112233445566\"}", "[1]"] {
            shop.program(&token, junk.into()).await.is(400);
        }
        shop.later(601);
        shop.program(&token, serial(&Chip::serial())).await.is(404);
        let cards = shop.app().db.cards(&shop.store.merchant_id, "practice").await.unwrap();
        assert!(cards.is_empty());
    }
}
