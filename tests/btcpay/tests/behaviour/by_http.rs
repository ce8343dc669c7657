//! The control by HTTP does what the control from Rust does.

use btcpay_stand_in::Options;
use serde_json::{Value, json};

use crate::support::{Shop, send};

async fn tell(shop: &Shop, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", shop.btcpay.control_url());
    let (status, _, text) = send("POST", &url, "", body.to_string()).await.unwrap();
    (status, serde_json::from_slice(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn an_invoice_is_paid_confirmed_and_taken_back() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let bolt11 = shop.method(&id, "BTC-LN").await["destination"].clone();
    let (code, paid) = tell(&shop, "/pay", json!({ "invoice": bolt11 })).await;
    assert_eq!((code, paid["preimage"].as_str().unwrap().len()), (200, 64));
    assert_eq!(shop.state(&id).await, "Settled None");

    let id = shop.invoice(json!({})).await;
    let on_chain = json!({ "invoice": id, "onChain": true });
    let (_, paid) = tell(&shop, "/pay", on_chain.clone()).await;
    assert_eq!(shop.state(&id).await, "Processing None");
    assert_eq!(tell(&shop, "/double-spend", paid).await.0, 200);
    assert_eq!(shop.state(&id).await, "New None");
    let (_, paid) = tell(&shop, "/pay", on_chain).await;
    assert_eq!(tell(&shop, "/confirm", paid).await, (200, json!({})));
    assert_eq!(shop.state(&id).await, "Settled None");
    shop.clean();
}

#[tokio::test]
async fn an_invoice_is_marked_and_its_time_ended() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    tell(&shop, "/expire", json!({ "invoice": id })).await;
    assert_eq!(shop.state(&id).await, "Expired None");
    tell(&shop, "/mark", json!({ "invoice": id, "status": "Settled" })).await;
    assert_eq!(shop.state(&id).await, "Settled Marked");
    let (code, wrong) = tell(&shop, "/expire", json!({ "invoice": "none" })).await;
    assert_eq!((code, &wrong["error"]), (400, &json!("there is no invoice none")));
}

#[tokio::test]
async fn failures_are_ordered_and_ended_under_a_base_path() {
    let options = Options { base_path: "/btcpay".to_owned(), ..Options::default() };
    let shop = Shop::open_with(options).await;
    let failure = json!({ "path": "/api/v1/stores/*", "fault": { "status": 503 } });
    assert_eq!(tell(&shop, "/fail", failure).await.0, 200);
    assert_eq!(shop.ask("GET", "", Value::Null).await.0, 503);
    let url = format!("{}/fail", shop.btcpay.control_url());
    send("DELETE", &url, "", String::new()).await.unwrap();
    assert_eq!(shop.ask("GET", "", Value::Null).await.0, 200);
    let switches = json!({ "hold": true, "signature": "truncated", "eventType": "Rain" });
    assert_eq!(tell(&shop, "/webhooks", switches).await.0, 200);
    assert_eq!(tell(&shop, "/webhooks/release", json!({ "shuffled": true })).await.0, 200);
    shop.clean();
}

#[tokio::test]
async fn stores_keys_rates_and_the_server_are_changed() {
    let shop = Shop::open().await;
    let bare = json!({ "name": "Bare", "chain": false, "lightning": "off" });
    let (_, made) = tell(&shop, "/stores", bare).await;
    let path = format!("/api/v1/stores/{}/payment-methods", made["storeId"].as_str().unwrap());
    assert_eq!(shop.ask_at("GET", &path, &shop.key, Value::Null).await.1, json!([]));
    tell(&shop, "/store", json!({ "currency": "JMD" })).await;
    assert_eq!(shop.ask("POST", "/invoices", json!({ "amount": "1" })).await.0, 400);
    tell(&shop, "/server", json!({ "synced": false })).await;
    let (_, health) = shop.ask_at("GET", "/api/v1/health", "", Value::Null).await;
    assert_eq!(health["synchronized"], false);
    let (_, key) = tell(&shop, "/keys", json!({ "permissions": ["unrestricted"] })).await;
    let key = key["apiKey"].as_str().unwrap();
    assert_eq!(shop.ask_at("GET", "/api/v1/stores", key, Value::Null).await.0, 200);
    tell(&shop, "/keys/revoke", json!({})).await;
    assert_eq!(shop.ask_at("GET", "/api/v1/stores", key, Value::Null).await.0, 401);
    shop.clean();
}
