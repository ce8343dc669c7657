//! Signing in with a password, and out.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{on_with, page, shell};
use crate::access::tries::{self, Tried};
use crate::app::App;
use crate::web::cookie::Cookie;
use crate::web::error::WebError;
use crate::web::form::{OpenForm, SafeForm};
use crate::web::next::safe_next;
use crate::web::page::dashboard::doors::SignInHtml;
use crate::web::page::dashboard::field::Field;
use crate::web::session::{self, visit};
use crate::web::who::Owner;

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

const HOME: &str = "/dashboard";
const NOT_IN: &str =
    "That e-mail and password do not fit. After five wrong ones, wait five minutes.";

/// Asks who it is.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    if !app.db.has_merchants().await? {
        return Ok(Redirect::to("/start").into_response());
    }
    ask(&app, &headers, StatusCode::OK, "", &query.next, None)
}

fn ask(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    email: &str,
    next: &str,
    fault: Option<&str>,
) -> Result<Response, WebError> {
    let visit = visit(headers, app);
    let html = SignInHtml {
        shell: shell("Sign in"),
        csrf: visit.csrf,
        next: safe_next(next).unwrap_or(HOME).to_owned(),
        email: Field::email("email", "E-mail", email),
        password: Field::password("password", "Password"),
        fault: fault.map(str::to_owned),
        may_open: app.config.open_sign_up,
    };
    page(status, visit.cookie, &html)
}

/// Lets the owner in. An unknown e-mail, a wrong password and a locked owner are answered alike: a
/// stranger learns of nobody whether it has an account.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OpenForm(form): OpenForm<Credentials>,
) -> Result<Response, WebError> {
    let email = form.email.trim().to_lowercase();
    let owner = app.db.owner_by_email(&email).await?;
    let tried = tries::password(&app, owner.as_ref(), &form.password).await?;
    let (Tried::Right, Some(owner)) = (tried, owner) else {
        let (status, fault) = (StatusCode::UNPROCESSABLE_ENTITY, Some(NOT_IN));
        return ask(&app, &headers, status, &form.email, &form.next, fault);
    };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let cookie = session::start_owner(&mut tx, &app, &owner.merchant_id, &owner.id).await?;
    let who = format!("owner {}", owner.email);
    tx.audit(&owner.merchant_id, &who, "owner.signed_in", "with the password", now).await?;
    tx.commit().await?;
    Ok(on_with(cookie, safe_next(&form.next).unwrap_or(HOME)))
}

/// Ends the owner's session.
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    owner: Owner,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let mut tx = app.db.begin().await?;
    tx.end_session(&owner.session.token_hash).await?;
    tx.audit(owner.merchant(), &owner.who(), "owner.signed_out", "", app.now()).await?;
    tx.commit().await?;
    Ok(on_with(Cookie::Owner.clear(&app.config), "/sign-in"))
}
