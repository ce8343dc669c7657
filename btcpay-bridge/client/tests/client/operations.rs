//! The other operations, held to the document.

use btcpay_client::api_key::{ConsentRequest, CreateApiKey, policy};
use btcpay_client::app::{AppItem, PosSettings, PosView};
use btcpay_client::lightning::{CreateLightningInvoice, PayLightningInvoice};
use btcpay_client::payment_method::UpdatePaymentMethod;
use btcpay_client::payout_processor::UpdateLightningPayouts;
use btcpay_client::store::{Store, StoreSettings};
use btcpay_client::user::CreateUser;
use btcpay_client::{Client, PaymentMethodId};
use serde_json::{Value, json};

use super::contract::holds;
use super::document::{consent_names, permissions};
use super::samples;

#[tokio::test]
async fn the_server_and_its_keys() {
    holds(json!({ "synchronized": true }), async |client| client.health().await).await;
    let info = json!({
        "version": "2.4.1", "onion": "abc.onion", "supportedPaymentMethods": ["BTC-LN"],
        "fullySynched": true, "syncStatus": [{
            "paymentMethodId": "BTC-CHAIN", "chainHeight": 900_000, "syncHeight": 900_000,
            "nodeInformation": { "headers": 9, "blocks": 9, "verificationProgress": 1.0 },
            "available": true
        }]
    });
    holds(info, async |client| client.server_info().await).await;
    let key = json!({ "apiKey": "k", "label": "till", "permissions": ["a:S1"] });
    holds(key.clone(), async |client| client.current_api_key().await).await;
    let wanted = CreateApiKey { label: Some("till".into()), permissions: vec!["a:S1".into()] };
    holds(key.clone(), async |client| client.create_api_key(&wanted).await).await;
    holds(key, async |client| client.create_user_api_key("a@b.c", &wanted).await).await;
    holds(Value::Null, async |client| client.revoke_current_api_key().await).await;
}

#[tokio::test]
async fn people() {
    let user = json!({
        "id": "U1", "email": "ann@till.example", "name": "Ann", "emailConfirmed": true,
        "requiresEmailConfirmation": false, "approved": true, "requiresApproval": false,
        "created": 1_790_000_000, "disabled": false, "roles": ["ServerAdmin"]
    });
    holds(user.clone(), async |client| client.current_user().await).await;
    let ann = CreateUser {
        name: Some("Ann".into()),
        is_administrator: Some(true),
        send_invitation_email: Some(false),
        ..CreateUser::new("ann@till.example", "correct horse")
    };
    holds(user.clone(), async |client| client.create_user(&ann).await).await;
    let mut worker = user;
    for (name, value) in [("userId", "U1"), ("role", "Owner"), ("storeRole", "Owner")] {
        worker[name] = json!(value);
    }
    holds(json!([worker]), async |client| client.store_users("S1").await).await;
}

#[tokio::test]
async fn stores_and_their_rates() {
    let sample = samples::store;
    let read: Store = serde_json::from_value(sample()).unwrap();
    assert!(read.settings.extra.is_empty(), "{:?}", read.settings.extra);
    holds(json!([sample()]), async |client| client.stores().await).await;
    holds(sample(), async |client| client.store("S1").await).await;
    let named = StoreSettings { name: Some("Café".into()), ..Default::default() };
    holds(sample(), async |client| client.create_store(&named).await).await;
    holds(sample(), async |client| client.update_store("S1", &read.settings).await).await;
    holds(Value::Null, async |client| client.delete_store("S1").await).await;
    let rates = json!([
        { "currencyPair": "BTC_USD", "rate": "65000.12", "errors": [] },
        { "currencyPair": "BTC_XXX", "errors": ["no rate"] }
    ]);
    let pairs = ["BTC_USD", "BTC_XXX"];
    let seen = holds(rates, async |client| client.store_rates("S1", &pairs).await).await;
    assert_eq!(seen.query.len(), 2);
}

#[tokio::test]
async fn payment_methods_of_a_store() {
    let sample = json!({
        "paymentMethodId": "BTC-LN", "enabled": true, "config": { "connectionString": "type=…" }
    });
    let method = PaymentMethodId::btc_ln();
    holds(json!([sample]), async |client| {
        client.store_payment_methods("S1", Some(true), true).await
    })
    .await;
    holds(sample.clone(), async |client| client.store_payment_method("S1", &method, true).await)
        .await;
    holds(sample, async |client| {
        let change = UpdatePaymentMethod::lightning("type=clightning;server=unix://rpc");
        client.update_store_payment_method("S1", &method, &change).await
    })
    .await;
    holds(Value::Null, async |client| client.delete_store_payment_method("S1", &method).await)
        .await;
}

#[tokio::test]
async fn points_of_sale() {
    let item = json!({
        "id": "tea", "title": "Tea", "price": "2.50", "priceType": "Fixed", "inventory": 3,
        "disabled": false, "categories": ["hot"]
    });
    let app = json!({
        "id": "A1", "appName": "Bar", "storeId": "S1", "created": 1_790_000_000,
        "appType": "PointOfSale", "archived": false, "title": "Bar", "defaultView": "Light",
        "showItems": true, "enableTips": true, "customTipPercentages": [10, 15],
        "currency": "USD", "items": [item], "htmlLang": "en"
    });
    let tea: AppItem = serde_json::from_value(item).unwrap();
    let settings = PosSettings {
        app_name: Some("Bar".into()),
        default_view: Some(PosView::Cart),
        custom_tip_percentages: Some(vec![10, 15]),
        ..Default::default()
    }
    .items(&[tea]);
    assert!(settings.template.as_deref().is_some_and(|text| text.contains(r#""price":"2.50""#)));
    holds(app.clone(), async |client| client.create_pos_app("S1", &settings).await).await;
    holds(app.clone(), async |client| client.update_pos_app("A1", &settings).await).await;
    holds(app.clone(), async |client| client.pos_app("A1").await).await;
    let base = json!([{ "id": "A1", "appName": "Bar", "storeId": "S1", "appType": "PointOfSale" }]);
    holds(base, async |client| client.apps("S1").await).await;
    holds(Value::Null, async |client| client.delete_app("A1").await).await;
    let day = json!({ "date": 1_790_000_000, "label": "Sep 21", "salesCount": 2 });
    let sales = json!({ "salesCount": 2, "series": [day] });
    holds(sales, async |client| client.app_sales("A1", Some(7)).await).await;
    let top = json!([{
        "itemCode": "tea", "title": "Tea", "salesCount": 2, "total": "5.00",
        "totalFormatted": "5.00 USD"
    }]);
    holds(top, async |client| client.app_top_items("A1", Some(5), Some(0)).await).await;
}

#[tokio::test]
async fn the_lightning_node() {
    let info = json!({
        "nodeURIs": ["02ab@host:9735"], "blockHeight": 9, "alias": "shop", "color": "#000000",
        "version": "0.21", "peersCount": 1, "activeChannelsCount": 1, "inactiveChannelsCount": 0,
        "pendingChannelsCount": 0
    });
    holds(info, async |client| client.lightning_info("S1").await).await;
    let balance = json!({
        "onchain": { "confirmed": "1000", "unconfirmed": "0", "reserved": null },
        "offchain": { "opening": "0", "local": "5000000", "remote": "1", "closing": "0" }
    });
    holds(balance, async |client| client.lightning_balance("S1").await).await;
    let invoice = json!({
        "id": "ab", "status": "Unpaid", "BOLT11": "lnbcrt1…", "paidAt": null,
        "expiresAt": 1_790_000_000, "amount": "1000", "amountReceived": "0", "paymentHash": "ab",
        "preimage": null
    });
    let wanted = CreateLightningInvoice {
        description: Some("tea".into()),
        description_hash_only: Some(true),
        private_route_hints: Some(false),
        ..CreateLightningInvoice::new(1_000, 600)
    };
    holds(invoice.clone(), async |client| client.create_lightning_invoice("S1", &wanted).await)
        .await;
    holds(invoice, async |client| client.lightning_invoice("S1", "ab").await).await;
    let payment = json!({
        "id": "ab", "status": "Complete", "BOLT11": "lnbc1", "paymentHash": "ab", "preimage": "cd",
        "createdAt": 1_790_000_000, "totalAmount": "100010", "feeAmount": "10"
    });
    let pay = PayLightningInvoice {
        bolt11: "lnbc1".into(),
        max_fee_sat: Some(21),
        send_timeout_seconds: Some(5),
    };
    holds(payment.clone(), async |client| client.pay_lightning_invoice("S1", &pay).await).await;
    holds(payment, async |client| client.lightning_payment("S1", "ab").await).await;
}

#[tokio::test]
async fn what_the_server_pays_by_itself() {
    let method = PaymentMethodId::btc_ln();
    let processors = json!([{
        "name": "LightningAutomatedPayoutSenderFactory", "friendlyName": "Lightning",
        "payoutMethods": ["BTC-LN"]
    }]);
    holds(processors, async |client| client.payout_processors("S1").await).await;
    let settings = json!({
        "payoutMethodId": "BTC-LN", "intervalSeconds": 60, "cancelPayoutAfterFailures": null,
        "processNewPayoutsInstantly": true
    });
    holds(json!([settings]), async |client| client.lightning_payouts("S1", &method).await).await;
    let wanted = UpdateLightningPayouts {
        interval_seconds: 60,
        cancel_payout_after_failures: Some(3),
        process_new_payouts_instantly: true,
    };
    holds(settings, async |client| client.update_lightning_payouts("S1", &method, &wanted).await)
        .await;
    holds(Value::Null, async |client| client.remove_lightning_payouts("S1", &method).await).await;
}

#[test]
fn policies_are_those_of_the_document() {
    let policies = [
        policy::VIEW_STORE_SETTINGS,
        policy::MODIFY_STORE_SETTINGS,
        policy::VIEW_INVOICES,
        policy::CREATE_INVOICE,
        policy::MODIFY_INVOICES,
        policy::MODIFY_WEBHOOKS,
        policy::VIEW_PULL_PAYMENTS,
        policy::CREATE_NON_APPROVED_PULL_PAYMENTS,
        policy::CREATE_PULL_PAYMENTS,
        policy::ARCHIVE_PULL_PAYMENTS,
        policy::MANAGE_PULL_PAYMENTS,
        policy::VIEW_PAYOUTS,
        policy::MANAGE_PAYOUTS,
        policy::VIEW_LIGHTNING_INVOICE,
        policy::CREATE_LIGHTNING_INVOICE,
        policy::USE_LIGHTNING_NODE,
        policy::UNRESTRICTED,
    ];
    let known = permissions();
    for policy in policies {
        assert!(known.contains(&format!("`{policy}`")), "{policy}");
    }
}

#[test]
fn the_page_that_asks_for_consent() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder("https://pay.example/btcpay").build().unwrap();
    let address = client.consent_url(&ConsentRequest {
        permissions: vec!["a".into(), "b:S1".into()],
        application_name: "Till & Co".into(),
        application_identifier: Some("till".into()),
        selective_stores: true,
        redirect: Some("https://till.example/back?state=1".into()),
        ..Default::default()
    });
    let (page, query) = address.split_once('?').unwrap();
    assert_eq!(page, "https://pay.example/btcpay/api-keys/authorize");
    assert!(query.starts_with("permissions=a&permissions=b%3AS1&applicationName=Till+%26+Co&"));
    let known = consent_names();
    for pair in query.split('&') {
        assert!(known.iter().any(|name| Some(name.as_str()) == pair.split('=').next()), "{pair}");
    }
}
