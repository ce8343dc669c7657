//! That nothing leaves the document unnoticed.

use btcpay_stand_in::Fault;
use serde_json::{Value, json};

use crate::support::Shop;

async fn fault_of(method: &str, path: &str, body: Value) -> String {
    let shop = Shop::open().await;
    let (code, wrong) = shop.ask(method, path, body).await;
    assert_eq!((code, &wrong["code"]), (500, &json!("contract")), "{wrong}");
    let faults = shop.btcpay.faults();
    assert_eq!(faults.len(), 1);
    assert_eq!(wrong["message"], json!(faults[0]));
    faults[0].clone()
}

#[tokio::test]
async fn a_number_where_the_document_has_a_string_is_a_fault() {
    let fault = fault_of("POST", "/invoices", json!({ "amount": 5 })).await;
    assert!(fault.contains("/amount"), "{fault}");
}

#[tokio::test]
async fn a_word_that_is_no_decimal_is_a_fault() {
    fault_of("POST", "/invoices", json!({ "amount": "5,00" })).await;
}

#[tokio::test]
async fn a_property_that_the_document_does_not_know_is_a_fault() {
    let fault = fault_of("POST", "/invoices", json!({ "amount": "5", "ammount": "5" })).await;
    assert!(fault.contains("ammount"), "{fault}");
    let checkout = json!({ "expiryMinutes": 5 });
    let fault = fault_of("POST", "/invoices", json!({ "checkout": checkout })).await;
    assert!(fault.contains("expiryMinutes"), "{fault}");
}

#[tokio::test]
async fn a_word_outside_an_enumeration_is_a_fault() {
    fault_of("POST", "/invoices/any/status", json!({ "status": "Paid" })).await;
}

#[tokio::test]
async fn a_mistyped_parameter_is_a_fault() {
    let fault = fault_of("GET", "/invoices?orderID=5", Value::Null).await;
    assert!(fault.contains("orderID"), "{fault}");
    fault_of("GET", "/invoices?take=many", Value::Null).await;
    fault_of("GET", "/invoices?status=Paid", Value::Null).await;
}

#[tokio::test]
async fn a_path_outside_the_document_and_an_operation_not_served_are_faults() {
    fault_of("GET", "/invoice", Value::Null).await;
    let fault = fault_of("GET", "/email", Value::Null).await;
    assert!(fault.contains("not served"), "{fault}");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_fault() {
    fault_of("POST", "/invoices", json!("no object")).await;
    fault_of("POST", "/invoices", Value::Null).await;
}

#[tokio::test]
async fn a_wrong_answer_of_our_own_is_caught() {
    for path in ["", "/invoices", "/payment-methods", "/users"] {
        let shop = Shop::open().await;
        shop.invoice(json!({})).await;
        shop.btcpay.fail("GET *", Fault::Wrong, Some(1));
        let (code, wrong) = shop.ask("GET", path, Value::Null).await;
        assert_eq!(code, 500, "{path}: {wrong}");
        assert!(wrong["message"].as_str().unwrap().contains("our own answer"), "{wrong}");
        assert_eq!(shop.btcpay.faults().len(), 1);
        assert_eq!(shop.ask("GET", path, Value::Null).await.0, 200);
    }
}

#[tokio::test]
async fn an_icon_that_a_browser_asks_for_is_no_fault() {
    let shop = Shop::open().await;
    assert_eq!(shop.ask_at("GET", "/favicon.ico", "", Value::Null).await.0, 404);
    let id = shop.invoice(json!({})).await;
    assert_eq!(shop.ask_at("GET", &format!("/i/{id}"), "", Value::Null).await.0, 200);
    shop.clean();
}
