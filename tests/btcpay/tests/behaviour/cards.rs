//! Cards: registered, tapped, paid from a pull payment, topped up.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit as _};
use btcpay_stand_in::Processor;
use cmac::{Cmac, Mac};
use serde_json::{Value, json};

use crate::support::{Shop, send};

const UID: [u8; 7] = [0x04, 0xa3, 0x94, 0x93, 0xcc, 0x86, 0x80];

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Cmac::<Aes128>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// `p` and `c` of a chip with these keys.
fn tap(written: &Value, counter: u32) -> String {
    let key = |name: &str| hex::decode(written[name].as_str().unwrap()).unwrap();
    let counter = &counter.to_le_bytes()[..3];
    let block = [&[0xC7][..], &UID, counter, &[1, 2, 3, 4, 5]].concat();
    let mut p = <[u8; 16]>::try_from(block).unwrap().into();
    Aes128::new_from_slice(&key("K1")).unwrap().encrypt_block(&mut p);
    let sv2 = [&[0x3C, 0xC3, 0, 1, 0, 0x80], &UID[..], counter].concat();
    let whole = mac(&mac(&key("K2"), &sv2), &[]);
    let c: Vec<u8> = whole.into_iter().skip(1).step_by(2).collect();
    format!("p={}&c={}", hex::encode_upper(p), hex::encode_upper(c))
}

impl Shop {
    async fn pull(&self, amount: &str, currency: &str, approves: bool) -> String {
        let new = json!({
            "name": "Card 1", "amount": amount, "currency": currency,
            "autoApproveClaims": approves, "payoutMethods": ["BTC-LN"],
        });
        let (status, made) = self.ask("POST", "/pull-payments", new).await;
        assert_eq!(status, 200, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    async fn link(&self, pull: &str, body: Value) -> (u16, Value) {
        let path = format!("/api/v1/pull-payments/{pull}/boltcards");
        self.ask_at("POST", &path, "nobody", body).await
    }

    async fn page(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/{path}", self.btcpay.url());
        let (status, _, text) = send("GET", &url, "", String::new()).await.unwrap();
        (status, serde_json::from_slice(&text).unwrap_or(Value::Null))
    }

    async fn bolt11(&self, sats: u64) -> (String, String) {
        let amount = format!("0.{sats:08}");
        let new = json!({ "amount": amount, "currency": "BTC" });
        let (_, made) = self.ask("POST", "/invoices", new).await;
        let id = made["id"].as_str().unwrap().to_owned();
        let text = self.method(&id, "BTC-LN").await["destination"].as_str().unwrap().to_owned();
        (id, text)
    }
}

#[tokio::test]
async fn a_card_is_linked_kept_and_made_anew_as_its_words_say() {
    let shop = Shop::open().await;
    let (one, two) = (shop.pull("5000", "SATS", true).await, shop.pull("1", "BTC", true).await);
    let uid = json!({ "UID": hex::encode(UID) });
    let with = |how: &str| json!({ "UID": hex::encode(UID), "onExisting": how });
    assert_eq!(shop.link(&one, with("KeepVersion")).await.0, 422, "not registered yet");
    let (status, first) = shop.link(&one, uid.clone()).await;
    assert_eq!((status, &first["version"]), (200, &json!(0)));
    assert!(first["LNURLW"].as_str().unwrap().starts_with("lnurlw://127.0.0.1:"));
    assert_eq!(shop.link(&one, uid.clone()).await.1, first, "asked again: kept");
    assert_eq!(shop.link(&one, with("KeepVersion")).await.1, first);
    assert_eq!(shop.link(&two, with("KeepVersion")).await.0, 422, "linked elsewhere");
    assert_eq!(shop.link(&two, uid.clone()).await.0, 422, "linked elsewhere");
    let (_, next) = shop.link(&one, with("UpdateVersion")).await;
    assert_eq!(next["version"], 1);
    assert_eq!(next["K1"], first["K1"], "one for the server");
    assert_ne!(next["K2"], first["K2"]);
    let (_, moved) = shop.link(&two, with("UpdateVersion")).await;
    assert_eq!(moved["version"], 2);
    let by_link = json!({ "LNURLW": format!("lnurlw://x/boltcard?{}", tap(&moved, 9)) });
    assert_eq!(shop.link(&two, by_link).await.1, moved);
    shop.btcpay.reset_card(&UID);
    let again = shop.link(&one, uid).await.1;
    assert_eq!(again["version"], 3, "the version is kept over a reset");
    let dollars = shop.pull("5", "USD", true).await;
    let (status, refused) = shop.link(&dollars, json!({ "UID": hex::encode(UID) })).await;
    assert_eq!((status, refused["code"].as_str().unwrap()), (400, "lnurl-not-supported"));
    shop.clean();
}

#[tokio::test]
async fn a_tap_is_read_without_being_used_and_pays_once() {
    let shop = Shop::open().await;
    let pull = shop.pull("5000", "SATS", true).await;
    let written = shop.link(&pull, json!({ "UID": hex::encode(UID) })).await.1;
    let query = tap(&written, 1);
    for _ in 0..2 {
        let (status, page) = shop.page(&format!("boltcard?{query}")).await;
        assert_eq!((status, &page["tag"]), (200, &json!("withdrawRequest")));
        assert_eq!(page["maxWithdrawable"], 5_000_000);
    }
    let (invoice, pr) = shop.bolt11(2_000).await;
    let (status, said) = shop.page(&format!("boltcard?{query}&pr={pr}")).await;
    assert_eq!((status, &said["status"]), (200, &json!("OK")));
    assert_eq!(shop.state(&invoice).await, "Settled None");
    let (status, said) = shop.page(&format!("boltcard?{query}&pr={pr}")).await;
    assert_eq!((status, &said["status"]), (400, &json!("ERROR")), "used");
    let (_, page) = shop.page(&format!("boltcard?{}", tap(&written, 2))).await;
    assert_eq!(page["maxWithdrawable"], 3_000_000);
    let mut forged = written.clone();
    forged["K2"] = json!("00112233445566778899AABBCCDDEEFF");
    assert_eq!(shop.page(&format!("boltcard?{}", tap(&forged, 3))).await.0, 400);
    let payouts = shop.btcpay.payouts(&shop.store);
    assert_eq!(payouts.len(), 1);
    assert_eq!(
        (&payouts[0]["originalAmount"], &payouts[0]["payoutAmount"]),
        (&json!("2000"), &json!("0.00002"))
    );
    shop.clean();
}

#[tokio::test]
async fn a_payment_that_finds_no_route_gives_the_money_back_and_one_under_way_keeps_it() {
    let shop = Shop::open().await;
    let pull = shop.pull("0.00005", "BTC", true).await;
    let written = shop.link(&pull, json!({ "UID": hex::encode(UID) })).await.1;
    let left = async |counter: u32| {
        let (_, page) = shop.page(&format!("boltcard?{}", tap(&written, counter))).await;
        page["maxWithdrawable"].clone()
    };
    shop.btcpay.set_processor(Processor::Fails);
    let (invoice, pr) = shop.bolt11(2_000).await;
    let said = shop.page(&format!("boltcard?{}&pr={pr}", tap(&written, 1))).await;
    assert_eq!((said.0, &said.1["status"]), (400, &json!("ERROR")));
    assert_eq!(left(2).await, 5_000_000);
    shop.btcpay.set_processor(Processor::Stays);
    let said = shop.page(&format!("boltcard?{}&pr={pr}", tap(&written, 2))).await;
    assert_eq!((said.0, &said.1["status"]), (200, &json!("OK")));
    assert_eq!((left(3).await, shop.state(&invoice).await), (json!(3_000_000), "New None".into()));
    let payout = shop.btcpay.payouts(&shop.store).pop().unwrap();
    assert_eq!(payout["state"], "InProgress");
    shop.btcpay.end_payout(payout["id"].as_str().unwrap(), true).unwrap();
    assert_eq!(shop.state(&invoice).await, "Settled None");
    shop.btcpay.archive(&pull).unwrap();
    assert_eq!(shop.page(&format!("boltcard?{}", tap(&written, 4))).await.0, 404);
    shop.clean();
}

#[tokio::test]
async fn a_top_up_raises_what_the_card_holds_whatever_its_counter() {
    let shop = Shop::open().await;
    let pull = shop.pull("5000", "SATS", true).await;
    let written = shop.link(&pull, json!({ "UID": hex::encode(UID) })).await.1;
    let query = tap(&written, 1);
    let (_, page) = shop.page(&format!("boltcard/top-up?{query}")).await;
    assert_eq!(page["tag"], "payRequest");
    let (_, answer) = shop.page(&format!("boltcard/top-up?{query}&amount=1500000")).await;
    shop.btcpay.pay_lightning(answer["pr"].as_str().unwrap(), btcpay_stand_in::Pay::Exact).unwrap();
    let (_, page) = shop.page(&format!("boltcard?{query}")).await;
    assert_eq!(page["maxWithdrawable"], 6_500_000);
    shop.clean();
}

#[tokio::test]
async fn a_payout_goes_its_way_and_says_why_it_does_not() {
    let shop = Shop::open().await;
    shop.btcpay.set_processor(Processor::Off);
    let pull = shop.pull("5000", "SATS", false).await;
    let claim = |pr: &str| json!({ "destination": pr, "payoutMethodId": "BTC-LN" });
    let path = format!("/api/v1/pull-payments/{pull}/payouts");
    let (_, pr) = shop.bolt11(3_000).await;
    let (status, payout) = shop.ask_at("POST", &path, "nobody", claim(&pr)).await;
    assert_eq!((status, &payout["state"]), (200, &json!("AwaitingApproval")));
    let code = |answer: (u16, Value)| answer.1["code"].as_str().unwrap_or_default().to_owned();
    assert_eq!(code(shop.ask_at("POST", &path, "", claim(&pr)).await), "duplicate-destination");
    let (_, more) = shop.bolt11(2_001).await;
    assert_eq!(code(shop.ask_at("POST", &path, "", claim(&more)).await), "overdraft");
    let own = format!("/payouts/{}", payout["id"].as_str().unwrap());
    assert_eq!(code(shop.ask("POST", &own, json!({ "revision": 7 })).await), "old-revision");
    assert_eq!(
        code(shop.ask("POST", &format!("{own}/mark-paid"), Value::Null).await),
        "invalid-state"
    );
    let (status, approved) = shop.ask("POST", &own, json!({ "revision": 0 })).await;
    assert_eq!((status, &approved["state"]), (200, &json!("AwaitingPayment")));
    let mark = json!({ "state": "InProgress", "paymentProof": { "proofType": "Ours", "id": "x" } });
    assert_eq!(shop.ask("POST", &format!("{own}/mark"), mark).await.0, 200);
    assert_eq!(code(shop.ask("DELETE", &own, Value::Null).await), "invalid-state");
    assert_eq!(shop.ask("POST", &format!("{own}/mark-paid"), Value::Null).await.0, 200);
    assert_eq!(shop.get(&own).await["state"], "Completed");
    let new = json!({
        "destination": pr, "payoutMethodId": "BTC-LN", "approved": true, "metadata": { "ours": "r1" },
    });
    let (status, made) = shop.ask("POST", "/payouts", new).await;
    assert_eq!((status, &made["metadata"]["ours"]), (200, &json!("r1")), "{made}");
    let own = format!("/payouts/{}", made["id"].as_str().unwrap());
    assert_eq!(shop.ask("DELETE", &own, Value::Null).await.0, 200);
    assert_eq!(shop.get("/payouts").await.as_array().unwrap().len(), 1);
    assert_eq!(shop.get("/payouts?includeCancelled=true").await.as_array().unwrap().len(), 2);
    shop.btcpay.archive(&pull).unwrap();
    assert_eq!(code(shop.ask_at("POST", &path, "", claim(&more)).await), "archived");
    let weak = shop.btcpay.api_key(&["btcpay.store.cancreatenonapprovedpullpayments"]);
    let new = json!({ "name": "x", "amount": "1", "currency": "SATS", "autoApproveClaims": true });
    let (status, refused) = shop
        .ask_at("POST", &format!("/api/v1/stores/{}/pull-payments", shop.store), &weak, new)
        .await;
    assert_eq!((status, refused["code"].as_str().unwrap()), (403, "missing-permission"));
    shop.clean();
}

#[tokio::test]
async fn what_happens_to_payouts_is_told() {
    let shop = Shop::open().await;
    let heard = crate::support::Receiver::open().await;
    shop.subscribe(&heard, &["PayoutCreated", "PayoutApproved", "PayoutUpdated"]).await;
    let pull = shop.pull("5000", "SATS", true).await;
    let (_, pr) = shop.bolt11(1_000).await;
    let claim = json!({ "destination": pr, "payoutMethodId": "BTC-LN" });
    shop.ask_at("POST", &format!("/api/v1/pull-payments/{pull}/payouts"), "", claim).await;
    let told = heard.types(3).await;
    assert_eq!(told, ["PayoutCreated", "PayoutApproved", "PayoutUpdated"]);
    shop.clean();
}
