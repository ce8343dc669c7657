//! Lightning payments.

use btcpay_stand_in::Pay;
use lightning_invoice::{Bolt11Invoice, Currency};
use serde_json::json;

use crate::support::{Receiver, START, Shop};

fn read(method: &serde_json::Value) -> Bolt11Invoice {
    method["destination"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_lightning_invoice_is_signed_for_regtest_over_the_millisatoshi_of_the_rate() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({ "expirationMinutes": 5 })).await;
    let method = shop.method(&id, "BTC-LN").await;
    let bolt11 = read(&method);
    bolt11.check_signature().unwrap();
    assert_eq!(bolt11.currency(), Currency::Regtest);
    // 1000 of 19,500,000, rounded up.
    assert_eq!(bolt11.amount_milli_satoshis(), Some(5_128_206));
    assert_eq!(method["amount"], "0.00005128206");
    assert_eq!(bolt11.duration_since_epoch().as_secs(), START.unsigned_abs());
    assert_eq!(bolt11.expiry_time().as_secs(), 300);
    assert_eq!(method["paymentLink"], format!("lightning:{bolt11}"));
    shop.clean();
}

#[tokio::test]
async fn a_lightning_payment_settles_at_once_and_tells_of_every_step() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &[]).await;
    let id = shop.invoice(json!({})).await;
    let (payment, preimage) = shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    assert_eq!(shop.state(&id).await, "Settled None");
    let types = receiver.types(5).await;
    let steps = [
        "InvoiceCreated",
        "InvoiceReceivedPayment",
        "InvoicePaymentSettled",
        "InvoiceProcessing",
        "InvoiceSettled",
    ];
    assert_eq!(types, steps);
    let method = shop.method(&id, "BTC-LN").await;
    assert_eq!(payment, read(&method).payment_hash().to_string());
    assert_eq!(method["payments"][0]["id"], payment);
    assert_eq!(method["payments"][0]["status"], "Settled");
    assert_eq!(preimage.len(), 64);
    shop.clean();
}

#[tokio::test]
async fn it_is_paid_by_its_bolt11_and_only_once() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let bolt11 = shop.method(&id, "BTC-LN").await["destination"].as_str().unwrap().to_owned();
    shop.btcpay.pay_lightning(&bolt11.to_uppercase(), Pay::Exact).unwrap();
    let again = shop.btcpay.pay_lightning(&bolt11, Pay::Exact);
    assert!(again.unwrap_err().contains("paid already"));
}

#[tokio::test]
async fn more_than_asked_is_paid_over_and_due_falls_below_nothing() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_lightning(&id, Pay::Percent(150)).unwrap();
    assert_eq!(shop.state(&id).await, "Settled PaidOver");
    let method = shop.method(&id, "BTC-LN").await;
    assert_eq!(method["due"], "-0.00002564103");
    shop.clean();
}

#[tokio::test]
async fn after_a_part_there_is_a_new_lightning_invoice_over_the_rest() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let before = shop.method(&id, "BTC-LN").await["destination"].clone();
    shop.btcpay.pay_chain(&id, 2_000, 1).unwrap();
    assert_eq!(shop.state(&id).await, "New PaidPartial");
    let method = shop.method(&id, "BTC-LN").await;
    assert_ne!(method["destination"], before);
    assert_eq!(read(&method).amount_milli_satoshis(), Some(3_128_206));
    let chain = shop.method(&id, "BTC-CHAIN").await;
    let link = chain["paymentLink"].as_str().unwrap();
    assert!(link.contains("amount=0.00003129&lightning=LNBCRT"), "{link}");
    shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    assert_eq!(shop.state(&id).await, "Settled None");
    shop.clean();
}

#[tokio::test]
async fn a_top_up_takes_its_price_from_the_first_payment() {
    let shop = Shop::open().await;
    let (_, made) = shop.ask("POST", "/invoices", json!({ "currency": "JMD" })).await;
    assert_eq!(made["type"], "TopUp");
    let id = made["id"].as_str().unwrap();
    assert_eq!(read(&shop.method(id, "BTC-LN").await).amount_milli_satoshis(), None);
    shop.btcpay.pay_lightning(id, Pay::Msat(10_000_000)).unwrap();
    let paid = shop.get(&format!("/invoices/{id}")).await;
    assert_eq!(paid["amount"], "1950.00");
    assert_eq!(shop.state(id).await, "Settled None");
    shop.clean();
}
