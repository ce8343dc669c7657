//! The pages of cards, which are no part of the API: LNURL-withdraw (LUD-03) for whoever holds a tap,
//! and the plugin's LNURL-pay (LUD-06) that tops a card up.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};

use crate::world::payout::{Claim, Processor, asked_by};
use crate::world::{NewInvoice, World};

pub(super) const WITHDRAW: &str = "/boltcard";
pub(super) const TOP_UP: &str = "/boltcard/top-up";

const MSAT: u64 = 100_000_000_000;
/// What the plugin takes at once: 6.12 bitcoin.
const MOST_MSAT: u64 = 612_000_000_000;

type Query = [(String, String)];

fn value<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn says(status: StatusCode, body: Value) -> Response {
    (status, axum::Json(body)).into_response()
}

fn refused(reason: &str) -> Response {
    says(StatusCode::BAD_REQUEST, json!({ "status": "ERROR", "reason": reason }))
}

/// What a reader gets for a tap; with an invoice (`pr`), what becomes of it.
pub(super) fn withdraw(world: &mut World, query: &Query) -> Response {
    let named = value(query, "p").zip(value(query, "c"));
    let Some((p, c)) = named.or(value(query, "k1").and_then(|k1| k1.split_once('-'))) else {
        return refused("Missing p, c, or k1 query parameter");
    };
    let pr = value(query, "pr");
    let pull = match world.tapped(p, c, pr.is_some()) {
        Ok(pull) => pull,
        Err(reason) => return refused(reason),
    };
    let now = world.now();
    let Some(pull) = world.pull_payment(&pull).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !pull.running(now) || !pull.by_lnurl() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let unit = if pull.currency == "SATS" { MSAT / 100_000_000 } else { MSAT };
    let left = (world.remaining(&pull) * Decimal::from(unit)).to_i64().unwrap_or(0);
    let page = format!("{}{WITHDRAW}?p={p}&c={c}", world.url);
    let Some(pr) = pr else {
        return says(
            StatusCode::OK,
            json!({
                "tag": "withdrawRequest",
                "k1": format!("{p}-{c}"),
                "callback": page,
                "balanceCheck": page,
                "currentBalance": left,
                "minWithdrawable": left.min(1_000),
                "maxWithdrawable": left,
                "defaultDescription": pull.name,
            }),
        );
    };
    let Ok(Some(asked)) = asked_by(pr) else {
        return refused("Payment request was not a valid BOLT11");
    };
    let asked = (asked * Decimal::from(MSAT)).to_i64().unwrap_or(i64::MAX);
    if asked > left || asked < left.min(1_000) {
        return refused("Payment request was not within bounds");
    }
    if world.processor == Processor::Off || !pull.approves {
        return refused("Payment request could not be paid");
    }
    let body = json!({ "destination": pr, "payoutMethodId": "BTC-LN" });
    let claim = Claim { store: &pull.store, pull: Some(&pull.id), body: &body, approved: false };
    let Ok(id) = world.claim(&claim) else { return refused("Payment request could not be paid") };
    match world.payout(&id).map(|payout| payout.state) {
        Some("Completed") => says(StatusCode::OK, json!({ "status": "OK" })),
        Some("InProgress") => {
            let reason = "The payment is started, and not over yet";
            says(StatusCode::OK, json!({ "status": "OK", "reason": reason }))
        }
        _ => refused("Could not find a route"),
    }
}

/// LNURL-pay of the plugin: the card behind `p`, whatever its counter.
pub(super) fn top_up(world: &mut World, query: &Query) -> Response {
    let p = value(query, "p").unwrap_or_default();
    let Some(pull) = world.card_of(p) else { return refused("Unknown card") };
    let Some(pull) = world.pull_payment(&pull).cloned() else { return refused("Unknown card") };
    let Some(amount) = value(query, "amount") else {
        return says(
            StatusCode::OK,
            json!({
                "tag": "payRequest",
                "callback": format!("{}{TOP_UP}?p={p}", world.url),
                "metadata": r#"[["text/plain","Boltcard top-up"]]"#,
                "minSendable": 1_000,
                "maxSendable": MOST_MSAT,
            }),
        );
    };
    let Some(msat) = amount.parse().ok().filter(|msat| (1_000..=MOST_MSAT).contains(msat)) else {
        return refused("Amount is out of bounds");
    };
    let new = NewInvoice {
        amount: Some(Decimal::from(msat) / Decimal::from(MSAT)),
        currency: Some("BTC".to_owned()),
        metadata: Map::new(),
        ..NewInvoice::default()
    };
    let Ok(id) = world.create(&pull.store, new) else { return refused("No invoice") };
    world.top_ups.insert(id.clone(), pull.id);
    let methods = world.invoice(&id).map(|invoice| invoice.methods_json(false));
    let methods = methods.unwrap_or_default();
    let mut all = methods.as_array().into_iter().flatten();
    let lightning = all.find(|method| method["paymentMethodId"] == "BTC-LN");
    match lightning.and_then(|method| method["destination"].as_str()) {
        Some(pr) => says(StatusCode::OK, json!({ "pr": pr, "routes": [] })),
        None => refused("No Lightning"),
    }
}
