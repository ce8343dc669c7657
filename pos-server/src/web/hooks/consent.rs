//! What BTCPay's consent page has the merchant's browser post to the one-time address. It is kept
//! sealed; the key is tried, and used, only from the owner's own page.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use btcpay_bridge::Granted;

use super::read;
use crate::access::token;
use crate::app::App;
use crate::web::dashboard::btcpay::Grant;
use crate::web::error::WebError;

/// `POST /hooks/consent/{token}`, on to the owner's page.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(secret): Path<String>,
    body: Body,
) -> Result<Response, WebError> {
    let now = app.now();
    let hash = token::hash(&secret);
    let way = app.db.consent(&hash, now).await?.ok_or(WebError::NotFound)?;
    let body = read(body).await.map_err(|_| WebError::NotFound)?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&body).map_err(|_| WebError::NotFound)?;
    let back = |end: &str| {
        Redirect::to(&format!("/dashboard/{}/btcpay{end}", way.store_id)).into_response()
    };
    let Ok(granted) = Granted::read(&fields) else { return Ok(back("?done=refused")) };
    let grant = Grant { key: granted.key, store: granted.store };
    let sealed = grant.seal(&app, &hash)?;
    if !app.db.end_consent(&hash, sealed, now).await? {
        return Err(WebError::NotFound);
    }
    Ok(back(&format!("/found?way={secret}")))
}
