//! Every connection at a glance: the rails with a test of each, and the rate sources.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::desk::At;
use super::rates::amount;
use super::{health, switch};
use crate::app::App;
use crate::db::connection::Connection;
use crate::rate::{Verdict, age_words};
use crate::till::make::try_out;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::connections::{ConnectionsHtml, RailLine, SourceLine};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::part::Row;

/// `GET …/connections`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    say(&app, &at, None).await
}

/// What a test came to: of which connection, and in words.
type Tested = (String, Result<String, String>);

async fn say(app: &App, at: &At, tested: Option<Tested>) -> Result<Response, WebError> {
    let connections = app.db.connections(&at.store.id).await?;
    let failed = tested.as_ref().is_some_and(|(_, came)| came.is_err());
    let page = ConnectionsHtml {
        shell: at.shell("Connections"),
        desk: at.desk(Section::Connections, "Connections", Some("What this shop relies on".into())),
        can_swap: connections.len() > 1,
        rails: connections.iter().map(|one| line(app, at, one, tested.as_ref())).collect(),
        sources: sources(app, at)?,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(askama::Template::render(&page)?)).into_response())
}

fn line(app: &App, at: &At, connection: &Connection, tested: Option<&Tested>) -> RailLine {
    let health = health::rail(app, at, Some(connection));
    let calls = app.rails.calls(&connection.id);
    let near = |when: crate::domain::time::Time| at.local().near(when.0, app.now().0);
    let mut rows = Vec::new();
    if let Some((when, took)) = calls.good {
        let words = format!("{}, in {} ms", near(when), took.as_millis());
        rows.push(Row::new("Last answer", words));
    }
    if let Some((when, why)) = calls.bad {
        rows.push(Row::new("Last fault", format!("{}: {why}", near(when))));
    }
    if connection.rail == "btcpay" {
        let heard = app.rails.last_heard(&connection.id);
        let words = heard.map_or_else(|| "not yet".to_owned(), near);
        rows.push(Row::new("Webhook heard", words));
    }
    let tested = tested.filter(|(id, _)| id == connection.id.as_str()).map(|(_, came)| came);
    let place = if connection.place == 1 { "First" } else { "Second, when the first is silent" };
    RailLine {
        id: connection.id.to_string(),
        class: health.class,
        icon: health.icon,
        what: health.what,
        place,
        words: health.words,
        href: health.href,
        rows,
        tested: tested.cloned(),
    }
}

fn sources(app: &App, at: &At) -> Result<Vec<SourceLine>, WebError> {
    let mut lines = Vec::new();
    if let Some((value, when)) = app.btcpay_price(&at.store) {
        let age = age_words(app.now().since(when));
        let words = format!("{} a bitcoin, {age} old", amount(value, at.currency));
        lines.push(SourceLine { name: "BTCPay".into(), class: "paid", icon: "check", words });
    }
    let settings = app.rate_settings(&at.store).map_err(|_| WebError::NotFound)?;
    let view = app.rates.view(&settings, app.now());
    for source in view.exchanges {
        let asked = source.asked_at.map_or_else(
            || "not asked yet".to_owned(),
            |when| format!("asked {} ago", age_words(app.now().since(when))),
        );
        let (class, icon, words) = match source.verdict {
            Verdict::Used => ("paid", "check", format!("Used, {asked}")),
            Verdict::Dropped(why) => ("warn", "alert", format!("Left out: {why}; {asked}")),
        };
        lines.push(SourceLine { name: source.name.into(), class, icon, words });
    }
    Ok(lines)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Which {
    connection: String,
}

/// `POST …/connections/test` makes and cancels a real invoice; `…/swap` changes the rails' places.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path(path): Path<HashMap<String, String>>,
    SafeForm(which): SafeForm<Which>,
) -> Result<Response, WebError> {
    match path.get("act").map(String::as_str) {
        Some("swap") => {
            switch::swap(&app, &at).await?;
            Ok(at.done("/connections", "swapped"))
        }
        Some("test") => {
            let rails = app.rails.of_store(&at.store.id);
            let rail = rails.into_iter().find(|one| one.id.as_str() == which.connection);
            let rail = rail.ok_or(WebError::NotFound)?;
            let came = try_out(&app, &at.store, &rail).await;
            let came = came
                .map(|took| {
                    format!("An invoice was made and cancelled in {} ms.", took.as_millis())
                })
                .map_err(|why| format!("The test failed: {why}."));
            say(&app, &at, Some((which.connection, came))).await
        }
        _ => Err(WebError::NotFound),
    }
}
