//! The webhook's door: what is let in, what is kept, and what is read of it.

use axum::body::Body;
use axum::http::Request;
use btcpay_bridge::Secret;
use btcpay_client::webhook::sign;
use btcpay_stand_in::{Pay, Switches};
use pos_server::rails::secrets_purpose;
use pos_server::web;
use pos_server::worker::read_deliveries;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::bar::{Bar, HOOK_SECRET, secrets};
use crate::on_both;

impl Bar {
    /// A message at the door, and the answer.
    async fn knock(&self, body: &[u8], signature: Option<&str>) -> u16 {
        let mut request = Request::post(format!("/hooks/btcpay/{}", self.connection));
        if let Some(signature) = signature {
            request = request.header("BTCPay-Sig", signature);
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let Ok(answer) = web::site(&self.house.app).oneshot(request).await;
        answer.status().as_u16()
    }

    async fn signed(&self, body: &Value) -> u16 {
        let body = serde_json::to_vec_pretty(body).unwrap();
        self.knock(&body, Some(&by(HOOK_SECRET, &body))).await
    }

    /// What is kept: kind, state and note of each.
    async fn kept(&self) -> Vec<(String, String, String)> {
        let all = self.app().db.deliveries(&self.connection, 100).await.unwrap();
        let mut all: Vec<_> = all.into_iter().map(|one| (one.kind, one.state, one.note)).collect();
        all.sort();
        all
    }

    fn silent(&self) {
        self.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
    }
}

fn by(secret: &str, body: &[u8]) -> String {
    sign(&Secret::new(secret), body)
}

fn event(original: &str, kind: &str, store: &str, invoice: &str) -> Value {
    json!({
        "deliveryId": original, "webhookId": "w", "originalDeliveryId": original,
        "isRedelivery": false, "type": kind, "timestamp": 1_795_003_200, "storeId": store,
        "invoiceId": invoice, "metadata": {},
    })
}

fn three(kind: &str, state: &str, note: &str) -> (String, String, String) {
    (kind.into(), state.into(), note.into())
}

on_both! {
    async fn only_who_knows_the_secret_is_let_in(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let body = event("d", "InvoiceSettled", &bar.btcpay.store_id(), "x").to_string();
        let good = by(HOOK_SECRET, body.as_bytes());
        let wrong = by("a guess", body.as_bytes());
        let bare = good.trim_start_matches("sha256=").to_owned();
        for bad in [Some(&wrong[..]), Some(&good[..40]), Some(&bare[..]), Some(""), Some("☕"), None] {
            assert_eq!(bar.knock(body.as_bytes(), bad).await, 401, "{bad:?}");
        }
        let mut changed = body.clone().into_bytes();
        changed.push(b' ');
        assert_eq!(bar.knock(&changed, Some(&good)).await, 401, "another body");
        assert!(bar.kept().await.is_empty());
        assert_eq!(bar.knock(body.as_bytes(), Some(&good)).await, 200);
    }

    async fn a_replay_and_a_redelivery_are_kept_once(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let mut said = event("d", "InvoiceSettled", &bar.btcpay.store_id(), "x");
        for _ in 0..3 {
            assert_eq!(bar.signed(&said).await, 200);
        }
        said["deliveryId"] = "another".into();
        said["isRedelivery"] = true.into();
        assert_eq!(bar.signed(&said).await, 200);
        assert_eq!(bar.kept().await.len(), 1);
    }

    async fn what_is_of_no_use_is_kept_and_answered_well(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let store = bar.btcpay.store_id();
        let sale = bar.charge(100_000).await;
        let ours = bar.shown(&sale).await;
        for said in [
            event("1", "InvoiceSettled", &store, "NobodysInvoice"),
            event("2", "InvoiceSettled", "another store", &ours),
            event("3", "InvoiceTurnedBlue", &store, &ours),
            event("4", "Zero\u{0}", &store, "\u{0}"),
        ] {
            assert_eq!(bar.signed(&said).await, 200);
        }
        let mut without = event("5", "PayoutCreated", &store, "");
        without.as_object_mut().unwrap().remove("invoiceId");
        for (name, value) in [("payoutId", "p"), ("pullPaymentId", "q"), ("payoutState", "AwaitingApproval")] {
            without[name] = value.into();
        }
        assert_eq!(bar.signed(&without).await, 200);
        assert_eq!(bar.knock(b"{\0", Some(&by(HOOK_SECRET, b"{\0"))).await, 200);
        for _ in 0..6 {
            read_deliveries(bar.app()).await.unwrap();
            bar.later(3);
        }
        let nobody = "No till made this invoice.";
        let mut want = vec![
            three("InvoiceSettled", "kept", "It comes from another store."),
            three("InvoiceSettled", "kept", nobody),
            three("InvoiceTurnedBlue", "done", ""),
            three("PayoutCreated", "done", ""),
            three("Zero\u{fffd}", "kept", nobody),
            three("unreadable", "kept", "It cannot be read."),
        ];
        want.sort();
        assert_eq!(bar.kept().await, want);
        assert_eq!(bar.sale(&sale).await.state, "open", "a word is no money");
    }

    async fn after_a_rotation_the_old_secret_is_good_and_an_older_one_not(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let mut secrets = secrets(&bar.btcpay, &bar.key);
        secrets.hook_secrets = vec![Secret::new("new"), Secret::new("old")];
        let open = serde_json::to_vec(&secrets).unwrap();
        let sealed = bar.app().seal.seal(&secrets_purpose(&bar.connection), &open).unwrap();
        let mut tx = bar.app().db.begin().await.unwrap();
        tx.reseal_connection(&bar.connection, sealed).await.unwrap();
        tx.commit().await.unwrap();
        let said = event("d", "InvoiceSettled", &bar.btcpay.store_id(), "x").to_string();
        for (secret, answer) in [("new", 200), ("old", 200), (HOOK_SECRET, 401), ("", 401)] {
            assert_eq!(bar.knock(said.as_bytes(), Some(&by(secret, said.as_bytes()))).await, answer);
        }
    }

    async fn what_is_too_large_or_cannot_be_kept_says_so(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let large = vec![b' '; 300 * 1024];
        assert_eq!(bar.knock(&large, Some(&by(HOOK_SECRET, &large))).await, 413);
        let Ok(nobody) = web::site(&bar.house.app)
            .oneshot(Request::post("/hooks/btcpay/nobody").body(Body::empty()).unwrap()).await;
        assert_eq!(nobody.status().as_u16(), 404);
        let said = event("d", "InvoiceSettled", &bar.btcpay.store_id(), "x");
        bar.app().db.close().await;
        assert_eq!(bar.signed(&said).await, 503, "so that BTCPay sends it again");
    }

    async fn doubled_and_shuffled_they_come_to_the_same(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.btcpay.webhooks(Switches { hold: true, duplicate: true, ..Switches::default() });
        let mut sales = Vec::new();
        for part in 1..4 {
            let sale = bar.charge(part * 50_000).await;
            bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
            sales.push(sale);
        }
        bar.btcpay.release(true);
        for sale in &sales {
            bar.hears(sale, "paid").await;
        }
        // Created, received, payment settled, processing, settled: of each invoice, and once.
        let kept = bar.deliveries(15).await;
        assert_eq!(kept.len(), 15);
        bar.all_is_right().await;
    }

    async fn a_message_that_comes_while_btcpay_is_silent_is_read_later(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silent();
        let sale = bar.charge(100_000).await;
        let invoice = bar.shown(&sale).await;
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.signed(&event("d", "InvoiceSettled", &bar.btcpay.store_id(), &invoice)).await;
        bar.btcpay.down(true);
        read_deliveries(bar.app()).await.unwrap();
        let [(_, state, why)] = &bar.kept().await[..] else { panic!("one") };
        assert_eq!((state.as_str(), why.as_str()), ("new", "BTCPay does not answer"));
        bar.btcpay.down(false);
        bar.later(3);
        bar.hears(&sale, "paid").await;
        assert_eq!(bar.kept().await, [three("InvoiceSettled", "done", "")]);
        bar.all_is_right().await;
    }
}
