//! The webhook: proven by its signature, kept under its original id, answered at once. What it
//! says is looked into afterwards.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use btcpay_bridge::{HookError, SIGNATURE_HEADER, receive};

use super::read;
use crate::access::token;
use crate::app::App;
use crate::db::delivery::Delivery;
use crate::domain::id::ConnectionId;

/// `POST /hooks/btcpay/{connection}`. 401 for a signature that is not BTCPay's; 503 when it could
/// not be kept, so that BTCPay sends it again; otherwise 200, whatever it is about.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(connection): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> (StatusCode, &'static str) {
    match keep(&app, &connection, &headers, body).await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(StatusCode::UNAUTHORIZED) => (StatusCode::UNAUTHORIZED, "the signature is wrong"),
        Err(StatusCode::NOT_FOUND) => (StatusCode::NOT_FOUND, "nobody is connected here"),
        Err(other) => (other, "it could not be kept"),
    }
}

async fn keep(
    app: &App,
    connection: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), StatusCode> {
    let again = |_| StatusCode::SERVICE_UNAVAILABLE;
    let id: ConnectionId = connection.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    let found = app.db.connection(&id).await.map_err(again)?;
    let found = found.filter(|one| one.rail == "btcpay").ok_or(StatusCode::NOT_FOUND)?;
    let secrets = app.btcpay_secrets(&found).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let body = read(body).await?;
    let signature = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let now = app.now();
    let text = || clean(&String::from_utf8_lossy(&body));
    let delivery = match receive(&secrets.hook_secrets, &body, signature) {
        Err(HookError::Signature(why)) => {
            tracing::warn!(connection = %id, %why, "a webhook delivery was refused");
            return Err(StatusCode::UNAUTHORIZED);
        }
        Err(HookError::Unreadable) => Delivery {
            connection_id: id.to_string(),
            original_id: token::hash(&text()),
            kind: "unreadable".into(),
            invoice: None,
            store: None,
            body: text(),
            state: "kept".into(),
            note: "It cannot be read.".into(),
            tries: 0,
            next_ms: now.0,
            received_ms: now.0,
        },
        Ok(said) => {
            let elsewhere = said.store.as_ref().is_some_and(|store| *store != secrets.store);
            let note = if elsewhere { "It comes from another store." } else { "" };
            Delivery {
                connection_id: id.to_string(),
                original_id: clean(&said.original_id),
                kind: clean(&said.kind),
                invoice: said.invoice.as_deref().map(clean),
                store: said.store.as_deref().map(clean),
                body: text(),
                state: if elsewhere { "kept" } else { "new" }.into(),
                note: note.into(),
                tries: 0,
                next_ms: now.0,
                received_ms: now.0,
            }
        }
    };
    let new = app.db.keep_delivery(&delivery).await.map_err(again)?;
    app.rails.note_heard(&id, now);
    if new {
        app.deliveries.notify_one();
    }
    Ok(())
}

/// PostgreSQL keeps no zero in a text: a delivery must not come again for ever because of one.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
