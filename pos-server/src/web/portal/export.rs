//! All that is kept of a card, for its holder to take along: as JSON, and for spreadsheets. No secret is
//! in it: no key, no PIN, no link, no invoice.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::holder::Holder;
use crate::app::App;
use crate::domain::npub;
use crate::domain::time::Time;
use crate::web::csv;
use crate::web::error::WebError;

/// No card has more moves.
const ALL: i64 = 1_000_000;

/// `GET /card/own/data.json`
pub(super) async fn json(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, WebError> {
    let text = serde_json::to_string_pretty(&data(&app, &holder).await?)?;
    Ok(file("application/json", "card.json", text))
}

/// `GET /card/own/data.csv`: the same, a line for each value.
pub(super) async fn csv(State(app): State<Arc<App>>, holder: Holder) -> Result<Response, WebError> {
    let data = data(&app, &holder).await?;
    let mut text = csv::row(&["part", "number", "name", "value"]);
    let Value::Object(parts) = &data else { return Err(WebError::NotFound) };
    for (part, value) in parts {
        match value {
            Value::Array(many) => {
                for (at, one) in many.iter().enumerate() {
                    write(&mut text, part, &(at + 1).to_string(), one);
                }
            }
            one => write(&mut text, part, "", one),
        }
    }
    Ok(file("text/csv; charset=utf-8", "card.csv", text))
}

fn write(text: &mut String, part: &str, number: &str, value: &Value) {
    let Value::Object(values) = value else {
        text.push_str(&csv::row(&[part, number, "", &plain(value)]));
        return;
    };
    for (name, value) in values {
        text.push_str(&csv::row(&[part, number, name, &plain(value)]));
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn file(kind: &'static str, name: &str, text: String) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, named)], text).into_response()
}

/// Times are written as RFC 3339 in UTC, amounts in millisatoshi and in minor units.
async fn data(app: &App, holder: &Holder) -> Result<Value, WebError> {
    let (db, id, since) = (&app.db, &holder.card.id, Time(holder.card.created_ms));
    let mut all = Map::new();
    all.insert("card".into(), card(holder));
    let moves = db.holder_moves(id, since, (i64::MAX, ""), ALL).await?;
    let moves = moves.iter().map(|one| {
        let done = &one.done;
        json!({
            "at": at(done.at_ms), "what": done.kind, "msat": done.msat,
            "balance_msat": done.balance_msat, "currency": done.currency,
            "minor_units": done.amount, "store": one.store_name, "who": done.who,
            "tap": done.counter, "reference": done.reference,
            "receipt": one.receipt_token.as_ref()
                .map(|token| format!("{}/r/{token}", app.config.public_url)),
        })
    });
    all.insert("moves".into(), moves.collect());
    let payouts = db.card_payouts_between(id, since, Time(i64::MAX)).await?;
    let payouts = payouts.iter().map(|one| {
        json!({
            "at": at(one.created_ms), "state": one.state, "why": one.why, "msat": one.msat,
            "fee_limit_msat": one.fee_limit_msat, "fee_msat": one.fee_msat,
            "payment_hash": one.payment_hash, "sent": one.sent_ms.map(at),
            "ended": one.ended_ms.map(at),
        })
    });
    all.insert("payments_elsewhere".into(), payouts.collect());
    let drawn = db.card_drawn(id, since).await?;
    let drawn = drawn.iter().map(|one| {
        json!({
            "at": at(one.created_ms), "state": one.state, "msat": one.msat,
            "comment": one.comment, "payment_hash": one.reference,
            "paid_msat": one.paid_msat, "paid": one.paid_ms.map(at),
            "expires": at(one.expires_ms),
        })
    });
    all.insert("top_up_codes".into(), drawn.collect());
    let taps = db.card_taps_since(id, since).await?;
    let taps = taps.iter().map(|one| {
        json!({
            "at": at(one.at_ms), "for": one.place, "tap": one.counter, "keys": one.version,
            "store_id": one.store_id, "outcome": one.outcome,
        })
    });
    all.insert("taps".into(), taps.collect());
    let alarms = db.card_alarms_of(id, since).await?;
    let alarms = alarms.iter().map(|one| {
        json!({
            "at": at(one.at_ms), "what": one.kind, "detail": one.detail,
            "froze": one.froze == 1, "settled": one.seen_ms.map(at),
        })
    });
    all.insert("alarms".into(), alarms.collect());
    with_points(app, holder, &mut all).await?;
    with_backing(app, holder, &mut all).await?;
    let visit = &holder.session;
    all.insert("this_visit".into(), json!({ "until": at(visit.expires_ms) }));
    Ok(Value::Object(all))
}

async fn with_points(
    app: &App,
    holder: &Holder,
    all: &mut Map<String, Value>,
) -> Result<(), WebError> {
    let (db, id, since) = (&app.db, &holder.card.id, holder.card.created_ms);
    let Some(points) = db.points_card(id).await?.filter(|one| one.created_ms >= since) else {
        return Ok(());
    };
    let now = json!({
        "held": points.held, "owed": points.owed, "birthday": points.birthday,
        "since": at(points.created_ms),
    });
    all.insert("points".into(), now);
    let lots = db.points_lots(id).await?;
    let lots = lots.iter().map(|one| {
        json!({
            "at": at(one.at_ms), "left": one.left_over, "gone": one.expires_ms.map(at),
        })
    });
    all.insert("points_lots".into(), lots.collect());
    let moves = db.points_moves(id, ALL).await?;
    let moves = moves.iter().filter(|one| one.at_ms >= since).map(|one| {
        json!({
            "at": at(one.at_ms), "what": one.kind, "points": one.points, "held": one.held,
            "owed": one.owed, "who": one.who, "sale": one.sale_id,
        })
    });
    all.insert("points_moves".into(), moves.collect());
    let earnings = db.earnings_of_card(id, Time(since)).await?;
    let earnings = earnings.iter().map(|one| {
        json!({
            "at": at(one.at_ms), "sale": one.sale_id.to_string(), "state": one.state,
            "net_minor_units": one.net, "points": one.points, "sign_up": one.sign_up,
            "birthday": one.birthday, "refunded": one.refunded, "taken_back": one.clawed,
        })
    });
    all.insert("points_earned".into(), earnings.collect());
    Ok(())
}

async fn with_backing(
    app: &App,
    holder: &Holder,
    all: &mut Map<String, Value>,
) -> Result<(), WebError> {
    let (db, id, since) = (&app.db, &holder.card.id, holder.card.created_ms);
    let Some(backing) = db.card_backing(id).await? else { return Ok(()) };
    let there = json!({
        "server": backing.server, "left_msat": backing.left_msat,
        "seen": backing.seen_ms.map(at), "ended": backing.ended_ms.map(at),
        "imported": backing.imported == 1,
    });
    all.insert("at_btcpay".into(), there);
    let claims = db.claims_of(id, ALL).await?;
    let claims = claims.iter().filter(|one| one.made_ms >= since).map(|one| {
        json!({
            "at": at(one.made_ms), "sale": one.sale_id.to_string(), "msat": one.msat,
            "state": one.state, "why": one.why, "tap": one.counter, "ended": one.ended_ms.map(at),
        })
    });
    all.insert("payments_by_btcpay".into(), claims.collect());
    let grants = db.grants_of_card(id, Time(since)).await?;
    let grants = grants.iter().map(|one| {
        json!({
            "at": at(one.made_ms), "msat": one.msat, "state": one.state, "why": one.why,
            "ended": one.ended_ms.map(at),
        })
    });
    all.insert("payouts_by_btcpay".into(), grants.collect());
    Ok(())
}

fn card(holder: &Holder) -> Value {
    let card = &holder.card;
    json!({
        "id": card.id, "store": holder.store.name, "money": card.money, "label": card.label,
        "nickname": card.nickname, "npub": npub::write(&card.npub), "state": card.state,
        "frozen_by": card.frozen_by, "keys": card.version, "next_keys": card.next_version,
        "taps": card.counter.max(0), "balance_msat": card.balance_msat,
        "tap_limit_msat": card.tap_limit_msat, "day_limit_msat": card.day_limit_msat,
        "tap_most_msat": card.tap_most_msat, "day_most_msat": card.day_most_msat,
        "balance_limit_msat": card.balance_limit_msat, "spent_msat": card.spent_msat,
        "spent_on": card.spent_day, "has_pin": card.pin_hash.is_some(),
        "pin_from_msat": card.pin_from_msat, "wrong_pins": card.pin_failed,
        "issued": at(card.created_ms), "first_tap": card.confirmed_ms.map(at),
        "last_tap": card.tapped_ms.map(at), "expires": card.expires_ms.map(at),
    })
}

fn at(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
