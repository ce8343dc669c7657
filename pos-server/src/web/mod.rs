//! What browsers reach: who is let in, forms, pages, and the words of every refusal.

pub mod access;
pub mod api;
pub mod assets;
mod card_code;
mod card_words;
pub mod cookie;
pub mod csrf;
pub mod csv;
pub mod dashboard;
pub mod door;
mod dress;
pub mod error;
pub mod form;
mod headers;
pub mod hooks;
mod known;
mod lnurl;
pub mod next;
pub mod page;
pub mod portal;
pub mod practice;
pub mod read;
pub mod receipt;
pub mod session;
pub mod till;
pub mod who;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// Every address there is.
pub fn site(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .merge(door::router())
        .merge(assets::router())
        .merge(access::router())
        .merge(hooks::router())
        .merge(lnurl::router())
        .merge(portal::router())
        .merge(dashboard::router())
        .merge(till::router())
        .merge(practice::router())
        .merge(receipt::router())
        .merge(api::router(app));
    guarded(routes, app)
}

/// Puts around all routes what no page may go without: refusals in words, caught panics, addresses
/// that are text, and the headers of a strict house.
pub fn guarded(routes: Router<Arc<App>>, app: &Arc<App>) -> Router {
    routes
        .fallback(|| async { error::WebError::NotFound })
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn(dress::readable_address))
        .layer(from_fn(dress::dress))
        .layer(from_fn_with_state(app.clone(), headers::headers))
        .with_state(app.clone())
}
