//! A request that comes twice under one key.

use futures_util::future::join_all;
use serde_json::json;

use super::program::{ALL, coffee, program};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn the_same_key_gives_the_first_sale_and_another_body_is_refused(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let first = program.post("/sales", "order 17", &coffee("500")).await.is(201).json;
        let again = program.post("/sales", "order 17", &coffee("500")).await.is(201).json;
        assert_eq!(again["id"], first["id"]);
        // The same body, written another way.
        let spaced = r#"{"lines":  [{"name":"Coffee","amount":"500"}], "note": ""}"#;
        let spaced = program.post_text("/sales", "order 17", "application/json", spaced).await;
        assert_eq!(spaced.is(201).json["id"], first["id"]);
        program.post("/sales", "order 17", &coffee("600")).await.refused(422, "key-reused");
        assert_eq!(shop.books().await.sales.len(), 1);
        shop.collect(&first["id"].as_str().unwrap().parse().unwrap()).await;
        shop.all_is_settled().await;
    }

    async fn twins_at_once_open_one_sale(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let cart = coffee("500");
        let twins = join_all((0..8).map(|_| program.post("/sales", "order 17", &cart))).await;
        let ids: Vec<_> = twins.into_iter().map(|twin| twin.is(201).json["id"].clone()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(shop.books().await.sales.len(), 1);
        let sale = ids[0].as_str().unwrap().parse().unwrap();
        assert_eq!(shop.node.payable(), [shop.shown(&sale).await]);
        shop.collect(&sale).await;
        shop.all_is_settled().await;
    }

    async fn twins_with_other_bodies_open_one_sale_and_the_rest_are_told(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let carts = ["500", "600", "700", "800"].map(coffee);
        let twins = join_all(carts.iter().map(|cart| program.post("/sales", "one", cart))).await;
        let mut statuses: Vec<u16> = twins.iter().map(|twin| twin.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422]);
        assert_eq!(shop.books().await.sales.len(), 1);
    }

    async fn cancels_at_once_cancel_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let sale = program.post("/sales", "one", &coffee("500")).await.is(201).json;
        let id = sale["id"].as_str().unwrap();
        let (path, nothing) = (format!("/sales/{id}/cancel"), json!(null));
        for twin in join_all((0..4).map(|_| program.post(&path, "stop", &nothing))).await {
            assert_eq!(twin.is(200).json["state"], "voided");
        }
        let told = shop.story(&id.parse().unwrap()).await;
        assert_eq!(told.iter().filter(|kind| *kind == "sale.voided").count(), 1, "{told:?}");
        shop.all_is_settled().await;
    }

    async fn a_key_is_the_tokens_own_and_means_one_verb(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (one, other) = (program(&shop, ALL).await, program(&shop, ALL).await);
        let first = one.post("/sales", "same", &coffee("500")).await.is(201).json;
        let second = other.post("/sales", "same", &coffee("500")).await.is(201).json;
        assert_ne!(first["id"], second["id"]);
        let path = format!("/sales/{}/cancel", first["id"].as_str().unwrap());
        one.post(&path, "same", &json!(null)).await.is(200);
        let other_sale = format!("/sales/{}/cancel", second["id"].as_str().unwrap());
        one.post(&other_sale, "same", &json!(null)).await.refused(422, "key-reused");
    }

    async fn an_item_that_is_gone_does_not_change_the_first_answer(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let item = super::sales::item(&shop, "Flat white", 75_000).await;
        let cart = json!({ "lines": [{ "item": item.id }] });
        let first = program.post("/sales", "one", &cart).await.is(201).json;
        let mut tx = shop.app().db.begin().await.unwrap();
        let gone = pos_server::db::catalog::Item { retired: 1, ..item };
        assert!(tx.save_item(&gone).await.unwrap());
        tx.commit().await.unwrap();
        let again = program.post("/sales", "one", &cart).await.is(201).json;
        assert_eq!(again["id"], first["id"]);
        program.post("/sales", "two", &cart).await.refused(422, "bad-input");
    }
}
