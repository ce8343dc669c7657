//! A sale through the API: opened, followed to its receipt, read, cancelled; items and rates.

use pos_server::access::open;
use pos_server::db::catalog::Item;
use pos_server::domain::id::ItemId;
use serde_json::json;

use super::program::{ALL, coffee, program};
use crate::on_both;
use crate::sale::node::{Call, Fault};
use crate::sale::shop::Shop;

pub(super) async fn item(shop: &Shop, name: &str, price: i64) -> Item {
    let item = Item {
        id: ItemId::new(),
        merchant_id: shop.store.merchant_id.clone(),
        store_id: shop.store.id.clone(),
        category_id: None,
        name: name.into(),
        price,
        tax_bp: None,
        tax_inclusive: None,
        barcode: None,
        sold_out: 0,
        retired: 0,
        position: 1,
    };
    let mut tx = shop.app().db.begin().await.unwrap();
    assert!(tx.save_item(&item).await.unwrap());
    tx.commit().await.unwrap();
    item
}

on_both! {
    async fn a_sale_is_opened_paid_and_has_a_receipt(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let cart = json!({ "lines": [{ "amount": "450.00", "name": "Coffee", "quantity": 2 }],
            "note": "Table 4", "discount": { "percent": "10" }, "tip": { "amount": "100" } });
        let opened = program.post("/sales", "one", &cart).await.is(201);
        let sale = &opened.json;
        let id = sale["id"].as_str().unwrap();
        assert_eq!(opened.headers["location"], format!("/api/v1/sales/{id}"));
        assert_eq!((&sale["state"], &sale["known"]), (&json!("open"), &json!("waiting")));
        let jmd = |amount, minor| json!({ "amount": amount, "currency": "JMD", "minor": minor });
        assert_eq!(sale["bill"], jmd("810.00", 81_000));
        assert_eq!(sale["total"], jmd("910.00", 91_000));
        assert_eq!(sale["due"], sale["total"]);
        assert_eq!(sale["staff"]["name"], "Keisha");
        assert_eq!(sale["till"]["name"], "Counter 1");
        let log = shop.app().db.audit_rows(&shop.store.merchant_id, 99, 99).await.unwrap();
        let told = log.iter().find(|row| row.what == "sale.discounted").unwrap();
        assert_eq!(told.detail, "Table 4 on C1 Counter 1: J$90.00 off J$900.00");
        let offer = &sale["offers"][0];
        assert!(offer["request"].is_string() && offer["msat"].as_i64().unwrap() > 0);
        let reference = offer["reference"].as_str().unwrap().to_owned();
        assert_eq!(sale["receipt"], json!(null));

        shop.collect(&id.parse().unwrap()).await;
        let paid = program.get(&format!("/sales/{id}")).await.is(200).json;
        assert_eq!((&paid["state"], &paid["known"]), (&json!("paid"), &json!("paid")));
        assert_eq!(paid["due"], jmd("0.00", 0));
        assert_eq!(paid["payments"][0]["amount"], jmd("910.00", 91_000));
        assert_eq!(paid["payments"][0]["reference"], json!(reference));
        assert_eq!(paid["offers"][0]["request"], json!(null), "nobody pays it again");
        assert_eq!(paid["receipt"]["number"], "C1-00001");
        let url = paid["receipt"]["url"].as_str().unwrap();
        assert!(url.contains("/r/") && url.starts_with("http"), "{url}");
        shop.all_is_settled().await;
    }

    async fn the_shelf_decides_what_an_item_costs(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let white = item(&shop, "Flat white", 75_000).await;
        let items = program.get("/items").await.is(200).json;
        assert_eq!(items["items"][0]["price"]["amount"], "750.00");
        assert_eq!(items["items"][0]["id"], white.id.as_str());
        let cart = json!({ "lines": [{ "item": white.id, "quantity": 3 }, { "amount": "0.50" }] });
        let sale = program.post("/sales", "one", &cart).await.is(201).json;
        assert_eq!(sale["total"]["minor"], 225_050);
        assert_eq!(sale["lines"][0]["name"], "Flat white");
        let own_price = json!({ "lines": [{ "item": white.id, "amount": "1.00" }] });
        let problem = program.post("/sales", "two", &own_price).await.refused(422, "bad-input");
        assert_eq!(problem["errors"][0]["field"], "lines[0]");
        let theirs = shop.neighbour().await;
        let other = item(&theirs, "Theirs", 1).await;
        let cart = json!({ "lines": [{ "amount": "1" }, { "item": other.id }] });
        let problem = program.post("/sales", "three", &cart).await.refused(422, "bad-input");
        assert_eq!(problem["errors"][0]["field"], "lines[1].item");
    }

    async fn an_unpaid_sale_is_cancelled_and_a_paid_one_is_not(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let nothing = json!(null);
        let open = program.post("/sales", "one", &coffee("500")).await.is(201).json;
        let path = format!("/sales/{}/cancel", open["id"].as_str().unwrap());
        let voided = program.post(&path, "cancel", &nothing).await.is(200).json;
        assert_eq!((&voided["state"], &voided["known"]), (&json!("voided"), &json!("voided")));
        assert_eq!(voided["due"]["minor"], 0);
        assert_eq!(shop.node.payable(), Vec::<String>::new());
        program.post(&path, "cancel", &nothing).await.is(200);
        program.post(&path, "another", &nothing).await.is(200);

        let paid = program.post("/sales", "two", &coffee("500")).await.is(201).json;
        let id = paid["id"].as_str().unwrap();
        shop.collect(&id.parse().unwrap()).await;
        let path = format!("/sales/{id}/cancel");
        for key in ["second", "second", "third"] {
            program.post(&path, key, &nothing).await.refused(409, "conflict");
        }
        // Whoever cancelled stands in the log.
        let log = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 9).await.unwrap();
        assert!(log.iter().any(|row| row.what == "sale.voided" && row.who == "Keisha"));
        shop.all_is_settled().await;
    }

    async fn without_a_way_to_be_paid_in_bitcoin_the_sale_says_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        shop.node.next(Call::Offer, Fault::Break);
        let sale = program.post("/sales", "one", &coffee("500")).await.is(201).json;
        assert_eq!((&sale["known"], &sale["offers"]), (&json!("rail_down"), &json!([])));
        assert_eq!(sale["due"]["minor"], 50_000);
    }

    async fn the_rates_tell_the_price_and_where_it_comes_from(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let rates = program.get("/rates").await.is(200).json;
        assert_eq!(rates["currency"], "JMD");
        let price: f64 = rates["price"]["per_bitcoin"].as_str().unwrap().parse().unwrap();
        assert!(price > 1_000.0 && rates["why"].is_null(), "{rates}");
        let mut store = shop.store.clone();
        store.rate_settings = "{".into();
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.save_store(&store).await.unwrap();
        tx.commit().await.unwrap();
        let rates = program.get("/rates").await.is(200).json;
        assert!(rates["price"].is_null() && rates["why"].is_string(), "{rates}");
    }

    async fn a_token_of_a_till_or_person_no_longer_in_use_sells_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let program = program(&shop, ALL).await;
        let mut tx = shop.app().db.begin().await.unwrap();
        let mut till = open::till(&shop.store, "Counter 1", "C1");
        till.id = shop.tills[0].id.clone();
        till.retired = 1;
        tx.save_till(&till).await.unwrap();
        tx.commit().await.unwrap();
        program.post("/sales", "one", &coffee("500")).await.refused(403, "not-allowed");
        program.get("/sales").await.is(200);
    }
}
