//! Payments on chain, and what time does.

use btcpay_stand_in::{Chain, Options, Pay};
use serde_json::json;

use crate::support::{Receiver, Shop};

#[tokio::test]
async fn a_payment_on_chain_is_processing_until_its_confirmations() {
    for (speed, needed) in [("MediumSpeed", 1), ("LowMediumSpeed", 2), ("LowSpeed", 6)] {
        let shop = Shop::open().await;
        let id = shop.invoice(json!({ "speedPolicy": speed })).await;
        let due = shop.sats_due(&id).await;
        let payment = shop.btcpay.pay_chain(&id, due, 0).unwrap();
        assert!(payment.ends_with("-0") && payment.len() == 66, "{payment}");
        assert_eq!(shop.state(&id).await, "Processing None", "{speed}");
        shop.btcpay.confirm(&payment, needed - 1).unwrap();
        assert_eq!(shop.state(&id).await, "Processing None", "{speed}");
        shop.btcpay.confirm(&payment, 1).unwrap();
        assert_eq!(shop.state(&id).await, "Settled None", "{speed}");
        shop.clean();
    }
}

#[tokio::test]
async fn high_speed_settles_unconfirmed_unless_the_payment_may_be_replaced() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({ "speedPolicy": "HighSpeed" })).await;
    shop.btcpay.pay_chain(&id, shop.sats_due(&id).await, 0).unwrap();
    assert_eq!(shop.state(&id).await, "Settled None");

    let id = shop.invoice(json!({ "speedPolicy": "HighSpeed" })).await;
    let how = Chain { replaceable: true, ..Chain::default() };
    shop.btcpay.pay_chain_with(&id, how).unwrap();
    assert_eq!(shop.state(&id).await, "Processing None");
}

#[tokio::test]
async fn a_payment_taken_back_after_settling_is_invalid_and_the_invoice_stays_settled() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({ "speedPolicy": "HighSpeed" })).await;
    let payment = shop.btcpay.pay_chain(&id, shop.sats_due(&id).await, 0).unwrap();
    shop.btcpay.double_spend(&payment).unwrap();
    assert_eq!(shop.state(&id).await, "Settled None");
    let method = shop.method(&id, "BTC-CHAIN").await;
    assert_eq!(method["payments"][0]["status"], "Invalid");
    assert_eq!(method["totalPaid"], "0");
    let accounted = shop.get(&format!("/invoices/{id}/payment-methods")).await;
    assert_eq!(accounted[0]["payments"], json!([]));
    shop.clean();
}

#[tokio::test]
async fn a_payment_taken_back_before_makes_the_invoice_new_again() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let due = shop.sats_due(&id).await;
    shop.btcpay.pay_chain(&id, due / 2, 0).unwrap();
    let second = shop.btcpay.pay_chain(&id, due, 0).unwrap();
    assert_eq!(shop.state(&id).await, "Processing PaidOver");
    shop.btcpay.double_spend(&second).unwrap();
    assert_eq!(shop.state(&id).await, "New PaidPartial");
    shop.clean();
}

#[tokio::test]
async fn unconfirmed_at_the_end_of_monitoring_is_invalid() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_chain(&id, shop.sats_due(&id).await, 0).unwrap();
    shop.btcpay.advance(15 * 60 + 24 * 3600);
    assert_eq!(shop.state(&id).await, "Processing None");
    shop.btcpay.advance(1);
    assert_eq!(shop.state(&id).await, "Invalid None");
}

#[tokio::test]
async fn too_little_stays_new_and_expires_as_partly_paid() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoiceExpired", "InvoiceExpiredPaidPartial"]).await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_chain(&id, 1_000, 1).unwrap();
    assert_eq!(shop.state(&id).await, "New PaidPartial");
    shop.btcpay.advance(15 * 60);
    assert_eq!(shop.state(&id).await, "Expired PaidPartial");
    let types = receiver.types(2).await;
    assert_eq!(types, ["InvoiceExpired", "InvoiceExpiredPaidPartial"]);
    assert_eq!(receiver.all()[0].body["partiallyPaid"], true);
    shop.clean();
}

#[tokio::test]
async fn unpaid_expires_and_a_full_late_payment_leaves_it_expired() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoicePaidAfterExpiration", "InvoiceReceivedPayment"]).await;
    let id = shop.invoice(json!({ "expirationMinutes": 1 })).await;
    shop.btcpay.advance(60);
    assert_eq!(shop.state(&id).await, "Expired None");
    shop.btcpay.pay_chain(&id, shop.sats_due(&id).await, 6).unwrap();
    assert_eq!(shop.state(&id).await, "Expired PaidLate");
    let types = receiver.types(2).await;
    assert_eq!(types, ["InvoiceReceivedPayment", "InvoicePaidAfterExpiration"]);
    assert_eq!(receiver.all()[0].body["afterExpiration"], true);
    shop.clean();
}

#[tokio::test]
async fn a_part_before_expiry_and_the_rest_after_is_paid_late() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    shop.btcpay.pay_chain(&id, 1_000, 1).unwrap();
    shop.btcpay.expire(&id).unwrap();
    assert_eq!(shop.state(&id).await, "Expired PaidPartial");
    shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    assert_eq!(shop.state(&id).await, "Expired PaidLate");
}

#[tokio::test]
async fn a_payment_within_the_tolerance_is_full() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({ "paymentTolerance": 10, "speedPolicy": "HighSpeed" })).await;
    let due = shop.sats_due(&id).await;
    shop.btcpay.pay_chain(&id, due * 89 / 100, 0).unwrap();
    assert_eq!(shop.state(&id).await, "New PaidPartial");
    shop.btcpay.pay_chain(&id, due / 50, 0).unwrap();
    assert_eq!(shop.state(&id).await, "Settled None");
}

#[tokio::test]
async fn an_address_is_of_regtest_and_its_link_carries_both_ways_to_pay() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let method = shop.method(&id, "BTC-CHAIN").await;
    let address = method["destination"].as_str().unwrap();
    assert!(address.starts_with("bcrt1q") && address.len() == 44, "{address}");
    let link = method["paymentLink"].as_str().unwrap();
    assert!(link.starts_with(&format!("bitcoin:{address}?amount=0.00005129&lightning=LNBCRT")));
    let shop = Shop::open_with(Options { chain: false, ..Options::default() }).await;
    let id = shop.invoice(json!({})).await;
    let all = shop.get(&format!("/invoices/{id}/payment-methods")).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_part_taken_back_leaves_its_word_behind_as_in_btcpay() {
    let (shop, receiver) = (Shop::open().await, Receiver::open().await);
    shop.subscribe(&receiver, &["InvoiceExpired"]).await;
    let id = shop.invoice(json!({})).await;
    let payment = shop.btcpay.pay_chain(&id, 1_000, 0).unwrap();
    shop.btcpay.double_spend(&payment).unwrap();
    assert_eq!(shop.state(&id).await, "New PaidPartial");
    shop.btcpay.expire(&id).unwrap();
    assert_eq!(receiver.wait(1).await[0].body["partiallyPaid"], true);
    assert_eq!(shop.get(&format!("/invoices/{id}")).await["paidAmount"], "0");
}

#[tokio::test]
async fn a_block_cannot_be_taken_back_nor_a_lightning_payment() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let deep = shop.btcpay.pay_chain(&id, 1_000, 1).unwrap();
    shop.btcpay.double_spend(&deep).unwrap_err();
    let (fast, _) = shop.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
    shop.btcpay.double_spend(&fast).unwrap_err();
    shop.btcpay.double_spend("none").unwrap_err();
    assert_eq!(shop.state(&id).await, "Settled None");
}
