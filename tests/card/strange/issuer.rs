//! Another issuer's card server: speaks LNURL-withdraw, and misbehaves as it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use pos_server::rail::sandbox::{How, Sandbox};
use serde_json::{Value, json};

use crate::rail::stack::admin;

/// Who pays for the card.
#[derive(Clone)]
pub(crate) enum Pays {
    /// The customer's LND.
    Lnd,
    /// A practice node, at once.
    Sandbox(Arc<Sandbox>),
    /// Nobody.
    Never,
}

/// How it answers a step.
#[derive(Clone, Default)]
pub(crate) enum Answers {
    #[default]
    Well,
    /// With this.
    With(Value),
    /// With another address.
    Elsewhere,
    /// With very much.
    Endlessly,
    /// Not at all.
    Hanging,
}

#[derive(Clone)]
pub(crate) struct Issuer(Arc<Shared>);

struct Shared {
    address: String,
    pays: Pays,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    taps: u32,
    first: Answers,
    second: Answers,
    pin: Option<(u64, String)>,
    most: u64,
    asked: Vec<String>,
    told: Vec<HashMap<String, String>>,
}

impl Issuer {
    pub(crate) async fn open(pays: Pays) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let book = Mutex::new(Book { most: 1_000_000_000, ..Book::default() });
        let issuer = Self(Arc::new(Shared { address, pays, book }));
        let routes = Router::new()
            .route("/card", get(tapped))
            .route("/cb", get(told))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        issuer
    }

    /// What its card says when it is tapped: never the same twice.
    pub(crate) fn tap(&self) -> String {
        let mut book = self.0.book.lock().unwrap();
        book.taps += 1;
        format!("lnurlw://{}/card?p={:032X}&c={:016X}", self.0.address, book.taps, book.taps)
    }

    pub(crate) fn first(&self, answers: Answers) {
        self.0.book.lock().unwrap().first = answers;
    }

    pub(crate) fn second(&self, answers: Answers) {
        self.0.book.lock().unwrap().second = answers;
    }

    pub(crate) fn wants_pin(&self, from: u64, pin: &str) {
        self.0.book.lock().unwrap().pin = Some((from, pin.into()));
    }

    pub(crate) fn allows(&self, most: u64) {
        self.0.book.lock().unwrap().most = most;
    }

    /// How often each step was asked of it.
    pub(crate) fn asked(&self) -> (usize, usize) {
        let book = self.0.book.lock().unwrap();
        (book.asked.len(), book.told.len())
    }

    /// What it was told last.
    pub(crate) fn told(&self) -> HashMap<String, String> {
        self.0.book.lock().unwrap().told.last().unwrap().clone()
    }
}

async fn misbehave(answers: Answers) -> Option<Response> {
    match answers {
        Answers::Well => None,
        Answers::With(body) => Some(axum::Json(body).into_response()),
        Answers::Elsewhere => Some(Redirect::temporary("http://169.254.169.254/").into_response()),
        Answers::Endlessly => Some((StatusCode::OK, "{".repeat(70_000)).into_response()),
        Answers::Hanging => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Some(StatusCode::OK.into_response())
        }
    }
}

async fn tapped(
    State(issuer): State<Issuer>,
    Query(tap): Query<HashMap<String, String>>,
) -> Response {
    let (answers, pin, most, k1) = {
        let mut book = issuer.0.book.lock().unwrap();
        book.asked.push(tap["p"].clone());
        (book.first.clone(), book.pin.clone(), book.most, book.asked.len())
    };
    if let Some(answer) = misbehave(answers).await {
        return answer;
    }
    let mut said = json!({
        "tag": "withdrawRequest",
        "callback": format!("http://{}/cb?card=1", issuer.0.address),
        "k1": format!("k{k1}"),
        "defaultDescription": "A card",
        "minWithdrawable": 1,
        "maxWithdrawable": most,
    });
    if let Some((from, _)) = pin {
        said["pinLimit"] = from.into();
    }
    axum::Json(said).into_response()
}

async fn told(
    State(issuer): State<Issuer>,
    Query(told): Query<HashMap<String, String>>,
) -> Response {
    let (answers, pin) = {
        let mut book = issuer.0.book.lock().unwrap();
        book.told.push(told.clone());
        (book.second.clone(), book.pin.clone())
    };
    if pin.is_some_and(|(_, pin)| told.get("pin") != Some(&pin)) {
        return axum::Json(json!({ "status": "ERROR", "reason": "wrong pin" })).into_response();
    }
    let invoice = told["pr"].clone();
    match &issuer.0.pays {
        Pays::Lnd => drop(tokio::spawn(by_lnd(invoice))),
        Pays::Sandbox(node) => drop(node.pay(&invoice, How::Exact).unwrap()),
        Pays::Never => {}
    }
    match misbehave(answers).await {
        Some(answer) => answer,
        None => axum::Json(json!({ "status": "OK" })).into_response(),
    }
}

async fn by_lnd(payment_request: String) {
    // What is accepted is paid a moment later, as such servers do.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let request = tonic_lnd::routerrpc::SendPaymentRequest {
        payment_request,
        timeout_seconds: 15,
        fee_limit_sat: 100,
        no_inflight_updates: true,
        ..Default::default()
    };
    let mut customer = admin("CUSTOMER").await;
    let mut updates = customer.router().send_payment_v2(request).await.unwrap().into_inner();
    updates.message().await.unwrap();
}
