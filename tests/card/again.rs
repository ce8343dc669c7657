//! A card's later lives: written again, wiped, begun anew.

use pos_server::access::token;
use pos_server::db::card::{Card, CardWipe};

use super::chip::Chip;
use super::hands::{HIGH, reason, serial};
use crate::on_both;
use crate::sale::shop::Shop;

fn written(chip: &Chip, body: &str) -> Chip {
    Chip::written(*chip.uid(), &serde_json::from_str(body).unwrap())
}

/// A manager asks for a card's keys; answers the one-time token.
async fn ask_to_wipe(shop: &Shop, card: &Card) -> String {
    let secret = token::random();
    let wipe = CardWipe {
        token_hash: token::hash(&secret),
        card_id: card.id.clone(),
        merchant_id: card.merchant_id.clone(),
        who: "Ivy".into(),
        expires_ms: shop.app().now().0 + 600_000,
        used_ms: None,
    };
    let mut tx = shop.app().db.begin().await.unwrap();
    tx.add_card_wipe(&wipe).await.unwrap();
    tx.commit().await.unwrap();
    format!("wipe/{secret}")
}

on_both! {
    async fn a_card_written_again_keeps_its_money_and_its_old_keys_end_with_the_first_new_tap(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut old = shop.card_with(500_000).await;
        let card = shop.card().await;
        let leave = shop.leave_again(&card).await;
        let first = shop.program(&leave, serial(old.uid())).await;
        first.is(200);
        assert_eq!(shop.program(&leave, serial(old.uid())).await.body, first.body, "a lost answer");
        // The app got the keys; the chip still has the old ones, and its holder pays with them.
        let sale = shop.charge(10_000).await;
        shop.tap(&sale, &old.tap()).await.unwrap();
        assert_eq!(shop.card().await.version, 1);
        let mut new = written(&old, &first.body);
        let sale = shop.charge(10_000).await;
        shop.tap(&sale, &new.tap()).await.unwrap();
        let now = shop.card().await;
        assert_eq!((now.version, now.counter, now.next_version), (2, 1, None));
        assert_eq!(now.label, card.label);
        let sale = shop.charge(10_000).await;
        for _ in 0..2 {
            assert_eq!(shop.refused(&sale, &old.tap()).await, "This tap is not genuine.");
        }
        shop.tap(&sale, &new.tap()).await.unwrap();
        assert!(shop.logged().await.contains(&"card.programmed_again".into()));
        // The leave is used up with that.
        shop.program(&leave, serial(old.uid())).await.is(409);
        shop.cards_are_right().await;
    }

    async fn a_leave_to_write_again_is_for_that_very_card(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let chip = shop.card_with(500_000).await;
        let card = shop.card().await;
        let leave = shop.leave_again(&card).await;
        let other = shop.program(&leave, serial(&Chip::serial())).await;
        other.is(409);
        assert_eq!(reason(&other), "This code is for another card.");
        assert_eq!(shop.card().await, card, "nothing changed");
        shop.program(&leave, serial(chip.uid())).await.is(200);
        let plain = shop.leave(HIGH, HIGH).await;
        assert_eq!(reason(&shop.program(&plain, serial(chip.uid())).await), "This card is set up already.");
    }

    async fn a_wiped_card_is_gone_and_its_chip_begins_anew_by_other_keys(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let sale = shop.charge(10_000).await;
        shop.refused(&sale, &chip.tap()).await;
        shop.give_pin("2580", 0).await;
        let card = shop.card().await;
        let wipe = ask_to_wipe(&shop, &card).await;
        assert_eq!(reason(&shop.program(&wipe, serial(&Chip::serial())).await), "This code’s time is over, or it is for another card.");
        let link = serde_json::json!({ "LNURLW": chip.tap() }).to_string();
        let keys = shop.program(&wipe, link).await;
        keys.is(200);
        let said: serde_json::Value = serde_json::from_str(&keys.body).unwrap();
        assert_eq!(said["K1"].as_str().unwrap(), chip.k1());
        assert_eq!(shop.program(&wipe, serial(chip.uid())).await.body, keys.body, "by serial number too");
        assert_eq!(shop.card().await.state, "gone");
        assert_eq!(shop.refused(&sale, &chip.tap()).await, "This card is not in use any more.");
        let leave = shop.leave(HIGH, HIGH).await;
        let answer = shop.program(&leave, serial(chip.uid())).await;
        answer.is(200);
        let mut anew = written(&chip, &answer.body);
        let card = shop.card().await;
        assert_eq!((card.state.as_str(), card.version, card.counter), ("new", 2, -1));
        assert_eq!(card.pin_hash, None, "another holder's card");
        assert_eq!(shop.refused(&sale, &chip.tap()).await, "This tap is not genuine.");
        shop.put(100_000, &anew.tap()).await.unwrap();
        let what = shop.logged().await;
        assert_eq!(what.iter().filter(|what| *what == "card.keys_given_out").count(), 1);
        shop.cards_are_right().await;
    }

    async fn a_card_with_money_is_not_wiped_and_a_leave_ends_in_ten_minutes(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let chip = shop.card_with(500_000).await;
        let card = shop.card().await;
        let wipe = ask_to_wipe(&shop, &card).await;
        let no = shop.program(&wipe, serial(chip.uid())).await;
        no.is(409);
        assert_eq!(reason(&no), "There is money on this card. Move it to another card first.");
        assert_eq!(shop.card().await, card);
        for junk in ["{}", "[]", "{\"UID\":\"04\"}", "{\"LNURLW\":\"lnurlw://x?p=1\"}"] {
            assert!(shop.program(&wipe, junk.into()).await.status.is_client_error());
        }
        shop.later(601);
        shop.program(&wipe, serial(chip.uid())).await.is(404);
    }
}
