//! Staff's marks, and refunds.

use btcpay_stand_in::Pay;
use serde_json::{Value, json};

use crate::support::{Receiver, Shop};

async fn mark(shop: &Shop, id: &str, status: &str) -> (u16, Value) {
    shop.ask("POST", &format!("/invoices/{id}/status"), json!({ "status": status })).await
}

#[tokio::test]
async fn a_new_invoice_can_be_marked_settled_then_invalid_then_settled_again() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoiceSettled", "InvoiceInvalid"]).await;
    let id = shop.invoice(json!({})).await;
    for status in ["Settled", "Invalid", "Settled"] {
        let (code, shown) = mark(&shop, &id, status).await;
        assert_eq!((code, &shown["status"]), (200, &json!(status)));
        assert_eq!(shown["additionalStatus"], "Marked");
    }
    let types = receiver.types(3).await;
    assert_eq!(types, ["InvoiceSettled", "InvoiceInvalid", "InvoiceSettled"]);
    assert!(receiver.all().iter().all(|got| got.body["manuallyMarked"] == true));
    shop.clean();
}

#[tokio::test]
async fn what_settled_by_payment_cannot_be_marked() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    for status in ["Settled", "Invalid"] {
        let (code, wrong) = mark(&shop, &id, status).await;
        assert_eq!((code, &wrong[0]["path"]), (422, &json!("status")));
    }
    let shown = shop.get(&format!("/invoices/{id}")).await;
    assert_eq!(shown["availableStatusesForManualMarking"], json!([]));
    shop.clean();
}

#[tokio::test]
async fn an_expired_invoice_paid_late_can_be_marked_settled() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.expire(&id).unwrap();
    shop.btcpay.pay_chain(&id, 6_000, 1).unwrap();
    assert_eq!(shop.state(&id).await, "Expired PaidLate");
    assert_eq!(mark(&shop, &id, "Settled").await.0, 200);
    assert_eq!(shop.state(&id).await, "Settled Marked");
    shop.clean();
}

#[tokio::test]
async fn an_unmarked_invalid_invoice_can_only_be_marked_settled() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({ "monitoringMinutes": 1 })).await;
    shop.btcpay.pay_chain(&id, 6_000, 0).unwrap();
    shop.btcpay.advance(17 * 60);
    assert_eq!(shop.state(&id).await, "Invalid PaidOver");
    let shown = shop.get(&format!("/invoices/{id}")).await;
    assert_eq!(shown["availableStatusesForManualMarking"], json!(["Settled"]));
    assert_eq!(mark(&shop, &id, "Invalid").await.0, 422);
}

#[tokio::test]
async fn a_paid_invoice_can_be_refunded_and_a_new_one_cannot() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let path = format!("/invoices/{id}/refund");
    let (code, wrong) = shop.ask("POST", &path, json!({ "refundVariant": "Fiat" })).await;
    assert_eq!((code, &wrong["code"]), (400, &json!("non-refundable")));
    shop.btcpay.pay_lightning(&id, Pay::Percent(200)).unwrap();
    for (variant, amount, currency) in [
        ("Fiat", "2000", "JMD"),
        ("RateThen", "0.00010256", "BTC"),
        ("OverpaidAmount", "0.00005127", "BTC"),
    ] {
        let (code, made) = shop.ask("POST", &path, json!({ "refundVariant": variant })).await;
        assert_eq!(code, 200, "{made}");
        assert_eq!((&made["amount"], &made["currency"]), (&json!(amount), &json!(currency)));
        assert_eq!(made["autoApproveClaims"], currency == "BTC");
    }
    assert_eq!(shop.btcpay.refunds(&shop.store).len(), 3);
    shop.clean();
}

#[tokio::test]
async fn a_refund_is_not_approved_by_a_key_that_may_not() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    let key = shop.btcpay.api_key(&["btcpay.store.cancreatenonapprovedpullpayments"]);
    let path = format!("/api/v1/stores/{}/invoices/{id}/refund", shop.store);
    let (code, made) =
        shop.ask_at("POST", &path, &key, json!({ "refundVariant": "RateThen" })).await;
    assert_eq!((code, &made["autoApproveClaims"]), (200, &json!(false)));
    shop.clean();
}
