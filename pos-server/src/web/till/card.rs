//! One card at the till: a look at it after a tap, and what staff do with it.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::bar::shell;
use crate::app::App;
use crate::backing::{self, Money};
use crate::card;
use crate::db::card::{Card, CardBacking};
use crate::domain::local::Local;
use crate::domain::money::Msat;
use crate::till::card as verbs;
use crate::till::once::Once;
use crate::till::{Actor, TillError};
use crate::web::card_words::{amount, badge, called, change, kind, limits, sats};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::card::{CardHtml, CardMoveLine, CardsFoundHtml, FoundCard};
use crate::web::who::Cashier;

/// How long a tap lets the till show its card.
const SHOWN_FOR: Duration = Duration::from_secs(10 * 60);
const MOVES: i64 = 10;
const FOUND_MAX: usize = 50;
const MSAT_PER_SAT: i64 = 1_000;
/// Sats from which a PIN may be asked: nobody spends more than a bitcoin by card.
const MOST: i64 = 100_000_000;

/// What the forms of a card send.
#[derive(Deserialize)]
pub(super) struct CardForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    from: String,
}

/// `POST /till/cards/look`: the link that a card gave its reader.
pub(super) async fn look(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<CardForm>,
) -> Result<Redirect, WebError> {
    let actor = super::actor(cashier);
    let taken = verbs::look_at_card(&app, &actor, &form.link).await?;
    Ok(Redirect::to(&format!("/till/cards/seen/{}", taken.id)))
}

/// `GET /till/cards/seen/{tap}`: the card that was tapped here a moment ago.
pub(super) async fn seen(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(tap): Path<String>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let card = tapped(&app, &actor, &tap).await?;
    show(&app, &actor, csrf, &card, Some(tap), None).await
}

/// The card behind a tap that was looked at in this store a moment ago.
pub(super) async fn tapped(app: &App, actor: &Actor, tap: &str) -> Result<Card, WebError> {
    let tap = app.db.card_tap(tap).await?.ok_or(WebError::NotFound)?;
    let here = tap.store_id.as_deref() == Some(actor.store.id.as_str());
    let fresh = tap.outcome == "looked at" && tap.at_ms > app.now().before(SHOWN_FOR).0;
    let card = tap.card_id.filter(|_| here && fresh).ok_or(WebError::NotFound)?;
    Ok(verbs::find(app, actor, &card).await?)
}

/// How a card's page was reached.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    pub(super) done: String,
}

/// `GET /till/cards/of/{card}`: any card, for a manager.
pub(super) async fn of(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(card): Path<String>,
    Query(from): Query<From>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    verbs::manager(&actor)?;
    let done = said(&from.done);
    show(&app, &actor, csrf, &verbs::find(&app, &actor, &card).await?, None, done).await
}

async fn show(
    app: &App,
    actor: &Actor,
    csrf: String,
    card: &Card,
    tap: Option<String>,
    done: Option<&'static str>,
) -> Result<Html<String>, WebError> {
    let (local, now) = (Local::new(&actor.store.time_zone), app.now());
    let moves = app.db.card_moves(&card.id, MOVES).await?;
    let line = |one: &crate::db::card::CardMove| -> Result<CardMoveLine, WebError> {
        Ok(CardMoveLine {
            what: kind(one),
            when: local.near(one.at_ms, now.0),
            amount: amount(one),
            change: change(one)?,
        })
    };
    let moves = moves.iter().filter(|one| one.at_ms >= card.created_ms).map(line);
    let backed = match app.db.card_backing(&card.id).await? {
        Some(backing) => Some(at_btcpay(app, &backing, &local).await?),
        None => None,
    };
    let at_btcpay = backed.is_some();
    let (holds, msat) = backed.unwrap_or((sats(card.balance_msat)?, Some(card.balance_msat)));
    let page = CardHtml {
        shell: shell(actor, "Card"),
        csrf,
        key: uuid::Uuid::now_v7().to_string(),
        id: card.id.clone(),
        tap,
        label: called(card),
        badge: badge(card, now),
        worth: msat.and_then(|msat| worth(app, actor, msat)),
        holds,
        limits: limits(card, &local)?,
        moves: moves.collect::<Result<_, _>>()?,
        points: super::points::of_card(app, &actor.store, card).await?,
        manager: actor.staff.role == "manager",
        frozen: card.state == "frozen",
        gone: card.state == "gone",
        empty: card.balance_msat == 0 && !at_btcpay,
        at_btcpay,
        pin: card.pin_hash.is_some(),
        blocked: card::pin::blocked(card),
        done,
    };
    Ok(Html(page.render()?))
}

/// What BTCPay says is left on a card of its own, in words, and in millisatoshi if it says so now.
async fn at_btcpay(
    app: &App,
    backing: &CardBacking,
    local: &Local,
) -> Result<(String, Option<i64>), WebError> {
    Ok(match backing::look(app, backing).await {
        Ok(Money::Now(left)) => (format!("{} at BTCPay", sats(left)?), Some(left)),
        Ok(Money::Ended) => ("Nothing: it was ended at BTCPay".into(), None),
        Ok(Money::Unseen(Some((left, at)))) => {
            (format!("{} at BTCPay, seen {}", sats(left)?, local.time(at.0)), None)
        }
        Ok(Money::Unseen(None)) => ("At BTCPay, which does not answer".into(), None),
        Err(error) => {
            tracing::warn!(%error, "what is left on a card at BTCPay is not known");
            ("At BTCPay, which does not answer".into(), None)
        }
    })
}

/// What is on it in the store's money, at the price of now; nothing without a price.
fn worth(app: &App, actor: &Actor, msat: i64) -> Option<String> {
    let worth = app.quote(&actor.store).ok()?.worth(Msat::from_db(msat).ok()?).ok()?;
    Some(worth.to_string())
}

/// What was done, by the word in the address.
pub(super) fn said(word: &str) -> Option<&'static str> {
    Some(match word {
        "freeze" => "Frozen: it pays nothing until a manager thaws it.",
        "thaw" => "Thawed.",
        "pin-reset" => "The PIN may be tried again.",
        "pin" => "The PIN is changed.",
        "points-sent" => "The points are on their way to the card’s balance at BTCPay.",
        "replace" => "All that was on the lost card is on this one now.",
        _ => return None,
    })
}

/// `POST /till/cards/of/{card}/{act}`: freeze, thaw, pin-reset, pin, replace.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path((card, act)): Path<(String, String)>,
    SafeForm(form): SafeForm<CardForm>,
) -> Result<Response, WebError> {
    let actor = super::actor(cashier);
    let mut shown = card.clone();
    match act.as_str() {
        "freeze" => verbs::freeze(&app, &actor, &card).await?,
        "thaw" => verbs::thaw(&app, &actor, &card).await?,
        "pin-reset" => verbs::reset_pin(&app, &actor, &card).await?,
        "pin" => {
            let from = match form.from.trim() {
                "" => 0,
                typed => crate::web::read::whole(typed, 0, MOST).map_err(WebError::bad)?,
            };
            verbs::set_pin(&app, &actor, &card, &form.pin, from * MSAT_PER_SAT).await?;
        }
        "replace" => {
            let scope = format!("{}/replace", actor.till.id);
            let once = Once::new(&scope, &form.key, &[&card, &form.link])?;
            shown = verbs::replace(&app, &actor, &card, &form.link, &once).await?;
        }
        _ => return Err(WebError::NotFound),
    }
    let manager = actor.staff.role == "manager";
    let page = if manager { format!("/of/{shown}") } else { String::new() };
    Ok(Redirect::to(&format!("/till/cards{page}?done={act}")).into_response())
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Looking {
    #[serde(default)]
    q: String,
}

/// `GET /till/cards/find?q=…`: cards by their name, for one that is lost. No balance is told.
pub(super) async fn find(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Query(looking): Query<Looking>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let (wanted, now) = (looking.q.trim().to_lowercase(), app.now());
    let cards = match wanted.is_empty() {
        true => vec![],
        false => app.db.cards(&actor.store.merchant_id, &actor.store.money).await?,
    };
    let found = cards.iter().filter(|card| {
        card.label.to_lowercase().contains(&wanted)
            || card.nickname.to_lowercase().contains(&wanted)
    });
    let line = |card: &Card| FoundCard {
        id: card.id.clone(),
        label: called(card),
        badge: badge(card, now),
        freezes: matches!(card.state.as_str(), "new" | "active"),
    };
    let page = CardsFoundHtml {
        shell: shell(&actor, "Find a card"),
        csrf,
        manager: actor.staff.role == "manager",
        cards: found.take(FOUND_MAX).map(line).collect(),
        query: looking.q,
    };
    Ok(Html(page.render()?))
}

impl core::convert::From<card::pin::PinError> for WebError {
    fn from(error: card::pin::PinError) -> Self {
        match error {
            card::pin::PinError::NotFour => Self::bad(error.to_string()),
            card::pin::PinError::Db(error) => error.into(),
            card::pin::PinError::Password(error) => Self::internal(error),
        }
    }
}

/// Only a manager reaches what follows.
pub(super) fn managed(cashier: Cashier) -> Result<(String, Actor), TillError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    verbs::manager(&actor)?;
    Ok((csrf, actor))
}
