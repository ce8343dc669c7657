//! What goes wrong, and what the caller learns of it.

use std::time::Duration;

use btcpay_client::invoice::{CreateInvoice, InvoiceQuery};
use btcpay_client::{Client, Error, FieldError, RetryPolicy};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use super::samples;
use super::server::{Answer, Server, answer};

async fn failing(answer: Answer) -> Error {
    let server = Server::saying(vec![answer]).await;
    let error = server.client().invoice("S1", "I1").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    error
}

#[tokio::test]
async fn every_refusal_is_told_apart() {
    assert_eq!(failing(answer(401, "")).await, Error::Unauthorized);
    let body =
        r#"{"code":"missing-permission","message":"no","missingPermission":"btcpay.store.x"}"#;
    let error = failing(answer(403, body)).await;
    assert!(error.is_denied());
    assert_eq!(error.code(), Some("missing-permission"));
    assert_eq!(error.to_string(), "this API key lacks a permission: btcpay.store.x");

    let error = failing(answer(404, r#"{"code":"invoice-not-found","message":"The…"}"#)).await;
    assert!(error.is_not_found() && error.code() == Some("invoice-not-found"));
    assert!(failing(answer(404, r#"{"title":"Not Found","status":404}"#)).await.is_not_found());
    // The server's word that there is no such invoice, and not something else's.
    for body in ["<html>s3cret", r#"{"error":"s3cret"}"#, "{}", ""] {
        assert!(!failing(answer(404, body)).await.is_not_found());
    }

    let error = failing(answer(400, r#"{"code":"non-refundable","message":"Cannot"}"#)).await;
    assert_eq!(error.to_string(), "refused (400, non-refundable) – Cannot");
    let body = r#"[{"path":"amount","message":"too small"},{"path":"","message":"odd"}]"#;
    for status in [422, 400] {
        let error = failing(answer(status, body)).await;
        let Error::Invalid(fields) = &error else { panic!("{error:?}") };
        assert_eq!(fields[0], FieldError { path: "amount".into(), message: "too small".into() });
        assert_eq!(error.to_string(), "amount: too small; odd");
    }
    let error = failing(answer(503, r#"{"code":"lightning-node-unavailable","message":""}"#)).await;
    assert!(error.outcome_unknown() && error.code() == Some("lightning-node-unavailable"));
}

#[tokio::test]
async fn what_is_no_answer_of_greenfield_is_not_shown() {
    for body in ["<html>s3cret</html>", r#"{"id":"s3cret"}"#, r#"{"id":["s3cret"]}"#, "", "{"] {
        let error = failing(answer(200, body)).await;
        assert!(matches!(error, Error::Unreadable { status: 200, .. }), "{error:?}");
        assert!(error.outcome_unknown());
    }
    let error = failing(answer(200, r#"{"id":"s3cret"}"#)).await;
    assert!(error.to_string().contains("missing field `amount`"), "{error}");
}

#[tokio::test]
async fn a_large_answer_is_cut() {
    let server = Server::saying(vec![answer(200, vec![b' '; 1_001])]).await;
    let client = server.builder().answer_limit(1_000).build().unwrap();
    let error = client.stores().await.unwrap_err();
    assert_eq!(error, Error::TooLarge { status: 200, limit: 1_000 });
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let moved = answer(301, "").header("location", "https://other.example/secret?path");
    let server = Server::saying(vec![moved]).await;
    let error = server.client().stores().await.unwrap_err();
    let to = Some("https://other.example".to_owned());
    assert_eq!(error, Error::Redirected { status: 301, to });
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn reads_are_repeated_and_writes_never() {
    let away = || answer(503, "");
    let ready = answer(200, r#"{"synchronized":true}"#);
    let server = Server::saying(vec![away(), away(), ready.clone()]).await;
    assert!(server.client().health().await.unwrap().synchronized);
    assert_eq!(server.seen().len(), 3);

    let server = Server::saying(vec![away()]).await;
    assert!(server.client().health().await.unwrap_err().is_transient());
    assert_eq!(server.seen().len(), 3);

    let server = Server::saying(vec![away(), ready]).await;
    let invoice = CreateInvoice::top_up("SATS");
    let error = server.client().create_invoice("S1", &invoice).await.unwrap_err();
    assert!(error.outcome_unknown());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_limit_is_heeded_when_it_is_short_and_told_when_it_is_long() {
    let busy = |seconds: &str| answer(429, "").header("retry-after", seconds);
    let ready = answer(200, r#"{"synchronized":true}"#);
    let server = Server::saying(vec![busy("0"), ready.clone()]).await;
    assert!(server.client().health().await.is_ok());

    let server = Server::saying(vec![busy("600"), ready]).await;
    let error = server.client().health().await.unwrap_err();
    assert_eq!(error, Error::RateLimited { retry_after: Some(Duration::from_secs(600)) });
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn silence_and_absence_are_told_apart() {
    let slow = answer(200, samples::invoice().to_string()).after(Duration::from_secs(30));
    let server = Server::saying(vec![slow]).await;
    let client = server.builder().timeout(Duration::from_millis(50)).build().unwrap();
    let invoice = CreateInvoice::top_up("SATS");
    let error = client.create_invoice("S1", &invoice).await.unwrap_err();
    assert!(error == Error::TimedOut && error.outcome_unknown());

    // Bound and let go again, so that nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::builder(&format!("http://{free}"))
        .allow_local_http(true)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.create_invoice("S1", &invoice).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)) && !error.outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_stream_reads_page_after_page() {
    let page = |ids: std::ops::Range<u32>| {
        let invoices: Vec<Value> = ids
            .map(|id| {
                let mut invoice = samples::invoice();
                invoice["id"] = json!(id.to_string());
                invoice
            })
            .collect();
        answer(200, json!(invoices).to_string())
    };
    // One came in between: the second page begins with the last of the first.
    let server = Server::saying(vec![page(0..100), page(99..150)]).await;
    let stream = server.client().invoices("S1", InvoiceQuery::order("a b"));
    let ids: Vec<String> = stream.map_ok(|invoice| invoice.id).try_collect().await.unwrap();
    assert_eq!(ids, (0..150).map(|id| id.to_string()).collect::<Vec<_>>());
    let asked: Vec<_> = server.seen().into_iter().map(|seen| seen.query).collect();
    let query = |skip: &str| {
        [("orderId", "a b"), ("skip", skip), ("take", "100")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    };
    assert_eq!(asked, [query("0"), query("100")]);
}

#[tokio::test]
async fn keys_are_sent_and_never_shown() {
    let server = Server::saying(vec![answer(200, "[]")]).await;
    let client = server.client();
    client.stores().await.unwrap();
    client.with_api_key(&"other".into()).unwrap().stores().await.unwrap();
    client.with_password("a@b.c", &"pw".into()).unwrap().stores().await.unwrap();
    client.anonymous().stores().await.unwrap();
    let sent: Vec<_> = server.seen().into_iter().map(|seen| seen.authorization).collect();
    let sent: Vec<_> = sent.iter().map(Option::as_deref).collect();
    assert_eq!(sent, [Some("token key"), Some("token other"), Some("Basic YUBiLmM6cHc="), None]);
    assert_eq!(format!("{client:?}"), format!("Client {{ address: \"{}/\", .. }}", server.address));
    assert!(!format!("{:?}", server.builder().api_key("s3cret")).contains("s3cret"));
}

#[tokio::test]
async fn a_proxy_is_asked_for_what_only_it_can_reach() {
    let proxy = Server::saying(vec![answer(200, "[]")]).await;
    let client = Client::builder("http://pay.onion/btcpay")
        .allow_local_http(true)
        .proxy(proxy.address.clone())
        .build()
        .unwrap();
    assert!(client.stores().await.unwrap().is_empty());
    assert_eq!(proxy.seen()[0].path, "/btcpay/api/v1/stores");
    let tor = Client::builder("http://pay.onion").allow_local_http(true);
    assert!(tor.proxy("socks5h://127.0.0.1:9050").build().is_ok());
}
