//! Invoices, refunds, pull payments, payouts, cards and webhooks, held to the document.

use btcpay_client::boltcard::{OnExisting, RegisterBoltcard};
use btcpay_client::invoice::{
    CheckoutOptions, CreateInvoice, InvoiceQuery, InvoiceStatus, MarkStatus, ReceiptOptions,
};
use btcpay_client::payout::{
    CreatePayout, CreateStorePayout, MarkPayout, PaymentProof, PayoutState,
};
use btcpay_client::pull_payment::CreatePullPayment;
use btcpay_client::refund::{RefundInvoice, RefundVariant};
use btcpay_client::store::SpeedPolicy;
use btcpay_client::webhook::{AuthorizedEvents, WebhookSettings};
use btcpay_client::{Extra, PaymentMethodId, UnixTime};
use serde_json::{Value, json};

use super::contract::holds;
use super::samples;

const STORE: &str = "/btcpay/api/v1/stores/S1";

#[tokio::test]
async fn an_invoice_is_made_as_the_document_says() {
    let seen = holds(samples::invoice(), async |client| {
        let mut invoice = CreateInvoice::new("12.50".parse().unwrap(), "USD")
            .order_id("sale-7")
            .metadata("posData", json!({ "tip": 0.5 }))
            .metadata("taxIncluded", 1.25);
        invoice.additional_search_terms = vec!["table 4".into()];
        invoice.receipt = Some(ReceiptOptions { show_qr: Some(true), ..Default::default() });
        invoice.checkout = Some(CheckoutOptions {
            speed_policy: Some(SpeedPolicy::HighSpeed),
            payment_methods: vec![PaymentMethodId::btc_ln(), PaymentMethodId::btc_chain()],
            default_payment_method: Some(PaymentMethodId::btc_ln()),
            lazy_payment_methods: Some(false),
            expiration_minutes: Some(15),
            monitoring_minutes: Some(60),
            payment_tolerance: Some(0.5),
            redirect_url: Some("https://till.example".into()),
            redirect_automatically: Some(true),
            default_language: Some("en".into()),
            extra: Extra::new(),
        });
        client.create_invoice("S1", &invoice).await
    })
    .await;
    assert_eq!((seen.method.as_str(), seen.path), ("POST", format!("{STORE}/invoices")));
    assert_eq!(seen.authorization.as_deref(), Some("token key"));
}

#[tokio::test]
async fn a_top_up_invoice_has_no_amount() {
    let seen = holds(samples::invoice(), async |client| {
        client.create_invoice("S1", &CreateInvoice::top_up("SATS")).await
    });
    assert_eq!(seen.await.json(), json!({ "currency": "SATS" }));
}

#[tokio::test]
async fn invoices_are_found_and_changed_as_the_document_says() {
    let invoice = samples::invoice;
    let query = InvoiceQuery {
        order_ids: vec!["a".into(), "b".into()],
        statuses: vec![InvoiceStatus::New, InvoiceStatus::Settled],
        text_search: Some("tea & cake".into()),
        start_date: Some(UnixTime(1)),
        end_date: Some(UnixTime(2)),
        include_payment_methods: true,
    };
    let mut full = invoice();
    full["paymentMethods"] = samples::invoice_payment_methods();
    let seen = holds(json!([full]), async |client| client.invoices_page("S1", &query, 0, 10).await);
    let asked: Vec<(String, String)> = seen.await.query;
    assert_eq!(asked[1], ("orderId".to_owned(), "b".to_owned()));
    assert_eq!(asked[4], ("textSearch".to_owned(), "tea & cake".to_owned()));

    holds(invoice(), async |client| client.invoice("S1", "I1").await).await;
    let metadata = Extra::from_iter([("orderId".to_owned(), json!("sale-8"))]);
    holds(invoice(), async |client| client.update_invoice_metadata("S1", "I1", &metadata).await)
        .await;
    holds(invoice(), async |client| client.mark_invoice("S1", "I1", MarkStatus::Settled).await)
        .await;
    holds(invoice(), async |client| client.unarchive_invoice("S1", "I1").await).await;
    holds(Value::Null, async |client| client.archive_invoice("S1", "I1").await).await;
    holds(samples::invoice_payment_methods(), async |client| {
        client.invoice_payment_methods("S1", "I1", true).await
    })
    .await;
    let seen = holds(Value::Null, async |client| {
        let method = PaymentMethodId::btc_ln();
        client.activate_invoice_payment_method("S1", "I1", &method).await
    });
    assert_eq!(seen.await.path, format!("{STORE}/invoices/I1/payment-methods/BTC-LN/activate"));
}

#[tokio::test]
async fn refunds_are_asked_as_the_document_says() {
    holds(samples::pull_payment(), async |client| {
        let refund = RefundInvoice {
            name: Some("Refund".into()),
            description: Some("cold".into()),
            payout_methods: Some(vec![PaymentMethodId::btc_ln()]),
            subtract_percentage: Some("2.1".parse().unwrap()),
            ..RefundInvoice::custom("5.00".parse().unwrap(), "USD")
        };
        client.refund_invoice("S1", "I1", &refund).await
    })
    .await;
    let seen = holds(samples::pull_payment(), async |client| {
        client.refund_invoice("S1", "I1", &RefundInvoice::new(RefundVariant::RateThen)).await
    });
    assert_eq!(seen.await.json(), json!({ "refundVariant": "RateThen" }));
    let data = json!({
        "paymentAmountThen": "0.0001", "paymentAmountNow": "0.00011", "invoiceAmount": "12.50",
        "paymentCurrency": "BTC", "paymentCurrencyDivisibility": 8, "invoiceCurrency": "USD",
        "invoiceCurrencyDivisibility": 2, "overpaidPaymentAmount": null
    });
    holds(data, async |client| {
        client.refund_trigger_data("S1", "I1", &PaymentMethodId::btc_ln()).await
    })
    .await;
}

#[tokio::test]
async fn pull_payments_and_cards_are_made_as_the_document_says() {
    let sample = samples::pull_payment;
    let mut wanted = CreatePullPayment {
        name: Some("Card 7".into()),
        description: Some("for Ann".into()),
        auto_approve_claims: true,
        starts_at: Some(UnixTime(1_790_000_000)),
        expires_at: Some(UnixTime(1_800_000_000)),
        payout_methods: Some(vec![PaymentMethodId::btc_ln()]),
        ..CreatePullPayment::new(100_000.into(), "SATS")
    };
    let asked = wanted.clone();
    holds(sample(), async |client| client.create_pull_payment("S1", &asked).await).await;
    // The document wants a string here; servers of every version take a number.
    wanted.bolt11_expiration = Some(30);
    assert_eq!(serde_json::to_value(&wanted).unwrap()["BOLT11Expiration"], 30);

    holds(json!([sample()]), async |client| client.pull_payments("S1", true).await).await;
    holds(sample(), async |client| client.pull_payment("PP1").await).await;
    holds(Value::Null, async |client| client.archive_pull_payment("S1", "PP1").await).await;
    let lnurl = json!({ "lnurlBech32": "LNURL1…", "lnurlUri": "lnurlw://pay.example/x" });
    holds(lnurl, async |client| client.pull_payment_lnurl("PP1").await).await;

    let uid = [0x04, 0xa3, 0x94, 0x93, 0xcc, 0x86, 0x80];
    let seen = holds(samples::boltcard(), async |client| {
        let card = RegisterBoltcard::by_uid(uid).on_existing(OnExisting::UpdateVersion);
        client.register_boltcard("PP1", &card).await
    });
    assert_eq!(
        seen.await.json(),
        json!({ "UID": "04a39493cc8680", "onExisting": "UpdateVersion" })
    );
    // The document does not have this form; the server's apps use it.
    let by_url = RegisterBoltcard::by_lnurlw("lnurlw://x?p=1&c=2");
    assert_eq!(serde_json::to_value(by_url).unwrap(), json!({ "LNURLW": "lnurlw://x?p=1&c=2" }));
}

#[tokio::test]
async fn payouts_are_claimed_and_marked_as_the_document_says() {
    let sample = samples::payout;
    let claim = CreatePayout {
        destination: "lnbcrt1…".into(),
        amount: Some("0.0001".parse().unwrap()),
        payout_method_id: PaymentMethodId::btc_ln(),
    };
    let by_store = CreateStorePayout {
        payout: claim.clone(),
        pull_payment_id: Some("PP1".into()),
        approved: true,
        metadata: Extra::from_iter([("source".to_owned(), json!("till"))]),
    };
    holds(sample(), async |client| client.claim_payout("PP1", &claim).await).await;
    holds(sample(), async |client| client.create_payout("S1", &by_store).await).await;
    holds(sample(), async |client| client.payout("S1", "P1").await).await;
    holds(sample(), async |client| client.pull_payment_payout("PP1", "P1").await).await;
    holds(json!([sample()]), async |client| client.payouts("S1", true).await).await;
    holds(json!([sample()]), async |client| client.pull_payment_payouts("PP1", false).await).await;
    holds(sample(), async |client| client.approve_payout("S1", "P1", 0, Some("1")).await).await;
    holds(Value::Null, async |client| client.cancel_payout("S1", "P1").await).await;
    holds(Value::Null, async |client| client.mark_payout_paid("S1", "P1").await).await;
    let seen = holds(Value::Null, async |client| {
        let proof = PaymentProof { proof_type: "Till".into(), ..Default::default() };
        let mark = MarkPayout { state: PayoutState::Completed, payment_proof: Some(proof) };
        client.mark_payout("S1", "P1", &mark).await
    });
    assert_eq!(seen.await.path, format!("{STORE}/payouts/P1/mark"));
}

#[tokio::test]
async fn webhooks_are_set_up_as_the_document_says() {
    let sample = samples::webhook;
    let events = AuthorizedEvents::only(["InvoiceSettled"]);
    let settings = WebhookSettings::new("https://till.example/hook", events, "s3cret".into());
    let mut made = sample();
    made["secret"] = json!("s3cret");
    holds(made, async |client| client.create_webhook("S1", &settings).await).await;
    holds(sample(), async |client| client.update_webhook("S1", "W1", &settings).await).await;
    holds(sample(), async |client| client.webhook("S1", "W1").await).await;
    holds(json!([sample()]), async |client| client.webhooks("S1").await).await;
    holds(Value::Null, async |client| client.delete_webhook("S1", "W1").await).await;
    let delivery = samples::delivery;
    holds(json!([delivery()]), async |client| client.webhook_deliveries("S1", "W1", Some(5)).await)
        .await;
    holds(delivery(), async |client| client.webhook_delivery("S1", "W1", "D1").await).await;
    holds(json!({ "type": "InvoiceSettled" }), async |client| {
        client.webhook_delivery_request("S1", "W1", "D1").await
    })
    .await;
    holds(json!("D2"), async |client| client.redeliver_webhook("S1", "W1", "D1").await).await;
}
