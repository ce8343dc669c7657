//! Failing on command.

use std::time::Duration;

use btcpay_stand_in::{Fault, Options};
use serde_json::json;

use crate::support::{Shop, send};

async fn health(shop: &Shop) -> Result<(u16, String), String> {
    let url = format!("{}/api/v1/health", shop.btcpay.url());
    let (status, headers, body) = send("GET", &url, "", String::new()).await?;
    let wait = headers.get("retry-after").map_or("", |wait| wait.to_str().unwrap());
    Ok((status, format!("{wait}{}", String::from_utf8_lossy(&body))))
}

async fn failing(fault: Fault) -> Result<(u16, String), String> {
    let shop = Shop::open().await;
    shop.btcpay.fail("/api/v1/*", fault, Some(1));
    let first = health(&shop).await;
    assert_eq!(health(&shop).await.unwrap().0, 200, "the second request is served");
    shop.clean();
    first
}

#[tokio::test]
async fn a_status_a_limit_a_redirect_and_garbage_are_answered() {
    assert_eq!(failing(Fault::Status(503)).await.unwrap().0, 503);
    assert_eq!(failing(Fault::TooMany(7)).await.unwrap(), (429, "7".to_owned()));
    assert_eq!(failing(Fault::Redirect("/else".to_owned())).await.unwrap().0, 302);
    let (status, text) = failing(Fault::Garbage).await.unwrap();
    assert!(status == 200 && text.starts_with("<html>"));
}

#[tokio::test]
async fn half_an_answer_and_none_are_errors_and_a_slow_one_is_whole() {
    failing(Fault::Half).await.unwrap_err();
    failing(Fault::Lost).await.unwrap_err();
    failing(Fault::Down).await.unwrap_err();
    let (status, text) = failing(Fault::Slow(50)).await.unwrap();
    assert_eq!((status, text.as_str()), (200, r#"{"synchronized":true}"#));
}

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done() {
    let shop = Shop::open().await;
    shop.btcpay.fail("POST */invoices", Fault::Lost, Some(1));
    let url = format!("{}/api/v1/stores/{}/invoices", shop.btcpay.url(), shop.store);
    let new = json!({ "amount": "5", "metadata": { "orderId": "lost" } });
    send("POST", &url, &format!("token {}", shop.key), new.to_string()).await.unwrap_err();
    let found = shop.get("/invoices?orderId=lost").await;
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_hanging_request_is_never_answered() {
    let shop = Shop::open().await;
    shop.btcpay.fail("*", Fault::Hang, Some(1));
    tokio::time::timeout(Duration::from_millis(200), health(&shop)).await.unwrap_err();
    assert_eq!(health(&shop).await.unwrap().0, 200);
}

#[tokio::test]
async fn down_lasts_until_it_is_over() {
    let shop = Shop::open().await;
    shop.btcpay.down(true);
    for _ in 0..3 {
        health(&shop).await.unwrap_err();
    }
    shop.btcpay.down(false);
    assert_eq!(health(&shop).await.unwrap().0, 200);
    shop.btcpay.fail("*/health", Fault::Status(500), None);
    for _ in 0..3 {
        assert_eq!(health(&shop).await.unwrap().0, 500);
    }
    shop.btcpay.heal();
    assert_eq!(health(&shop).await.unwrap().0, 200);
    assert_eq!(shop.btcpay.requests().len(), 8);
}

#[tokio::test]
async fn a_clock_that_is_off_dates_invoices_so() {
    let shop = Shop::open_with(Options::default()).await;
    shop.btcpay.advance(-600);
    let id = shop.invoice(json!({})).await;
    let shown = shop.btcpay.invoice(&id).unwrap();
    assert_eq!(shown["createdTime"], crate::support::START - 600);
}

#[tokio::test]
async fn it_ends_when_it_is_dropped() {
    let shop = Shop::open().await;
    let url = format!("{}/api/v1/health", shop.btcpay.url());
    drop(shop);
    tokio::time::sleep(Duration::from_millis(50)).await;
    send("GET", &url, "", String::new()).await.unwrap_err();
}
