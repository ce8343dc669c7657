//! How a holder gets in: a tap on a phone, or a link that staff showed. Neither stays in the address.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::HOME;
use crate::app::App;
use crate::till::card::{Closed, Opened, STAYS, open_by_link, open_by_tap};
use crate::web::cookie::Cookie;
use crate::web::error::WebError;
use crate::web::form::OpenForm;
use crate::web::next::encode;
use crate::web::page::Shell;
use crate::web::page::portal::{OpenHtml, TapHtml};
use crate::web::session;

/// `GET /card?p&c` by a person's browser. What comes of it has an address without the tap.
pub(in crate::web) async fn tapped(
    app: &App,
    headers: &HeaderMap,
    address: &Uri,
) -> Result<Response, WebError> {
    let held = session::holder(headers, app).await?;
    let why = match open_by_tap(app, &address.to_string(), held.as_ref()).await {
        Ok(opened) => return Ok(inside(app, opened)),
        Err(Closed::NoTap | Closed::Link) => "other",
        Err(Closed::Used) => "used",
        Err(Closed::Gone) => "gone",
        Err(Closed::Down(error)) => {
            tracing::error!(%error, "cards cannot be read");
            "down"
        }
        Err(Closed::Db(error)) => return Err(error.into()),
    };
    Ok(Redirect::to(&format!("{HOME}/tap?why={why}")).into_response())
}

fn inside(app: &App, opened: Opened) -> Response {
    let mut response = Redirect::to(HOME).into_response();
    if let Opened::Visit(token) = opened {
        let cookie = Cookie::Card.set(&app.config, &token, STAYS);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Why somebody is before the door.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Before {
    #[serde(default)]
    why: String,
    next: Option<String>,
}

/// `GET /card/own/tap`: asks for a tap.
pub(super) async fn page(Query(before): Query<Before>) -> Result<Html<String>, WebError> {
    let (title, words) = match before.why.as_str() {
        "used" => (
            "Tap the card again",
            "This tap was used before. Take the card away, then hold it to the phone again.",
        ),
        "other" => (
            "This is not our card",
            "The tap could not be proven. Nothing is shown. Try again, or ask at the shop.",
        ),
        "gone" => ("Not in use any more", "This card was replaced or put away. Ask at the shop."),
        "down" => ("Not just now", "Cards cannot be read at the moment. Try again in a while."),
        "out" => ("Signed out", "To open your card’s page again, tap the card."),
        _ if before.next.is_some() => (
            "Tap the card again",
            "A card’s page stays open for a quarter of an hour. Nothing was changed since.",
        ),
        _ => ("Tap your card", "Hold your Flash Card to the phone: its page opens."),
    };
    let calm = matches!(before.why.as_str(), "" | "out");
    let page = TapHtml { shell: shell(title), title, words, calm };
    Ok(Html(page.render()?))
}

fn shell(title: &str) -> Shell {
    Shell { title: title.into(), shop: "Flash Card".into(), practice: false }
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `GET /card/open/{token}`: opens at once where the browser says that a person opened the link; else
/// asks first, so that no program that looks at links uses it up.
pub(super) async fn link(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if matches!(site, Some("none" | "same-origin")) {
        return enter(&app, &token).await;
    }
    let visit = session::visit(&headers, &app);
    let page = OpenHtml {
        shell: shell("Your card"),
        csrf: visit.csrf,
        action: format!("/card/open/{}", encode(&token)),
    };
    let mut response = Html(page.render()?).into_response();
    response.headers_mut().append(SET_COOKIE, visit.cookie);
    Ok(response)
}

/// `POST /card/open/{token}`: opens after a word.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    OpenForm(Nothing {}): OpenForm<Nothing>,
) -> Result<Response, WebError> {
    enter(&app, &token).await
}

async fn enter(app: &App, token: &str) -> Result<Response, WebError> {
    match open_by_link(app, token).await {
        Ok(opened) => Ok(inside(app, opened)),
        Err(Closed::Db(error)) => Err(error.into()),
        Err(shut) => {
            let words = format!("{shut} Tap the card, or ask for a new one at the till.");
            Err(WebError::Refused(StatusCode::GONE, words))
        }
    }
}

/// Takes the visit's cookie away.
pub(super) fn cleared(app: &App) -> HeaderValue {
    Cookie::Card.clear(&app.config)
}
