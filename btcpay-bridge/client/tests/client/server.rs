//! A server that gives the answers it is told to, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use btcpay_client::{Client, ClientBuilder, RetryPolicy};
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: Method,
    /// Without query, as it stood on the wire.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub authorization: Option<String>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What the server says.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub delay: Duration,
}

pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer { status, headers: Vec::new(), body: body.into(), delay: Duration::ZERO }
}

impl Answer {
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

type Script = Arc<Mutex<(Vec<Answer>, Vec<Seen>)>>;

pub struct Server {
    pub address: String,
    script: Script,
}

impl Server {
    /// Gives the answers in turn, and the last one ever after.
    pub async fn saying(answers: Vec<Answer>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let script: Script = Arc::new(Mutex::new((answers, Vec::new())));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/btcpay", listener.local_addr().unwrap());
        let app = Router::new().fallback(serve).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, script }
    }

    /// A client of it that repeats quickly.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> ClientBuilder {
        let pause = Duration::from_millis(1);
        Client::builder(&self.address)
            .allow_local_http(true)
            .api_key("key")
            .retry(RetryPolicy { pause, ..RetryPolicy::default() })
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap().1.clone()
    }
}

async fn serve(State(script): State<Script>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let query = parts.uri.query().unwrap_or_default();
    let answer = {
        let mut script = script.lock().unwrap();
        script.1.push(Seen {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: pairs(query),
            authorization: parts
                .headers
                .get("authorization")
                .map(|value| value.to_str().unwrap().to_owned()),
            body,
        });
        if script.0.len() > 1 { script.0.remove(0) } else { script.0[0].clone() }
    };
    tokio::time::sleep(answer.delay).await;
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://host/?{query}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
