//! What webhooks deliver.

use btcpay_client::payout::PayoutState;
use btcpay_client::webhook::{Event, EventKind, SIGNATURE_HEADER, sign, verify};
use serde_json::{Value, json};

use super::contract::assert_valid;
use super::document::named;

fn delivered(event_type: &str, body: Value) -> Value {
    let mut event = json!({
        "deliveryId": "D2", "webhookId": "W1", "originalDeliveryId": "D1", "isRedelivery": true,
        "type": event_type, "timestamp": 1_790_000_000, "storeId": "S1"
    });
    event.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    event
}

fn read(event_type: &str, body: Value) -> Event {
    let text = serde_json::to_vec_pretty(&delivered(event_type, body)).unwrap();
    Event::parse(&text).unwrap()
}

#[test]
fn events_of_invoices_are_read_as_the_document_says() {
    let payment = json!({
        "id": "ab", "receivedDate": 1_790_000_000, "value": "0.1", "fee": "0", "status": "Settled",
        "destination": "lnbcrt1…"
    });
    let payment = json!({
        "invoiceId": "I1", "metadata": { "orderId": "7" }, "afterExpiration": false,
        "paymentMethodId": "BTC-LN", "payment": payment
    });
    let of = |more: Value| {
        let mut body = json!({ "invoiceId": "I1", "metadata": {} });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let events = [
        ("InvoiceCreated", "WebhookInvoiceEvent", of(json!({}))),
        ("InvoiceReceivedPayment", "WebhookInvoiceReceivedPaymentEvent", payment.clone()),
        ("InvoicePaymentSettled", "WebhookInvoicePaymentSettledEvent", payment),
        ("InvoiceProcessing", "WebhookInvoiceProcessingEvent", of(json!({ "overPaid": true }))),
        (
            "InvoiceSettled",
            "WebhookInvoiceSettledEvent",
            of(json!({ "manuallyMarked": true, "overPaid": false })),
        ),
        ("InvoiceExpired", "WebhookInvoiceExpiredEvent", of(json!({ "partiallyPaid": true }))),
        ("InvoiceInvalid", "WebhookInvoiceInvalidEvent", of(json!({ "manuallyMarked": true }))),
        ("InvoiceExpiredPaidPartial", "WebhookInvoiceEvent", of(json!({}))),
        ("InvoicePaidAfterExpiration", "WebhookInvoiceEvent", of(json!({}))),
    ];
    for (event_type, schema, body) in events {
        assert_valid(&named(schema), &delivered(event_type, body.clone()), event_type);
        let event = read(event_type, body);
        assert!(!matches!(event.kind, EventKind::Other(_)), "{event_type}");
        assert_eq!((event.event_type.as_str(), event.invoice_id()), (event_type, Some("I1")));
        assert_eq!((event.original_delivery_id.as_str(), event.is_redelivery), ("D1", true));
        assert_eq!(
            (event.store_id.as_deref(), event.timestamp.seconds()),
            (Some("S1"), 1_790_000_000)
        );
    }
}

#[test]
fn what_an_event_adds_is_read() {
    let body = json!({ "invoiceId": "I1", "metadata": null, "manuallyMarked": true, "new": 1 });
    let EventKind::InvoiceSettled(settled) = read("InvoiceSettled", body).kind else { panic!() };
    assert_eq!((settled.manually_marked, settled.over_paid), (Some(true), None));
    assert_eq!(settled.extra["new"], 1);

    let body = json!({ "invoiceId": "I1", "pullPaymentId": "PP1" });
    let EventKind::InvoiceRefund(refund) = read("InvoiceRefund", body).kind else { panic!() };
    assert_eq!(refund.pull_payment_id.as_deref(), Some("PP1"));

    let body = json!({ "payoutId": "P1", "pullPaymentId": null, "payoutState": "InProgress" });
    let EventKind::PayoutUpdated(payout) = read("PayoutUpdated", body).kind else { panic!() };
    assert_eq!(payout.payout_state, Some(PayoutState::InProgress));

    let body = json!({ "paymentRequestId": "R1", "status": "Completed" });
    let event = read("PaymentRequestStatusChanged", body);
    assert!(
        matches!(event.kind, EventKind::PaymentRequest(request) if request.payment_request_id == "R1")
    );
}

#[test]
fn an_unknown_event_is_kept_and_a_broken_one_refused() {
    let event = read("InvoiceMelted", json!({ "invoiceId": "I1", "heat": 9 }));
    assert_eq!(event.invoice_id(), Some("I1"));
    assert!(matches!(event.kind, EventKind::Other(fields) if fields["heat"] == 9));

    let broken = delivered("InvoiceSettled", json!({ "invoice": "s3cret" }));
    let error = Event::from_value(broken).unwrap_err().to_string();
    assert!(error.contains("missing field `invoiceId`"), "{error}");
    let error = Event::from_value(delivered("InvoiceSettled", json!({ "invoiceId": 5 })));
    assert!(!error.unwrap_err().to_string().contains('5'));
    assert!(Event::parse(b"<html>").is_err());
}

#[test]
fn the_signature_is_of_the_bytes_as_they_came() {
    let body = serde_json::to_vec_pretty(&delivered("InvoiceCreated", json!({}))).unwrap();
    let header = sign(&"s3cret".into(), &body);
    assert_eq!(SIGNATURE_HEADER.to_lowercase(), "btcpay-sig");
    assert!(verify(&"s3cret".into(), &body, Some(&header)).is_ok());
    let same: Value = serde_json::from_slice(&body).unwrap();
    assert!(verify(&"s3cret".into(), same.to_string().as_bytes(), Some(&header)).is_err());
}
