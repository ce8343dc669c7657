//! A sale's page, and the same as a fragment for polling.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::act::read_sale;
use super::bar::shell;
use super::charge::charge_scope;
use super::view::{facts, view};
use crate::app::App;
use crate::db::sale::Sale;
use crate::till::Actor;
use crate::web::error::WebError;
use crate::web::page::sale::SaleHtml;
use crate::web::who::Cashier;

/// How the page was reached.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    /// The key of the Charge that opened it.
    #[serde(default)]
    charged: String,
    /// The last event that a polling page knows.
    #[serde(default)]
    after: i64,
}

/// `GET /till/sales/{sale}`: the truth now.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    Query(from): Query<From>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let facts = facts(&app, &actor, &read_sale(&sale)?).await?;
    let points = super::points::of_sale(&app, &actor, &facts).await?;
    let key = match from.charged.is_empty() {
        true => charge_key(&app, &actor, &facts.sale).await?,
        false => from.charged,
    };
    let view = view(&app, &actor, &csrf, &key, &facts, points)?;
    let page = SaleHtml { shell: shell(&actor, view.title()), view };
    Ok(Html(page.render()?))
}

/// The key of the Charge that opened a sale of this till: the tablet that never heard the answer drops
/// its cart now, or the next sale that looks the same would be this one. Empty when nobody knows it.
async fn charge_key(app: &App, actor: &Actor, sale: &Sale) -> Result<String, WebError> {
    if sale.till_id != actor.till.id {
        return Ok(String::new());
    }
    let scope = charge_scope(&actor.till.id);
    Ok(app.db.key_of_answer(&scope, sale.id.as_str()).await?.unwrap_or_default())
}

/// `GET /till/sales/{sale}/state?after=SEQ`: the view if it is newer, else 204.
pub(super) async fn state(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let facts = facts(&app, &actor, &read_sale(&sale)?).await?;
    if facts.seq() <= from.after {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let points = super::points::of_sale(&app, &actor, &facts).await?;
    let live = view(&app, &actor, &csrf, "", &facts, points)?.live()?;
    Ok(Json(live).into_response())
}
