//! What others call: BTCPay's webhook, the one-time address that its consent page answers to, and
//! the one-time address of an app that programs cards. None comes from a page of ours, so none needs
//! a session; each brings its own proof.

mod card;
mod consent;
mod webhook;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::post;

use crate::app::App;

/// No delivery is larger, by far.
const MOST_BYTES: usize = 256 * 1024;

/// `/hooks/…`
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/hooks/btcpay/{connection}", post(webhook::take))
        .route("/hooks/card/{token}", post(card::program))
        .route("/hooks/card/wipe/{token}", post(card::reset))
        .route("/hooks/consent/{token}", post(consent::take))
}

async fn read(body: Body) -> Result<Vec<u8>, StatusCode> {
    let bytes = axum::body::to_bytes(body, MOST_BYTES).await;
    bytes.map(Vec::from).map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
}
