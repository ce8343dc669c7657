//! What an app that programs cards calls, as Bolt Card apps do (DEEPLINK.md): it sends the chip's
//! serial number and gets what is written onto the chip, once.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::read;
use crate::access::token;
use crate::app::App;
use crate::backing::{self, BackingError};
use crate::card::{Chip, IssueError, Programmed, WipeError, program as trade, wipe};

/// Where a card's taps lead: the same for all, so that no link names its card.
const TAPS: &str = "/card";

/// What an app knows of the chip in its hand.
#[derive(Deserialize)]
struct Held {
    #[serde(rename = "UID", default)]
    serial: String,
    #[serde(rename = "LNURLW", default)]
    link: String,
}

/// The answer's fields have the names that the apps read.
#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Written {
    lnurlw: String,
    k0: String,
    k1: String,
    k2: String,
    k3: String,
    k4: String,
    #[serde(rename = "Version")]
    version: u32,
}

/// `POST /hooks/card/{token}` with `{"UID": "04…"}`. What is refused says why, as LNURL does.
pub(super) async fn program(
    State(app): State<Arc<App>>,
    Path(secret): Path<String>,
    body: Body,
) -> Response {
    let Ok(body) = read(body).await else { return refused(StatusCode::PAYLOAD_TOO_LARGE, UNREAD) };
    let Ok(chip) = serde_json::from_slice::<Held>(&body) else {
        return refused(StatusCode::BAD_REQUEST, UNREAD);
    };
    let hash = token::hash(&secret);
    match backing::program(&app, &hash, &chip.serial).await {
        Ok(Some(by_btcpay)) => return Json(by_btcpay.into_answer()).into_response(),
        Ok(None) => {}
        Err(why) => return at_btcpay(&why),
    }
    match trade(&app.db, &app.seal, &hash, &chip.serial, app.now()).await {
        Ok(programmed) => Json(written(&app, &programmed)).into_response(),
        Err(IssueError::Db(_) | IssueError::Issuer(_)) => {
            tracing::error!("a card could not be set up");
            refused(StatusCode::SERVICE_UNAVAILABLE, "It did not work just now. Try again.")
        }
        Err(why @ IssueError::Ended) => refused(StatusCode::NOT_FOUND, &why.to_string()),
        Err(why @ (IssueError::SetUp | IssueError::OtherCard)) => {
            refused(StatusCode::CONFLICT, &why.to_string())
        }
        Err(why @ IssueError::NotASerial) => refused(StatusCode::BAD_REQUEST, &why.to_string()),
    }
}

impl backing::Written {
    fn into_answer(self) -> Written {
        let programmed = Programmed { keys: self.keys, version: self.version };
        answer(self.link, &programmed)
    }
}

fn at_btcpay(why: &BackingError) -> Response {
    let status = match why {
        BackingError::Ended => StatusCode::NOT_FOUND,
        BackingError::SetUp | BackingError::Refused(_) => StatusCode::CONFLICT,
        BackingError::NotASerial => StatusCode::BAD_REQUEST,
        BackingError::Away => StatusCode::SERVICE_UNAVAILABLE,
        BackingError::Keys(_) | BackingError::Db(_) => {
            tracing::error!("a card could not be set up at BTCPay");
            return refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "It did not work just now. Try again.",
            );
        }
    };
    refused(status, &why.to_string())
}

/// `POST /hooks/card/wipe/{token}` with `{"UID": "04…"}` or `{"LNURLW": "lnurlw://…"}`: the keys that are
/// on the chip, for an app that takes them off.
pub(super) async fn reset(
    State(app): State<Arc<App>>,
    Path(secret): Path<String>,
    body: Body,
) -> Response {
    let Ok(body) = read(body).await else { return refused(StatusCode::PAYLOAD_TOO_LARGE, UNREAD) };
    let Ok(held) = serde_json::from_slice::<Held>(&body) else {
        return refused(StatusCode::BAD_REQUEST, UNREAD);
    };
    let chip = match held.link.is_empty() {
        true => Chip::Serial(&held.serial),
        false => Chip::Link(&held.link),
    };
    match wipe(&app.db, &app.seal, &token::hash(&secret), chip, app.now()).await {
        Ok(programmed) => Json(written(&app, &programmed)).into_response(),
        Err(WipeError::Db(_) | WipeError::Issuer(_)) => {
            tracing::error!("a card could not be wiped");
            refused(StatusCode::SERVICE_UNAVAILABLE, "It did not work just now. Try again.")
        }
        Err(why @ WipeError::Ended) => refused(StatusCode::NOT_FOUND, &why.to_string()),
        Err(why @ WipeError::Money) => refused(StatusCode::CONFLICT, &why.to_string()),
        Err(why @ WipeError::NotOurs) => refused(StatusCode::BAD_REQUEST, &why.to_string()),
    }
}

const UNREAD: &str = "That is not what a card app sends.";

fn refused(status: StatusCode, reason: &str) -> Response {
    (status, Json(serde_json::json!({ "status": "ERROR", "reason": reason }))).into_response()
}

fn written(app: &App, programmed: &Programmed) -> Written {
    let host = app.config.public_url.split_once("://").map_or("", |(_, host)| host);
    answer(format!("lnurlw://{host}{TAPS}"), programmed)
}

fn answer(lnurlw: String, programmed: &Programmed) -> Written {
    let keys = &programmed.keys;
    Written {
        lnurlw,
        k0: hex::encode(*keys.k0),
        k1: hex::encode(*keys.k1),
        k2: hex::encode(*keys.k2),
        k3: hex::encode(*keys.k3),
        k4: hex::encode(*keys.k4),
        version: programmed.version,
    }
}
