//! What BTCPay calls: the webhook, and the one-time address that its consent page answers to.
//! Neither comes from a page of ours, so neither needs a session; each brings its own proof.

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
        .route("/hooks/consent/{token}", post(consent::take))
}

async fn read(body: Body) -> Result<Vec<u8>, StatusCode> {
    let bytes = axum::body::to_bytes(body, MOST_BYTES).await;
    bytes.map(Vec::from).map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
}
