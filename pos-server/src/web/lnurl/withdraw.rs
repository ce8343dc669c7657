//! A card of ours at another till: LUD-03 with LUD-19's link to top it up and
//! the `pinLimit` of LUD-24's draft.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{answer, failed, refused};
use crate::app::App;
use crate::card::pin;
use crate::till::card;
use crate::web::portal;

/// Millisatoshi. The most is the same for all cards and above what any may spend: neither limits nor
/// balances show, and nobody sweeps a card by asking for all.
const LEAST: u64 = 1_000;
const MOST: u64 = 100_000_000_000;

/// What a tap is answered with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithdrawRequest {
    tag: &'static str,
    callback: String,
    k1: String,
    default_description: &'static str,
    min_withdrawable: u64,
    max_withdrawable: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin_limit: Option<i64>,
    pay_link: String,
}

/// `GET /card?p&c`: the link that the chip writes, fetched by a wallet or another till. It uses the tap
/// up, so that `HEAD` must not reach it.
pub(super) async fn tapped(
    State(app): State<Arc<App>>,
    method: Method,
    headers: HeaderMap,
    address: Uri,
) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if is_browser(&headers) {
        // A holder who taps the card on a phone.
        return portal::tapped(&app, &headers, &address).await.into_response();
    }
    let presented = async {
        let away = card::present(&app, &address.to_string()).await?;
        Ok(WithdrawRequest {
            tag: "withdrawRequest",
            callback: format!("{}/card/pay", app.config.public_url),
            pay_link: card::pay_link(&app, &away.card.id).await?,
            k1: away.k1,
            default_description: "Flash Card",
            min_withdrawable: LEAST,
            max_withdrawable: MOST,
            pin_limit: pin::limit(&away.card),
        })
    };
    presented.await.map_or_else(failed, |said| answer(&said))
}

/// A person's browser, not a wallet.
fn is_browser(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// What comes with an invoice.
#[derive(Deserialize)]
pub(super) struct Pay {
    #[serde(default)]
    k1: String,
    #[serde(default)]
    pr: String,
    pin: Option<String>,
}

/// `GET /card/pay?k1&pr`: OK means accepted.
pub(super) async fn pay(
    State(app): State<Arc<App>>,
    method: Method,
    query: Result<Query<Pay>, axum::extract::rejection::QueryRejection>,
) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Ok(Query(Pay { k1, pr, pin })) = query else {
        return refused("k1 and pr are needed, once.");
    };
    if k1.is_empty() || pr.is_empty() {
        return refused("k1 and pr are needed.");
    }
    match card::pay_away(&app, &k1, &pr, pin.as_deref()).await {
        Ok(()) => answer(&json!({ "status": "OK" })),
        Err(error) => failed(error),
    }
}
