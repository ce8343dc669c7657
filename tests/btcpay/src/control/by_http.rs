//! The same by JSON over HTTP: for browser tests, and for people by hand. Every path is in README.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Chain, Control, Pay};
use crate::plan::Fault;
use crate::shared::Shared;
use crate::world::webhook::Switches;

pub(super) type Hand = State<Arc<Shared>>;
pub(super) type Done = Result<Json<Value>, (StatusCode, Json<Value>)>;

/// Everything under `/stand-in`.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(summary))
        .route("/invoices", get(invoices))
        .route("/invoices/{id}", get(invoice))
        .route("/pay", post(pay))
        .route("/confirm", post(confirm))
        .route("/double-spend", post(double_spend))
        .route("/expire", post(expire))
        .route("/mark", post(mark))
        .route("/clock", post(clock))
        .route("/fail", post(fail).delete(heal))
        .route("/webhooks", post(webhooks))
        .route("/webhooks/release", post(release))
        .route("/webhooks/drop", post(drop_deliveries))
        .route("/faults", get(faults))
        .route("/requests", get(requests))
        .merge(super::cards::routes())
        .merge(super::owner_by_http::routes())
}

pub(super) fn hand(shared: Arc<Shared>) -> Control {
    Control { shared }
}

/// `{}`, or 400 with what is wrong.
pub(super) fn done(outcome: Result<(), String>) -> Done {
    told(outcome.map(|()| json!({})))
}

pub(super) fn told(outcome: Result<Value, String>) -> Done {
    let refused = |error| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    outcome.map(Json).map_err(refused)
}

async fn summary(State(shared): Hand) -> Json<Value> {
    Json(shared.with(|world| {
        let stores: Vec<Value> = world.stores.iter().map(|store| store.json()).collect();
        json!({ "url": world.url, "now": world.now(), "stores": stores, "faults": world.faults })
    }))
}

async fn invoices(State(shared): Hand) -> Json<Value> {
    Json(hand(shared).invoices().into())
}

async fn invoice(State(shared): Hand, Path(id): Path<String>) -> Done {
    let hand = hand(shared);
    let found = hand.invoice(&id).zip(hand.payment_methods(&id));
    let whole = found.map(|(mut invoice, methods)| {
        invoice["paymentMethods"] = methods;
        invoice
    });
    told(whole.ok_or_else(|| format!("there is no invoice {id}")))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Payment {
    /// Its id, a BOLT11 of it, or its address.
    invoice: String,
    #[serde(default)]
    on_chain: bool,
    sats: Option<u64>,
    msat: Option<u64>,
    percent: Option<u64>,
    #[serde(default)]
    confirmations: u32,
    #[serde(default)]
    replaceable: bool,
}

async fn pay(State(shared): Hand, Json(asked): Json<Payment>) -> Done {
    let hand = hand(shared);
    if asked.on_chain {
        let Payment { sats, confirmations, replaceable, .. } = asked;
        let how = Chain { sats, confirmations, replaceable };
        let paid = hand.pay_chain_with(&asked.invoice, how);
        return told(paid.map(|payment| json!({ "payment": payment })));
    }
    let how = match (asked.msat.or(asked.sats.map(|sats| sats * 1000)), asked.percent) {
        (Some(msat), _) => Pay::Msat(msat),
        (None, Some(percent)) => Pay::Percent(percent),
        (None, None) => Pay::Exact,
    };
    let paid = hand.pay_lightning(&asked.invoice, how);
    told(paid.map(|(payment, preimage)| json!({ "payment": payment, "preimage": preimage })))
}

#[derive(Deserialize)]
struct OfPayment {
    payment: String,
    confirmations: Option<u32>,
}

async fn confirm(State(shared): Hand, Json(asked): Json<OfPayment>) -> Done {
    done(hand(shared).confirm(&asked.payment, asked.confirmations.unwrap_or(1)))
}

async fn double_spend(State(shared): Hand, Json(asked): Json<OfPayment>) -> Done {
    done(hand(shared).double_spend(&asked.payment))
}

#[derive(Deserialize)]
struct OfInvoice {
    invoice: String,
    status: Option<String>,
}

async fn expire(State(shared): Hand, Json(asked): Json<OfInvoice>) -> Done {
    done(hand(shared).expire(&asked.invoice))
}

async fn mark(State(shared): Hand, Json(asked): Json<OfInvoice>) -> Done {
    match asked.status.as_deref() {
        Some(status @ ("Settled" | "Invalid")) => {
            done(hand(shared).mark(&asked.invoice, status == "Settled"))
        }
        _ => done(Err("status is Settled or Invalid".to_owned())),
    }
}

#[derive(Deserialize)]
struct Clock {
    set: Option<i64>,
    advance: Option<i64>,
}

async fn clock(State(shared): Hand, Json(asked): Json<Clock>) -> Json<Value> {
    let hand = hand(shared);
    if let Some(at) = asked.set {
        hand.set_clock(at);
    }
    if let Some(seconds) = asked.advance {
        hand.advance(seconds);
    }
    Json(json!({ "now": hand.now() }))
}

#[derive(Deserialize)]
struct Failure {
    path: String,
    fault: Fault,
    times: Option<u32>,
}

async fn fail(State(shared): Hand, Json(asked): Json<Failure>) -> Done {
    hand(shared).fail(&asked.path, asked.fault, asked.times);
    done(Ok(()))
}

async fn heal(State(shared): Hand) -> Done {
    hand(shared).heal();
    done(Ok(()))
}

async fn webhooks(State(shared): Hand, Json(switches): Json<Switches>) -> Done {
    hand(shared).webhooks(switches);
    done(Ok(()))
}

#[derive(Deserialize)]
struct Release {
    #[serde(default)]
    shuffled: bool,
}

async fn release(State(shared): Hand, Json(asked): Json<Release>) -> Done {
    hand(shared).release(asked.shuffled);
    done(Ok(()))
}

async fn drop_deliveries(State(shared): Hand) -> Done {
    hand(shared).drop_deliveries();
    done(Ok(()))
}

async fn faults(State(shared): Hand) -> Json<Value> {
    Json(hand(shared).faults().into())
}

async fn requests(State(shared): Hand) -> Json<Value> {
    Json(json!(hand(shared).requests()))
}
