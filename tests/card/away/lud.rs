//! The answers held against the specifications, field by field.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use pos_server::card::pin;
use pos_server::web;

use super::rig::{invoice, no, ok};
use crate::on_both;
use crate::sale::shop::Shop;
use crate::support::client::Client;

on_both! {
    async fn a_tap_is_answered_as_lud_03_says(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let said = shop.shown_away(&chip.tap()).await;
        let names: BTreeSet<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
        let wanted = [
            "tag", "callback", "k1", "defaultDescription", "minWithdrawable", "maxWithdrawable",
            "payLink",
        ];
        assert_eq!(names, wanted.into());
        assert_eq!(said["tag"], "withdrawRequest");
        assert_eq!(said["callback"], "http://127.0.0.1:8080/card/pay");
        assert_eq!(said["k1"].as_str().unwrap().len(), 64);
        let [least, most] = ["minWithdrawable", "maxWithdrawable"].map(|name| said[name].as_u64());
        assert!(least.unwrap() >= 1 && least <= most);
        let all = u64::try_from(shop.card().await.balance_msat).unwrap();
        assert!(most.unwrap() > all, "no balance shows");
        let link = said["payLink"].as_str().unwrap();
        assert!(link.starts_with("lnurlp://127.0.0.1:8080/"), "LUD-19, LUD-17: {link}");
        assert!(!link.contains(&shop.card().await.id), "it names no card");
        let other = shop.shown_away(&chip.tap()).await;
        assert_eq!(other["payLink"], said["payLink"]);
        assert_ne!(other["k1"], said["k1"]);
    }

    async fn a_pin_is_asked_for_from_its_amount_up(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        assert!(shop.shown_away(&chip.tap()).await["pinLimit"].is_null());
        let (card, seal) = (shop.card().await, &shop.app().seal);
        let hash = pin::hash(seal, "2468").await.unwrap();
        let mut tx = shop.app().db.begin().await.unwrap();
        let merchant = &shop.store.merchant_id;
        assert!(tx.set_card_pin(merchant, &card.id, Some(&hash), 1_000_000).await.unwrap());
        tx.commit().await.unwrap();
        let said = shop.shown_away(&chip.tap()).await;
        assert_eq!(said["pinLimit"], 1_000_000, "LUD-24 draft: millisatoshi");
        let none = shop.come_with(&said, &invoice(&shop, 1_000_000)).await;
        assert!(no(&none).contains("PIN"), "{none}");
        ok(&shop.come_with_pin(&said, &invoice(&shop, 1_000_000), "2468").await);
        let said = shop.shown_away(&chip.tap()).await;
        ok(&shop.come_with(&said, &invoice(&shop, 999_999)).await);
        let said = shop.shown_away(&chip.tap()).await;
        let wrong = shop.come_with_pin(&said, &invoice(&shop, 1_000_000), "1111").await;
        assert_eq!(no(&wrong), "Wrong PIN. Tap the card again.");
        let again = shop.come_with_pin(&said, &invoice(&shop, 1_000_000), "2468").await;
        assert_eq!(no(&again), "Wrong PIN. Tap the card again.", "one try by one tap");
        for _ in 0..2 {
            let said = shop.shown_away(&chip.tap()).await;
            no(&shop.come_with_pin(&said, &invoice(&shop, 1_000_000), "1111").await);
        }
        let said = shop.shown_away(&chip.tap()).await;
        let blocked = shop.come_with_pin(&said, &invoice(&shop, 1_000_000), "2468").await;
        assert_eq!(no(&blocked), "PIN is blocked: the card’s shop can reset it.");
        shop.cards_are_right().await;
    }

    async fn a_look_at_the_headers_uses_no_tap_up(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let link = chip.tap();
        let path = link.split_once("127.0.0.1:8080").unwrap().1;
        let head = Request::head(path).header(header::HOST, "127.0.0.1:8080");
        let mut client = Client::new(web::site(&shop.house.app));
        client.send(head.body(Body::empty()).unwrap()).await.is(405);
        assert!(shop.shown_away(&link).await["k1"].is_string());
    }
}
