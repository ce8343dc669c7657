//! Topping a card up by Lightning: LUD-06, with comments (LUD-12) and a look at what came (LUD-21).

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{answer, failed, refused};
use crate::app::App;
use crate::db::card::Card;
use crate::rail::purse::Came;
use crate::till::{TillError, card};

const NO_CARD: &str = "There is no card at this address.";

/// What the address is answered with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PayRequest {
    tag: &'static str,
    callback: String,
    min_sendable: i64,
    max_sendable: i64,
    metadata: String,
    comment_allowed: usize,
}

async fn find(app: &App, token: &str) -> Result<Card, TillError> {
    let found = app.db.card_of_pay_token(token).await?;
    let card = found.ok_or_else(|| TillError::Refused(NO_CARD.into()))?;
    // Money on a card that is held by BTCPay is put there, not here.
    match app.db.card_backing(&card.id).await? {
        None => Ok(card),
        Some(_) => Err(TillError::Refused(NO_CARD.into())),
    }
}

/// The same text for both steps, whatever was said of the card's holder.
async fn metadata(app: &App, card: &Card) -> Result<String, TillError> {
    let store = app.db.store(&card.merchant_id, &card.store_id).await?;
    let words = format!("Put money on a Flash Card of {}", store.name);
    Ok(json!([["text/plain", words]]).to_string())
}

/// `GET /card/top-up/{token}`
pub(super) async fn asked(State(app): State<Arc<App>>, Path(token): Path<String>) -> Response {
    let said = async {
        let card = find(&app, &token).await?;
        let closed = || TillError::Refused("This card takes no money just now.".into());
        let (min_sendable, max_sendable) = card::room(&card, app.now()).ok_or_else(closed)?;
        Ok(PayRequest {
            tag: "payRequest",
            callback: format!("{}/card/top-up/{token}/pay", app.config.public_url),
            min_sendable,
            max_sendable,
            metadata: metadata(&app, &card).await?,
            comment_allowed: card::COMMENT_MOST,
        })
    };
    said.await.map_or_else(failed, |said| answer(&said))
}

/// What a wallet sends.
#[derive(Deserialize)]
pub(super) struct Wish {
    amount: i64,
    #[serde(default)]
    comment: String,
}

/// `GET /card/top-up/{token}/pay?amount&comment`
pub(super) async fn draw(
    State(app): State<Arc<App>>,
    method: Method,
    Path(token): Path<String>,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Ok(Query(wish)) = wish else { return refused("An amount in millisatoshi is needed.") };
    let drawn = async {
        let card = find(&app, &token).await?;
        let metadata = metadata(&app, &card).await?;
        card::draw(&app, &card, wish.amount, &metadata, &wish.comment).await
    };
    match drawn.await {
        Ok(drawn) => {
            let (url, hash) = (&app.config.public_url, &drawn.reference);
            answer(&json!({
                "status": "OK",
                "pr": drawn.request,
                "routes": [],
                "verify": format!("{url}/card/top-up/{token}/verify/{hash}"),
            }))
        }
        Err(error) => failed(error),
    }
}

/// `GET /card/top-up/{token}/verify/{hash}`
pub(super) async fn verify(
    State(app): State<Arc<App>>,
    Path((token, hash)): Path<(String, String)>,
) -> Response {
    let said = async {
        let card = find(&app, &token).await?;
        let drawn = app.db.drawn(&card.id, &hash).await?;
        let drawn = drawn.ok_or_else(|| TillError::Refused("Not found".into()))?;
        let settled = drawn.paid_ms.is_some();
        let made = app.rails.that_made(Some(&drawn.connection_id), &drawn.store_id, &drawn.rail);
        let connected = made.map(|(connected, _)| connected).filter(|_| settled);
        // The proof is told only after the money is ours.
        let preimage = match connected.as_ref().and_then(|connected| connected.rail.purse()) {
            Some(purse) => match purse.came(&drawn.at_rail).await {
                Ok(Came::Paid { preimage, .. }) => preimage,
                _ => None,
            },
            None => None,
        };
        Ok(json!({
            "status": "OK", "settled": settled, "preimage": preimage, "pr": drawn.request,
        }))
    };
    said.await.map_or_else(failed, |said| answer(&said))
}
