//! The front door: sends each visitor where it belongs, and answers that the server is well.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::cookie::Cookie;
use crate::app::App;

/// `/` and `/health`.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/", get(home)).route("/health", get(health))
}

async fn home(State(app): State<Arc<App>>, headers: HeaderMap) -> Redirect {
    let has = |cookie: Cookie| cookie.read(&app.config, &headers).is_some();
    Redirect::to(if has(Cookie::Till) { "/till" } else { "/dashboard" })
}

async fn health(State(app): State<Arc<App>>) -> Response {
    if app.db.answers().await {
        return "ok".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
}
