//! Cash onto a card: the page, the act, and what came of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use super::bar::shell;
use crate::app::App;
use crate::domain::local::Local;
use crate::domain::money::{Money, Msat};
use crate::till::once::Once;
use crate::till::{TillError, card};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::till_data::CurrencyData;
use crate::web::page::{CardsHtml, PointsToBalanceHtml, ToppedUpHtml};
use crate::web::who::Cashier;

/// `GET /till/cards`
pub(super) async fn page(
    cashier: Cashier,
    Query(from): Query<super::card::From>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let page = CardsHtml {
        shell: shell(&actor, "Top up a card"),
        csrf,
        key: uuid::Uuid::now_v7().to_string(),
        currency: CurrencyData::of(&actor.store.currency()?),
        manager: actor.staff.role == "manager",
        done: super::card::said(&from.done),
    };
    Ok(Html(page.render()?))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct TopUpForm {
    key: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    link: String,
}

/// `POST /till/cards/top-up`: cash that was handed over, and the link that the card gave its reader.
pub(super) async fn top_up(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<TopUpForm>,
) -> Result<Redirect, WebError> {
    let actor = super::actor(cashier);
    let typed = Money::parse(&form.amount, actor.store.currency()?).map_err(TillError::from)?;
    let scope = format!("{}/top-up", actor.till.id);
    let once = Once::new(&scope, &form.key, &[&form.amount, &form.link])?;
    let done = card::top_up(&app, &actor, typed.minor, &form.link, &once).await?;
    Ok(Redirect::to(&format!("/till/cards/moves/{done}")))
}

/// `GET /till/cards/points`
pub(super) async fn points(cashier: Cashier) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let key = uuid::Uuid::now_v7().to_string();
    let page = PointsToBalanceHtml { shell: shell(&actor, "Points into balance"), csrf, key };
    Ok(Html(page.render()?))
}

/// `POST /till/cards/points`: the link that the card gave its reader.
pub(super) async fn convert(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<TopUpForm>,
) -> Result<Redirect, WebError> {
    let actor = super::actor(cashier);
    let scope = format!("{}/points", actor.till.id);
    let once = Once::new(&scope, &form.key, &[&form.link])?;
    Ok(match card::convert(&app, &actor, &form.link, &once).await? {
        card::Converted::Now(done) => Redirect::to(&format!("/till/cards/moves/{done}")),
        card::Converted::Sent(_) => Redirect::to("/till/cards?done=points-sent"),
    })
}

/// `GET /till/cards/moves/{done}`
pub(super) async fn done(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(done): Path<String>,
) -> Result<Html<String>, WebError> {
    let actor = super::actor(cashier);
    let done = app.db.card_move(&actor.store.id, &done).await?;
    if !matches!(done.kind.as_str(), "top_up" | "points") {
        return Err(WebError::NotFound);
    }
    let sats = |msat| Msat::from_db(msat).map(|msat| msat.to_string());
    let at = Local::new(&actor.store.time_zone).time(done.at_ms);
    let page = ToppedUpHtml {
        shell: shell(&actor, "Card topped up"),
        amount: match done.kind.as_str() {
            "points" => sats(done.msat).map_err(WebError::internal)?,
            _ => actor.store.currency()?.write(done.amount),
        },
        sats: sats(done.msat).map_err(WebError::internal)?,
        holds: sats(done.balance_msat).map_err(WebError::internal)?,
        by: format!("{}, {at}", done.who),
    };
    Ok(Html(page.render()?))
}
