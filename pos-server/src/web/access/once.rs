//! The one-time link that the server prints.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::{on_with, page, shell};
use crate::access::sign_in;
use crate::app::App;
use crate::web::error::WebError;
use crate::web::form::OpenForm;
use crate::web::page::dashboard::doors::OnceHtml;
use crate::web::session::{self, visit};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// Signs in at once where the browser says that a person opened the link; else asks first, so that
/// no other page signs anybody in as somebody else.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if matches!(site, Some("none" | "same-origin")) {
        return sign_in(&app, &token).await;
    }
    let visit = visit(&headers, &app);
    let html = OnceHtml {
        shell: shell("Sign in"),
        csrf: visit.csrf,
        action: format!("/sign-in/once/{}", crate::web::next::encode(&token)),
    };
    page(StatusCode::OK, visit.cookie, &html)
}

/// Signs in after a word.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    OpenForm(Nothing {}): OpenForm<Nothing>,
) -> Result<Response, WebError> {
    sign_in(&app, &token).await
}

async fn sign_in(app: &App, token: &str) -> Result<Response, WebError> {
    let mut tx = app.db.begin().await?;
    let Some(owner) = sign_in::use_link(app, &mut tx, token).await? else {
        let words = "This link was used before, or is too old. Sign in with the password.";
        return Err(WebError::Refused(StatusCode::GONE, words.into()));
    };
    let cookie = session::start_owner(&mut tx, app, &owner.merchant_id, &owner.id).await?;
    let who = format!("owner {}", owner.email);
    let detail = "with a one-time link";
    tx.audit(&owner.merchant_id, &who, "owner.signed_in", detail, app.now()).await?;
    tx.commit().await?;
    Ok(on_with(cookie, "/dashboard"))
}
