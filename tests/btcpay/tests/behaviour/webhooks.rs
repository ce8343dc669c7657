//! Webhooks: signed, in order, again and again, and wrong on command.

use btcpay_stand_in::{Pay, Signature, Switches};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Got, Receiver, Shop};

/// Whether the delivery's signature is of its raw body.
fn is_signed(got: &Got) -> bool {
    let Some(given) = got.signature.as_ref().and_then(|sig| sig.strip_prefix("sha256=")) else {
        return false;
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a secret").unwrap();
    mac.update(&got.raw);
    hex::encode(mac.finalize().into_bytes()) == given
}

#[tokio::test]
async fn a_delivery_is_signed_over_its_pretty_body() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    let webhook = shop.subscribe(&receiver, &[]).await;
    let id = shop.invoice(json!({})).await;
    let got = &receiver.wait(1).await[0];
    assert!(is_signed(got));
    assert!(got.raw.starts_with(b"{\n  \""));
    let body = &got.body;
    assert_eq!(body["type"], "InvoiceCreated");
    assert_eq!((&body["invoiceId"], &body["storeId"]), (&json!(id), &json!(shop.store)));
    assert_eq!((&body["webhookId"], &body["isRedelivery"]), (&json!(webhook), &json!(false)));
    assert_eq!(body["deliveryId"], body["originalDeliveryId"]);
    shop.clean();
}

#[tokio::test]
async fn a_failing_receiver_is_tried_again_in_order_and_a_plain_refusal_is_final() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &[]).await;
    receiver.answer_next(&[500, 429, 200, 400]);
    let id = shop.invoice(json!({})).await;
    shop.btcpay.mark(&id, true).unwrap();
    let got = receiver.wait(4).await;
    let types: Vec<&Value> = got.iter().map(|got| &got.body["type"]).collect();
    let created = "InvoiceCreated";
    assert_eq!(types, [created, created, created, "InvoiceSettled"]);
    assert_eq!(got[2].body["isRedelivery"], true);
    assert_eq!(got[2].body["originalDeliveryId"], got[0].body["deliveryId"]);
    assert_ne!(got[2].body["deliveryId"], got[1].body["deliveryId"]);
    assert!(got.iter().all(is_signed));
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(receiver.all().len(), 4);
    shop.clean();
}

#[tokio::test]
async fn deliveries_are_listed_and_can_be_made_again() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    let webhook = shop.subscribe(&receiver, &["InvoiceCreated"]).await;
    receiver.answer_next(&[400]);
    shop.invoice(json!({})).await;
    receiver.wait(1).await;
    let path = format!("/webhooks/{webhook}/deliveries");
    let mut list = shop.get(&path).await;
    while list == json!([]) {
        list = shop.get(&path).await;
    }
    assert_eq!((&list[0]["httpCode"], &list[0]["status"]), (&json!(400), &json!("HttpError")));
    let first = format!("{path}/{}", list[0]["id"].as_str().unwrap());
    let request = shop.get(&format!("{first}/request")).await;
    assert_eq!(request["type"], "InvoiceCreated");
    let (code, again) = shop.ask("POST", &format!("{first}/redeliver"), Value::Null).await;
    assert_eq!(code, 200);
    let got = receiver.wait(2).await;
    assert_eq!(got[1].body["deliveryId"], again);
    assert_eq!(got[1].body["originalDeliveryId"], list[0]["id"]);
    shop.clean();
}

#[tokio::test]
async fn held_deliveries_come_when_released_and_a_restart_forgets_them() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &[]).await;
    shop.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
    shop.invoice(json!({})).await;
    shop.btcpay.drop_deliveries();
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(receiver.all().len(), 0);
    shop.btcpay.release(true);
    let mut types = receiver.types(5).await;
    types.sort();
    assert_eq!(types[0], "InvoiceCreated");
    assert!(receiver.all().iter().all(|got| got.body["invoiceId"] == json!(id)));
    shop.clean();
}

#[tokio::test]
async fn a_delivery_can_be_doubled_and_signed_badly() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoiceCreated"]).await;
    let cases = [Signature::Wrong, Signature::Truncated, Signature::Missing];
    for (at, signature) in cases.into_iter().enumerate() {
        let switches = Switches { duplicate: true, signature, ..Switches::default() };
        shop.btcpay.webhooks(switches);
        shop.invoice(json!({})).await;
        let got = receiver.wait(2 * at + 2).await.split_off(2 * at);
        assert_eq!(got[0].raw, got[1].raw);
        assert!(!is_signed(&got[0]), "{signature:?}");
        assert_eq!(got[0].signature.is_none(), signature == Signature::Missing);
    }
}

#[tokio::test]
async fn a_delivery_can_be_of_an_unknown_type_and_store() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoiceCreated"]).await;
    let (event_type, store_id) = (Some("Rain".to_owned()), Some("nowhere".to_owned()));
    shop.btcpay.webhooks(Switches { event_type, store_id, ..Switches::default() });
    shop.invoice(json!({})).await;
    let got = &receiver.wait(1).await[0];
    assert!(is_signed(got));
    assert_eq!((&got.body["type"], &got.body["storeId"]), (&json!("Rain"), &json!("nowhere")));
}

#[tokio::test]
async fn a_webhook_is_changed_and_deleted_and_tells_its_secret_once() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    let webhook = shop.subscribe(&receiver, &[]).await;
    let path = format!("/webhooks/{webhook}");
    assert_eq!(shop.get(&path).await["secret"], Value::Null);
    let (code, changed) =
        shop.ask("PUT", &path, json!({ "url": receiver.url, "enabled": false })).await;
    assert_eq!((code, &changed["enabled"]), (200, &json!(false)));
    assert_eq!(shop.ask("PUT", &path, json!({ "url": "nowhere" })).await.0, 422);
    assert_eq!(shop.ask("DELETE", &path, Value::Null).await.0, 200);
    assert_eq!(shop.ask("GET", &path, Value::Null).await.0, 404);
    assert_eq!(shop.get("/webhooks").await, json!([]));
    shop.clean();
}
