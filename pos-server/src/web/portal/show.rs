//! A card's page: what is on it, what it may, what happened, and the code by which it is topped up.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::holder::Holder;
use super::{history, money};
use crate::app::App;
use crate::card::pin;
use crate::db::card::Card;
use crate::receipt::qr::{self, Spare};
use crate::till::card;
use crate::web::card_words::{badge, limits, sats};
use crate::web::error::WebError;
use crate::web::page::part::Row;
use crate::web::page::portal::{Ice, PortalHtml, TopUpCode};
use crate::web::till::points;

/// Lines of the history on the page itself.
const LATELY: usize = 8;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    done: String,
}

/// `GET /card/own`
pub(super) async fn page(
    State(app): State<Arc<App>>,
    holder: Holder,
    Query(from): Query<From>,
) -> Result<Response, WebError> {
    let html = draw(&app, holder, said(&from.done), None).await?;
    Ok(Html(html).into_response())
}

/// The page once more, with what was wrong.
pub(super) async fn again(
    app: &App,
    mut holder: Holder,
    wrong: String,
) -> Result<Response, WebError> {
    // A wrong PIN counted: the card is another one now.
    holder.card = app.db.card(&holder.card.id).await?.ok_or(WebError::NotFound)?;
    let html = draw(app, holder, None, Some(wrong)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
}

fn said(word: &str) -> Option<&'static str> {
    Some(match word {
        "frozen" => "Frozen: the card pays nothing now.",
        "thawed" => "Thawed: the card pays again.",
        "limits" => "The limits are kept.",
        "pin" => "The PIN is kept.",
        "no-pin" => "The PIN is removed.",
        "name" => "The name is kept.",
        "birthday" => "The birthday is kept.",
        "inbox" => "Receipts may go to your inbox.",
        "no-inbox" => "Receipts go to no inbox.",
        _ => return None,
    })
}

async fn draw(
    app: &App,
    holder: Holder,
    done: Option<&'static str>,
    wrong: Option<String>,
) -> Result<String, WebError> {
    let history = history::lines(app, &holder, None, LATELY).await?;
    let (card, local, now) = (&holder.card, holder.local(), app.now());
    let mut rows = limits(card, &local)?;
    let spent = if card.spent_day == local.date(now.0) { card.spent_msat } else { 0 };
    let left = card.day_limit_msat.saturating_sub(spent).max(0);
    rows.insert(2, Row { label: "Left of it today".into(), amount: sats(left)? });
    let page = PortalHtml {
        shell: holder.shell("Your card"),
        csrf: holder.session.csrf.clone(),
        key: uuid::Uuid::now_v7().to_string(),
        name: name(card).to_owned(),
        badge: badge(card, now),
        held: money::held(app, &holder).await?,
        points: points::of_card(app, &holder.store, card).await?,
        limits: rows,
        ice: ice(card, now.0),
        history,
        top_up: top_up(app, card).await?,
        until: local.time(holder.session.expires_ms),
        done,
        wrong,
    };
    Ok(page.render()?)
}

/// What the card is called.
pub(super) fn name(card: &Card) -> &str {
    if card.nickname.is_empty() { &card.label } else { &card.nickname }
}

fn ice(card: &Card, now: i64) -> Ice {
    let over = card.expires_ms.is_some_and(|end| end <= now);
    match (card.state.as_str(), card.frozen_by.as_str()) {
        ("frozen", "holder") if card.pin_hash.is_none() => Ice::Staff(
            "You froze this card. It has no PIN, so staff at the shop thaw it: bring the card.",
        ),
        ("frozen", "holder") if pin::blocked(card) => {
            Ice::Staff("You froze this card, and its PIN is blocked. A manager can reset the PIN.")
        }
        ("frozen", "holder") => Ice::Pin,
        ("frozen", "alarm") => Ice::Staff(
            "This card may have been copied, so it was frozen. Nothing is taken from it. A manager \
             at the shop looks into it: bring the card.",
        ),
        ("frozen", _) => Ice::Staff("The shop froze this card. Staff there can thaw it."),
        _ if over => Ice::Over,
        _ => Ice::None,
    }
}

async fn top_up(app: &App, of: &Card) -> Result<Option<TopUpCode>, WebError> {
    let elsewhere = app.db.card_backing(&of.id).await?.is_some();
    if elsewhere || card::room(of, app.now()).is_none() {
        return Ok(None);
    }
    let link = card::pay_link(app, &of.id).await?;
    let qr = qr::draw(&link, Spare::Screen).map_err(WebError::internal)?;
    Ok(Some(TopUpCode { link, qr }))
}
