//! What does not pay, in words a cashier can say; and that it changes nothing.

use super::chip::Chip;
use super::hands::{HIGH, serial};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn a_forged_tap_changes_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (sale, before) = (shop.charge(100_000).await, shop.card().await);
        let forged = chip.with_k2([7; 16]).tap();
        assert_eq!(shop.refused(&sale, &forged).await, "This tap is not genuine.");
        let link = chip.tap();
        let flipped = link.replace(&link[link.len() - 1..], if link.ends_with('0') { "1" } else { "0" });
        assert_ne!(shop.refused(&sale, &flipped).await, "");
        let elsewhere = chip.with_k1([9; 16]).tap();
        assert_eq!(shop.refused(&sale, &elsewhere).await, "This is not our card.");
        for text in ["", "04A39493CC8680", "https://example.com/?p=1&c=2"] {
            assert_eq!(shop.refused(&sale, text).await, "This is not the link of a card.");
        }
        assert_eq!(shop.card().await, before, "not even the counter");
        assert_eq!(shop.last_offer(&sale).await.state, "offered");
        assert!(shop.payments(&sale).await.is_empty());
        shop.tap(&sale, &link).await.unwrap();
    }

    async fn a_chip_of_ours_that_was_never_issued_is_not_our_card(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(100_000).await;
        let mut blank = Chip::written(Chip::serial(), &serde_json::json!({
            "LNURLW": "lnurlw://127.0.0.1:8080/card", "K1": "00".repeat(16), "K2": "00".repeat(16),
        }));
        assert_eq!(shop.refused(&sale, &blank.tap()).await, "This is not our card.");
        let known = shop.card_with(100_000).await;
        let stranger = Chip::written(Chip::serial(), &serde_json::json!({
            "LNURLW": "lnurlw://127.0.0.1:8080/card", "K1": known.k1(), "K2": "00".repeat(16),
        }));
        assert_eq!(shop.refused(&sale, &stranger.at(5)).await, "This is not our card.");
    }

    async fn keys_of_another_version_prove_nothing(fresh: Fresh) {
        use pos_server::card::{Scheme, issuer};
        let shop = Shop::open(fresh).await;
        let (token, uid) = (shop.leave(HIGH, HIGH).await, Chip::serial());
        let said = shop.program(&token, serial(&uid)).await.body;
        let mut chip = Chip::written(uid, &serde_json::from_str(&said).unwrap());
        shop.put(500_000, &chip.tap()).await.unwrap();
        let (sale, before) = (shop.charge(100_000).await, shop.card().await);
        let issuer = issuer(&shop.app().db, &shop.app().seal).await.unwrap().unwrap();
        for version in [0, 2, 256] {
            let keys = issuer.card_keys(&uid, version, Scheme::Public);
            let link = chip.with_k2(*keys.k2).at(9);
            assert_eq!(shop.refused(&sale, &link).await, "This tap is not genuine.");
        }
        assert_eq!(shop.card().await, before);
    }

    async fn a_tap_is_used_once_and_an_older_one_never(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (older, link) = (chip.tap(), chip.tap());
        let (first, second) = (shop.charge(100_000).await, shop.charge(100_000).await);
        shop.tap(&first, &link).await.unwrap();
        shop.only_warn().await;
        let before = shop.card().await;
        for used in [&link, &older] {
            let words = shop.refused(&second, used).await;
            assert_eq!(words, "Tapped twice. Take the card away, and tap it again.");
        }
        assert_eq!(shop.card().await, before);
        shop.tap(&second, &chip.tap()).await.unwrap();
        shop.cards_are_right().await;
    }

    async fn a_refused_tap_cannot_be_shown_again_later(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let (sale, link) = (shop.charge(100_000).await, chip.tap());
        shop.refused(&sale, &link).await;
        shop.put(500_000, &chip.tap()).await.unwrap();
        assert!(shop.refused(&sale, &link).await.starts_with("Tapped twice"));
        shop.tap(&sale, &chip.tap()).await.unwrap();
    }

    async fn a_frozen_card_does_nothing_until_it_is_thawed(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (sale, card) = (shop.charge(100_000).await, shop.card().await);
        let (db, merchant) = (&shop.app().db, &shop.store.merchant_id);
        let mut tx = db.begin().await.unwrap();
        assert!(tx.freeze_card(merchant, &card.id, "staff").await.unwrap());
        tx.commit().await.unwrap();
        let frozen = "This card is frozen. Nothing was taken.";
        assert_eq!(shop.refused(&sale, &chip.tap()).await, frozen);
        assert_eq!(shop.put(100_000, &chip.tap()).await.unwrap_err().to_string(), frozen);
        assert_eq!(shop.card().await.balance_msat, card.balance_msat);
        let mut tx = db.begin().await.unwrap();
        assert!(tx.thaw_card(merchant, &card.id).await.unwrap());
        tx.commit().await.unwrap();
        shop.tap(&sale, &chip.tap()).await.unwrap();
    }

    async fn limits_hold_by_tap_and_by_day_and_a_new_day_begins_anew(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let probe = shop.charge(100_000).await;
        let price = shop.last_offer(&probe).await.asked_msat;
        let mut chip = shop.limited(price + price / 2, 2 * price).await;
        shop.put(1_000_000, &chip.tap()).await.unwrap();
        let big = shop.charge(200_000).await;
        let words = shop.refused(&big, &chip.tap()).await;
        assert!(words.starts_with("Over the card’s limit: at most J$1,500."), "{words}");
        for _ in 0..2 {
            let sale = shop.charge(100_000).await;
            shop.tap(&sale, &chip.tap()).await.unwrap();
        }
        let third = shop.charge(100_000).await;
        let words = shop.refused(&third, &chip.tap()).await;
        assert_eq!(words, "Over the card’s limit for today: J$0.00 is left of it.");
        shop.later(24 * 3_600);
        let tomorrow = shop.charge(100_000).await;
        shop.tap(&tomorrow, &chip.tap()).await.unwrap();
        assert_eq!(shop.card().await.spent_msat, price);
        shop.cards_are_right().await;
    }

    async fn another_merchants_card_is_asked_for_lightning_and_a_branchs_pays_in_the_books(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (neighbour, branch) = (shop.neighbour().await, shop.branch().await);
        let mut chip = shop.card_with(500_000).await;
        shop.later(7_200);
        let there = neighbour.charge(100_000).await;
        // This node's codes are no invoices: see `strange::neighbour` for those that are.
        let words = neighbour.refused(&there, &chip.tap()).await;
        assert_eq!(words, "There is no Lightning code for a card to pay.");
        let put = neighbour.put(100_000, &chip.tap()).await.unwrap_err().to_string();
        assert_eq!(put, "This card is another shop’s. It does not pay here.");
        shop.later(7_200);
        let here = branch.charge(100_000).await;
        branch.tap(&here, &chip.tap()).await.unwrap();
        assert_eq!(branch.sale(&here).await.state, "paid");
        assert!(neighbour.payments(&there).await.is_empty());
    }

    async fn practice_cards_pay_no_real_money_and_the_database_says_so_too(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (card, done) = (shop.card().await, shop.moves().await.remove(0));
        let mut tx = shop.app().db.begin().await.unwrap();
        for connection in tx.connections_of(&shop.store.id).await.unwrap() {
            tx.remove_connection(&connection.id).await.unwrap();
        }
        tx.set_store_money(&shop.store.id, "real").await.unwrap();
        tx.commit().await.unwrap();
        let practice = shop.store.clone();
        shop.store.money = "real".into();
        let sale = shop.charge(100_000).await;
        // A quote is refused first: the practice rate is not for real money.
        shop.refused(&sale, &chip.tap()).await;
        shop.put(100_000, &chip.tap()).await.unwrap_err();
        let mut tx = shop.app().db.begin().await.unwrap();
        let spend = pos_server::db::card::Spend {
            card_id: card.id.clone(),
            version: 1,
            counter: 99,
            msat: 1_000,
            day: "2026-11-21".into(),
            merchant_id: shop.store.merchant_id.clone(),
            sale_id: sale.clone(),
            pin: None,
        };
        assert_eq!(tx.spend_from_card(&spend, shop.app().now()).await.unwrap(), None);
        let real = pos_server::db::card::CardMove {
            id: crate::sale::acts::key(),
            counter: Some(99),
            kind: "payment".into(),
            sale_id: Some(sale.to_string()),
            ..done
        };
        tx.add_card_move(&real).await.expect_err("a practice card's move for a real sale");
        drop(tx);
        shop.store = practice;
        assert_eq!(shop.card().await.balance_msat, card.balance_msat);
    }
}
