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
use super::view::{facts, view};
use crate::app::App;
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
    let view = view(&app, &actor, &csrf, &from.charged, &facts, points)?;
    let page = SaleHtml { shell: shell(&actor, view.title()), view };
    Ok(Html(page.render()?))
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
