//! Making invoices, and finding them again.

use btcpay_stand_in::{Lightning, Options};
use serde_json::{Value, json};

use crate::support::{START, Shop};

async fn refused(options: Options) -> String {
    let shop = Shop::open_with(options).await;
    let new = json!({ "amount": "10", "currency": "JMD" });
    let (code, wrong) = shop.ask("POST", "/invoices", new).await;
    assert_eq!(code, 400);
    assert_eq!(wrong["code"], "generic-error");
    shop.clean();
    wrong["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn without_a_rate_there_is_no_invoice() {
    let message = refused(Options { rate: None, ..Options::default() }).await;
    assert!(message.contains("BTC-LN") && message.contains("BTC_JMD"), "{message}");
}

#[tokio::test]
async fn without_a_wallet_there_is_no_invoice() {
    let bare = Options { chain: false, lightning: Lightning::Off, ..Options::default() };
    assert!(refused(bare).await.contains("No wallet has been linked"));
}

#[tokio::test]
async fn while_the_server_is_behind_the_chain_there_is_no_invoice() {
    let message = refused(Options { synced: false, ..Options::default() }).await;
    assert!(message.contains("Full node not available"), "{message}");
}

#[tokio::test]
async fn a_node_that_does_not_answer_is_missing_from_the_invoice() {
    let lightning = Lightning::Unreachable;
    let shop = Shop::open_with(Options { lightning, ..Options::default() }).await;
    let id = shop.invoice(json!({})).await;
    let all = shop.get(&format!("/invoices/{id}/payment-methods")).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    let only = json!({ "amount": "1", "checkout": { "paymentMethods": ["BTC-LN"] } });
    assert_eq!(shop.ask("POST", "/invoices", only).await.0, 400);
    shop.clean();
}

#[tokio::test]
async fn nothing_to_pay_settles_by_itself() {
    let shop = Shop::open().await;
    let (_, made) = shop.ask("POST", "/invoices", json!({ "amount": "0" })).await;
    assert_eq!(made["status"], "Settled");
    shop.clean();
}

#[tokio::test]
async fn what_the_code_would_not_take_is_422_with_its_fields() {
    let shop = Shop::open().await;
    let checkout = json!({ "paymentMethods": ["BTC-CASH"], "expirationMinutes": 0.1 });
    let new = json!({ "amount": "-1", "checkout": checkout });
    let (code, wrong) = shop.ask("POST", "/invoices", new).await;
    assert_eq!(code, 422);
    let paths: Vec<&Value> = wrong.as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert_eq!(paths, ["amount", "checkout.paymentMethods[0]", "checkout.expirationMinutes"]);
    shop.clean();
}

#[tokio::test]
async fn a_list_is_filtered_and_paged_newest_first() {
    let shop = Shop::open().await;
    let mut made = Vec::new();
    for number in 0..5 {
        let metadata = json!({ "orderId": format!("order-{}", number / 2) });
        let terms = [format!("till {number}")];
        let new = json!({ "amount": "5", "metadata": metadata, "additionalSearchTerms": terms });
        let (_, one) = shop.ask("POST", "/invoices", new).await;
        made.push(one["id"].as_str().unwrap().to_owned());
        shop.btcpay.advance(10);
    }
    shop.btcpay.mark(&made[3], true).unwrap();
    let cases: [(&str, &[usize]); 8] = [
        ("", &[4, 3, 2, 1, 0]),
        ("?skip=1&take=2", &[3, 2]),
        ("?orderId=order-1", &[3, 2]),
        ("?orderId=order-0&orderId=order-2", &[4, 1, 0]),
        ("?status=Settled", &[3]),
        ("?status=Settled&status=Expired", &[3]),
        ("?textSearch=TILL%204", &[4]),
        (&format!("?startDate={}&endDate={}", START + 10, START + 20), &[2, 1]),
    ];
    for (query, wanted) in cases {
        let list = shop.get(&format!("/invoices{query}")).await;
        let ids: Vec<&str> =
            list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        let wanted: Vec<&str> = wanted.iter().map(|at| made[*at].as_str()).collect();
        assert_eq!(ids, wanted, "{query}");
    }
    shop.clean();
}

#[tokio::test]
async fn metadata_is_replaced_and_an_archived_invoice_leaves_the_list() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let path = format!("/invoices/{id}");
    let metadata = json!({ "orderId": "a", "ours": { "deep": [1] } });
    let (_, shown) = shop.ask("PUT", &path, json!({ "metadata": metadata })).await;
    assert_eq!(shown["metadata"], metadata);
    assert_eq!(shop.ask("DELETE", &path, Value::Null).await, (200, Value::Null));
    assert_eq!(shop.get("/invoices").await, json!([]));
    let with_all = shop.get("/invoices?includeArchived=true").await;
    assert_eq!(with_all[0]["archived"], true);
    let path = format!("{path}/unarchive");
    assert_eq!(shop.ask("POST", &path, Value::Null).await.0, 200);
    assert_eq!(shop.ask("POST", &path, Value::Null).await.1["code"], "already-unarchived");
    shop.clean();
}

#[tokio::test]
async fn the_unnested_path_is_the_same_invoice() {
    let shop = Shop::open().await;
    let id = shop.invoice(json!({})).await;
    let path = format!("/api/v1/invoices/{id}");
    let (code, shown) = shop.ask_at("GET", &path, &shop.key, Value::Null).await;
    assert_eq!((code, &shown["id"]), (200, &json!(id)));
    let (code, wrong) = shop.ask_at("GET", "/api/v1/invoices/none", &shop.key, Value::Null).await;
    assert_eq!((code, &wrong["code"]), (404, &json!("invoice-not-found")));
    shop.clean();
}

#[tokio::test]
async fn an_amount_past_all_money_is_refused_in_words() {
    let shop = Shop::open().await;
    let amounts = [("79228162514264337593543950335", 422), ("18446744073709551615", 200)];
    for (amount, wanted) in amounts {
        let new = json!({ "amount": amount, "currency": "BTC" });
        let (code, answer) = shop.ask("POST", "/invoices", new).await;
        assert_eq!(code, wanted, "{answer}");
    }
    shop.clean();
}
