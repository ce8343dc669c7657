//! What happened to the balance, the newest first. A payment to another till whose end is not known
//! says so.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;
use uuid::Uuid;

use super::holder::Holder;
use crate::app::App;
use crate::db::card::{HolderMove, Payout};
use crate::domain::local::Local;
use crate::domain::time::Time;
use crate::web::card_words::{amount, change, sats};
use crate::web::error::WebError;
use crate::web::page::portal::{History, HistoryHtml, Line};

/// Lines of one page.
const PAGE: usize = 25;
/// Taps of a card at BTCPay that are told.
const CLAIMS: i64 = 50;
const SLACK: Duration = Duration::from_secs(600);

/// Where a page of it begins.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Older {
    #[serde(default)]
    before: String,
}

/// `GET /card/own/history?before=…`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    holder: Holder,
    Query(older): Query<Older>,
) -> Result<Html<String>, WebError> {
    let before = read(&older.before);
    let history = lines(&app, &holder, before, PAGE).await?;
    let page = HistoryHtml { shell: holder.shell("What happened"), history };
    Ok(Html(page.render()?))
}

/// `1795283040000-0193…`: the time and id of the last line that was shown.
fn read(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once('-')?;
    let id = Uuid::parse_str(id).ok()?;
    Some((at.parse().ok()?, id.to_string()))
}

/// So many lines, and where older ones are.
pub(super) async fn lines(
    app: &App,
    holder: &Holder,
    before: Option<(i64, String)>,
    most: usize,
) -> Result<History, WebError> {
    let (card, since) = (&holder.card, Time(holder.card.created_ms));
    if app.db.card_backing(&card.id).await?.is_some() {
        return claims(app, holder).await;
    }
    let (before_ms, id) = before.unwrap_or((i64::MAX, String::new()));
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let mut moves = app.db.holder_moves(&card.id, since, (before_ms, &id), limit).await?;
    let more = moves.len() > most;
    moves.truncate(most);
    let older = moves
        .last()
        .filter(|_| more)
        .map(|last| format!("{}/history?before={}-{}", super::HOME, last.done.at_ms, last.done.id));
    let ends = (moves.last(), moves.first());
    let payouts = match ends {
        (Some(last), Some(first)) => {
            // A payment is noted a moment before what it moves.
            let (from, to) = (Time(last.done.at_ms).before(SLACK), Time(first.done.at_ms));
            app.db.card_payouts_between(&card.id, from, to).await?
        }
        _ => vec![],
    };
    let states: HashMap<&str, &Payout> =
        payouts.iter().map(|payout| (payout.payment_hash.as_str(), payout)).collect();
    let (local, now) = (holder.local(), app.now());
    let line = |one: &HolderMove| line(one, &states, &local, now);
    Ok(History { lines: moves.iter().map(line).collect::<Result<_, _>>()?, older })
}

/// What a card whose money is at BTCPay paid at this merchant's tills; what it did elsewhere is known
/// there alone.
async fn claims(app: &App, holder: &Holder) -> Result<History, WebError> {
    let (card, local, now) = (&holder.card, holder.local(), app.now());
    let claims = app.db.claims_of(&card.id, CLAIMS).await?;
    let mut lines = Vec::new();
    for claim in claims.iter().filter(|claim| claim.made_ms >= card.created_ms) {
        let sale = app.db.sale(&claim.merchant_id, &claim.sale_id).await?;
        let (class, icon, what) = match claim.state.as_str() {
            "paid" => ("past", "shop", "Paid at the till"),
            "failed" => ("past", "none", "At the till: it did not go through"),
            _ => ("doubt", "ask", "At the till, not known yet: checking"),
        };
        lines.push(Line {
            class,
            icon,
            what: what.into(),
            when: local.today(claim.made_ms, now.0),
            amount: format!("−{}", sats(claim.msat)?),
            sats: None,
            receipt: Some(format!("/r/{}", sale.receipt_token)),
        });
    }
    Ok(History { lines, older: None })
}

fn line(
    one: &HolderMove,
    payouts: &HashMap<&str, &Payout>,
    local: &Local,
    now: Time,
) -> Result<Line, WebError> {
    let done = &one.done;
    let payout = done.reference.as_deref().and_then(|hash| payouts.get(hash)).copied();
    let (class, icon, what) = match done.kind.as_str() {
        "payment" => ("past", "shop", one.store_name.clone()),
        "withdrawal" => {
            let (class, icon, what) = elsewhere(payout);
            (class, icon, what.to_owned())
        }
        "top_up" => ("paid", "plus", "Topped up".to_owned()),
        "returned" => ("paid", "refund", "Came back".to_owned()),
        "points" => ("paid", "star", "From points".to_owned()),
        "moved_in" => ("paid", "card", "From your card before".to_owned()),
        _ => ("past", "card", "To another card".to_owned()),
    };
    let less = matches!(done.kind.as_str(), "payment" | "withdrawal" | "moved_out");
    let sign = if less { "−" } else { "+" };
    let moved = change(done)?;
    let (first, second) = match amount(done) {
        Some(money) => (format!("{sign}{money}"), Some(moved)),
        None => (moved, None),
    };
    Ok(Line {
        class,
        icon,
        what,
        when: local.today(done.at_ms, now.0),
        amount: first,
        sats: second,
        receipt: one.receipt_token.as_ref().map(|token| format!("/r/{token}")),
    })
}

/// A payment to another till, by what is known of it.
fn elsewhere(payout: Option<&Payout>) -> (&'static str, &'static str, &'static str) {
    match payout.map(|payout| payout.state.as_str()) {
        Some("paid") => ("past", "bolt", "At another till"),
        Some("failed") => ("past", "none", "At another till: it did not go through"),
        Some(_) => ("doubt", "ask", "At another till, not known yet: checking"),
        None => ("past", "bolt", "At another till"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_where_the_one_before_ended_or_at_the_top() {
        let id = "0193a0c4-0000-7000-8000-000000000000";
        assert_eq!(read(&format!("5-{id}")), Some((5, id.to_owned())));
        for text in ["", "5", "x-y", "5-", "-5", "5-' OR 1=1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
