//! Who may do what.

use btcpay_stand_in::Options;
use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test]
async fn a_bad_key_is_401_and_no_key_is_needed_for_health() {
    let shop = Shop::open().await;
    let path = format!("/api/v1/stores/{}", shop.store);
    let (code, wrong) = shop.ask_at("GET", &path, "nobody", Value::Null).await;
    assert_eq!((code, &wrong["code"]), (401, &json!("unauthenticated")));
    assert_eq!(shop.ask_at("GET", "/api/v1/health", "nobody", Value::Null).await.0, 200);
    shop.clean();
}

#[tokio::test]
async fn a_key_does_what_its_permissions_contain_and_is_told_what_it_lacks() {
    let shop = Shop::open().await;
    let key = shop.btcpay.api_key(&["btcpay.store.canmodifyinvoices"]);
    let of_store = |path: &str| format!("/api/v1/stores/{}{path}", shop.store);
    let invoices = of_store("/invoices");
    assert_eq!(shop.ask_at("GET", &invoices, &key, Value::Null).await.0, 200);
    assert_eq!(shop.ask_at("POST", &invoices, &key, json!({ "amount": "1" })).await.0, 200);
    let (code, wrong) = shop.ask_at("GET", &of_store("/webhooks"), &key, Value::Null).await;
    assert_eq!((code, &wrong["code"]), (403, &json!("missing-permission")));
    assert_eq!(wrong["missingPermission"], "btcpay.store.webhooks.canmodifywebhooks");
    shop.clean();
}

#[tokio::test]
async fn a_key_of_one_store_sees_nothing_of_another() {
    let shop = Shop::open().await;
    let other = shop.btcpay.add_store("Elsewhere", &Options::default());
    let scoped = format!("btcpay.store.canviewstoresettings:{}", shop.store);
    let key = shop.btcpay.api_key(&[scoped.as_str()]);
    let (_, list) = shop.ask_at("GET", "/api/v1/stores", &key, Value::Null).await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    let path = format!("/api/v1/stores/{other}/invoices");
    assert_eq!(shop.ask_at("GET", &path, &key, Value::Null).await.0, 403);
    // An invoice asked for under another store is nowhere.
    let id = shop.invoice(json!({})).await;
    let path = format!("{path}/{id}");
    assert_eq!(shop.ask_at("GET", &path, &shop.key, Value::Null).await.0, 404);
    shop.clean();
}

#[tokio::test]
async fn a_store_that_is_gone_is_403_until_it_is_back() {
    let shop = Shop::open().await;
    shop.btcpay.store_gone(&shop.store, true).unwrap();
    assert_eq!(shop.ask("GET", "", Value::Null).await.0, 403);
    shop.btcpay.store_gone(&shop.store, false).unwrap();
    assert_eq!(shop.get("").await["id"], json!(shop.store));
    shop.clean();
}

#[tokio::test]
async fn a_key_describes_itself_and_revokes_itself() {
    let shop = Shop::open().await;
    let key = shop.btcpay.api_key(&["btcpay.store.canviewinvoices"]);
    let path = "/api/v1/api-keys/current";
    let (_, shown) = shop.ask_at("GET", path, &key, Value::Null).await;
    assert_eq!(shown["permissions"], json!(["btcpay.store.canviewinvoices"]));
    assert_eq!(shop.ask_at("DELETE", path, &key, Value::Null).await.0, 200);
    assert_eq!(shop.ask_at("GET", path, &key, Value::Null).await.0, 401);
    shop.btcpay.revoke(&shop.key);
    assert_eq!(shop.ask("GET", "", Value::Null).await.0, 401);
    shop.clean();
}

#[tokio::test]
async fn a_server_behind_the_chain_says_so() {
    let shop = Shop::open_with(Options { synced: false, ..Options::default() }).await;
    let (_, info) = shop.ask_at("GET", "/api/v1/server/info", &shop.key, Value::Null).await;
    assert_eq!(info["fullySynched"], false);
    shop.btcpay.set_synced(true);
    let (_, health) = shop.ask_at("GET", "/api/v1/health", "", Value::Null).await;
    assert_eq!(health["synchronized"], true);
    shop.clean();
}

#[tokio::test]
async fn rates_are_told_by_pair_with_an_error_where_there_is_none() {
    let shop = Shop::open().await;
    let rates = shop.get("/rates?currencyPair=BTC_JMD&currencyPair=BTC_XAU").await;
    assert_eq!(rates[0]["rate"], "19500000");
    assert_eq!(rates[1]["rate"], Value::Null);
    assert_eq!(rates[1]["errors"].as_array().unwrap().len(), 1);
    shop.clean();
}
