//! The doors: first start, signing in and out, pairing a tablet, unlocking a till.

mod once;
mod pair;
mod sign_in;
mod start;
mod unlock;

pub(crate) use unlock::person;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use axum::routing::{get, post};

use super::error::WebError;
use super::page::Shell;
use crate::access::AccessError;
use crate::app::App;

/// Every door.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/start", get(start::show).post(start::open))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-in/once/{token}", get(once::show).post(once::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/pair", get(pair::show).post(pair::pair))
        .route("/till/unlock", get(unlock::show).post(unlock::unlock))
        .route("/till/lock", post(unlock::lock))
}

impl From<AccessError> for WebError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Db(error) => error.into(),
            AccessError::EmailTaken | AccessError::Code => Self::conflict(error.to_string()),
            other => Self::internal(other),
        }
    }
}

fn shell(title: &str) -> Shell {
    Shell { title: title.into(), shop: "pos-server".into(), practice: false }
}

/// A page with its status and a cookie to keep.
fn page(
    status: StatusCode,
    cookie: HeaderValue,
    template: &impl Template,
) -> Result<Response, WebError> {
    let html = Html(template.render()?);
    Ok((status, AppendHeaders([(SET_COOKIE, cookie)]), html).into_response())
}

/// On to a path of ours, with a cookie to keep.
fn on_with(cookie: HeaderValue, path: &str) -> Response {
    let to = axum::response::Redirect::to(path);
    (AppendHeaders([(SET_COOKIE, cookie)]), to).into_response()
}
