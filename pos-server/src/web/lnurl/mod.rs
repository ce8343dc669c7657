//! LNURL, as wallets and other tills speak it: our cards pay there, and are topped up from there. What
//! is refused is said as LNURL says it, with status 200: that is what wallets show.

mod pay;
mod withdraw;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::till::TillError;

/// `/card…`
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/card", get(withdraw::tapped))
        .route("/card/pay", get(withdraw::pay))
        .route("/card/top-up/{token}", get(pay::asked))
        .route("/card/top-up/{token}/pay", get(pay::draw))
        .route("/card/top-up/{token}/verify/{hash}", get(pay::verify))
}

/// An answer that pages of other origins may read too: there are wallets in browsers.
fn answer(body: &impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

fn refused(reason: &str) -> Response {
    answer(&json!({ "status": "ERROR", "reason": reason }))
}

/// In words that tell nothing of what is on a card.
fn failed(error: TillError) -> Response {
    match error {
        TillError::Refused(words) => refused(&words),
        needed @ TillError::PinNeeded => refused(&needed.to_string()),
        other => {
            tracing::error!(error = %other, "a card could not be served");
            refused("The card service is down just now. Nothing was taken.")
        }
    }
}
