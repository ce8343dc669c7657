//! A shop's way to the server, and a receiver of webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, header};
use btcpay_stand_in::{Btcpay, Options};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// Where the tests' clock begins.
pub(crate) const START: i64 = 1_800_000_000;

/// A server with a standing clock, and a key for everything.
pub(crate) struct Shop {
    pub(crate) btcpay: Btcpay,
    pub(crate) key: String,
    pub(crate) store: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(Options::default()).await
    }

    pub(crate) async fn open_with(options: Options) -> Self {
        let options = Options { clock: Some(START), webhook_pace: 0.002, ..options };
        let btcpay = Btcpay::start(options).await.unwrap();
        let (key, store) = (btcpay.owner_key(), btcpay.store_id());
        Self { btcpay, key, store }
    }

    /// A request under the store's path.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let path = format!("/api/v1/stores/{}{path}", self.store);
        self.ask_at(method, &path, &self.key, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, Value::Null).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn ask_at(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: Value,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.btcpay.url());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, _, text) = send(method, &url, &format!("token {key}"), body).await.unwrap();
        (status, serde_json::from_slice(&text).unwrap_or(Value::Null))
    }

    /// An invoice over a thousand, with more asked of it. Gives its id.
    pub(crate) async fn invoice(&self, checkout: Value) -> String {
        let new = json!({ "amount": "1000", "currency": "JMD", "checkout": checkout });
        let (status, made) = self.ask("POST", "/invoices", new).await;
        assert_eq!(status, 200, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// Its status and what is special about it, as `New None`.
    pub(crate) async fn state(&self, invoice: &str) -> String {
        let shown = self.get(&format!("/invoices/{invoice}")).await;
        let word = |name: &str| shown[name].as_str().unwrap().to_owned();
        format!("{} {}", word("status"), word("additionalStatus"))
    }

    /// One of its payment methods.
    pub(crate) async fn method(&self, invoice: &str, method: &str) -> Value {
        let path = format!("/invoices/{invoice}/payment-methods?onlyAccountedPayments=false");
        let all = self.get(&path).await;
        let found = all.as_array().unwrap().iter().find(|one| one["paymentMethodId"] == method);
        found.unwrap().clone()
    }

    /// Satoshi still due on chain.
    pub(crate) async fn sats_due(&self, invoice: &str) -> u64 {
        let due = self.method(invoice, "BTC-CHAIN").await["due"].as_str().unwrap().to_owned();
        let due: f64 = due.parse().unwrap();
        (due * 1e8).round() as u64
    }

    /// Subscribes a receiver to everything, or to some events.
    pub(crate) async fn subscribe(&self, to: &Receiver, events: &[&str]) -> String {
        let new = json!({
            "url": to.url,
            "secret": "a secret",
            "authorizedEvents": { "everything": events.is_empty(), "specificEvents": events },
        });
        let (status, made) = self.ask("POST", "/webhooks", new).await;
        assert_eq!(status, 200, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// Nothing was out of the contract.
    pub(crate) fn clean(&self) {
        assert_eq!(self.btcpay.faults(), Vec::<String>::new());
    }
}

/// One request, whatever becomes of it.
pub(crate) async fn send(
    method: &str,
    url: &str,
    authorization: &str,
    body: String,
) -> Result<(u16, HeaderMap, Bytes), String> {
    let form = !body.starts_with(['{', '[']);
    let kind = if form { "application/x-www-form-urlencoded" } else { "application/json" };
    let request = Request::builder()
        .method(method)
        .uri(url)
        .header(header::AUTHORIZATION, authorization)
        .header(header::CONTENT_TYPE, kind)
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let client: Client<HttpConnector, _> = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.map_err(|error| error.to_string())?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    Ok((parts.status.as_u16(), parts.headers, body))
}

/// A delivery as it came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) signature: Option<String>,
    pub(crate) raw: Bytes,
    pub(crate) body: Value,
}

/// A receiver of webhooks; answers 200 unless told otherwise.
pub(crate) struct Receiver {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let answers: Arc<Mutex<VecDeque<u16>>> = Arc::default();
        let (into, from) = (got.clone(), answers.clone());
        let app = Router::new().fallback(move |headers: HeaderMap, raw: Bytes| {
            let signature = headers.get("BTCPay-Sig").map(|sig| sig.to_str().unwrap().to_owned());
            let body = serde_json::from_slice(&raw).unwrap();
            into.lock().unwrap().push(Got { signature, raw, body });
            let code = from.lock().unwrap().pop_front().unwrap_or(200);
            async move { StatusCode::from_u16(code).unwrap() }
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, got, answers }
    }

    pub(crate) fn answer_next(&self, codes: &[u16]) {
        self.answers.lock().unwrap().extend(codes);
    }

    pub(crate) fn all(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Waits until so many came.
    pub(crate) async fn wait(&self, count: usize) -> Vec<Got> {
        for _ in 0..500 {
            if self.all().len() >= count {
                return self.all();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} deliveries were awaited, {} came", self.all().len());
    }

    pub(crate) async fn types(&self, count: usize) -> Vec<String> {
        let got = self.wait(count).await;
        got.iter().map(|got| got.body["type"].as_str().unwrap().to_owned()).collect()
    }
}
