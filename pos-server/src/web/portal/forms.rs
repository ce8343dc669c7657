//! The forms of a card's page: limits, PIN, and what its holder says of herself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::holder::Holder;
use crate::app::App;
use crate::card::pin as rules;
use crate::db::card::Card;
use crate::domain::npub;
use crate::points;
use crate::web::card_words::sats;
use crate::web::error::WebError;
use crate::web::page::portal::{Birthday, LimitsHtml, PinHtml, YouHtml};

const MSAT_PER_SAT: i64 = 1_000;

/// What the forms send.
#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) key: String,
    #[serde(default)]
    pub(super) pin: String,
    #[serde(default)]
    pub(super) new: String,
    #[serde(default)]
    pub(super) twice: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) tap: String,
    #[serde(default)]
    pub(super) day: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) npub: String,
    #[serde(default)]
    pub(super) birthday: String,
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn refused(html: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()
}

/// Whole sats for an input field.
fn input(msat: i64) -> String {
    (msat / MSAT_PER_SAT).to_string()
}

/// `GET /card/own/limits`
pub(super) async fn limits(holder: Holder) -> Result<Html<String>, WebError> {
    let card = &holder.card;
    let typed = Typed {
        tap: input(card.tap_limit_msat),
        day: input(card.day_limit_msat),
        ..Typed::default()
    };
    Ok(Html(limits_page(&holder, &typed, None)?))
}

pub(super) fn limits_again(
    holder: &Holder,
    typed: &Typed,
    wrong: &str,
) -> Result<Response, WebError> {
    Ok(refused(limits_page(holder, typed, Some(wrong))?))
}

fn limits_page(holder: &Holder, typed: &Typed, wrong: Option<&str>) -> Result<String, WebError> {
    let card = &holder.card;
    let page = LimitsHtml {
        shell: holder.shell("Limits"),
        csrf: holder.session.csrf.clone(),
        key: key(),
        tap: typed.tap.clone(),
        day: typed.day.clone(),
        tap_most: sats(card.tap_most_msat)?,
        day_most: sats(card.day_most_msat)?,
        pin: card.pin_hash.is_some(),
        wrong: wrong.map(ToOwned::to_owned),
    };
    Ok(page.render()?)
}

/// `GET /card/own/pin`
pub(super) async fn pin(holder: Holder) -> Result<Html<String>, WebError> {
    let from = from(&holder.card);
    Ok(Html(pin_page(&holder, &Typed { from, ..Typed::default() }, None)?))
}

fn from(card: &Card) -> String {
    match card.pin_hash {
        Some(_) if card.pin_from_msat > 0 => input(card.pin_from_msat),
        _ => String::new(),
    }
}

pub(super) fn pin_again(holder: &Holder, typed: &Typed, wrong: &str) -> Result<Response, WebError> {
    Ok(refused(pin_page(holder, typed, Some(wrong))?))
}

// What was typed as a PIN is never written back.
fn pin_page(holder: &Holder, typed: &Typed, wrong: Option<&str>) -> Result<String, WebError> {
    let page = PinHtml {
        shell: holder.shell("PIN"),
        csrf: holder.session.csrf.clone(),
        key: key(),
        other_key: key(),
        has: holder.card.pin_hash.is_some(),
        blocked: rules::blocked(&holder.card),
        from: typed.from.clone(),
        wrong: wrong.map(ToOwned::to_owned),
    };
    Ok(page.render()?)
}

/// `GET /card/own/you`
pub(super) async fn you(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Html<String>, WebError> {
    let card = &holder.card;
    let typed = Typed { name: card.nickname.clone(), ..Typed::default() };
    Ok(Html(you_page(&app, &holder, &typed, None).await?))
}

pub(super) async fn you_again(
    app: &App,
    holder: &Holder,
    typed: &Typed,
    wrong: &str,
) -> Result<Response, WebError> {
    Ok(refused(you_page(app, holder, typed, Some(wrong)).await?))
}

// What was typed as an npub is not written back where it is wrong: it may be a secret key.
async fn you_page(
    app: &App,
    holder: &Holder,
    typed: &Typed,
    wrong: Option<&str>,
) -> Result<String, WebError> {
    let card = &holder.card;
    let page = YouHtml {
        shell: holder.shell("You and your data"),
        csrf: holder.session.csrf.clone(),
        key: key(),
        other_key: key(),
        name: if typed.name.is_empty() { card.nickname.clone() } else { typed.name.clone() },
        name_most: super::act::NAME_MOST,
        npub: npub::write(&card.npub),
        birthday: birthday(app, card, typed).await?,
        pin: card.pin_hash.is_some(),
        wrong: wrong.map(ToOwned::to_owned),
    };
    Ok(page.render()?)
}

/// Asked for where there is a programme, and told once.
async fn birthday(app: &App, card: &Card, typed: &Typed) -> Result<Option<Birthday>, WebError> {
    if points::standing(&app.db, card, app.now()).await?.is_none() {
        return Ok(None);
    }
    let told = app.db.points_card(&card.id).await?;
    let told = told.filter(|points| points.created_ms >= card.created_ms);
    let told = told.and_then(|points| points.birthday);
    let asked = || Birthday::Asked(typed.birthday.clone());
    Ok(Some(told.map_or_else(asked, Birthday::Told)))
}
