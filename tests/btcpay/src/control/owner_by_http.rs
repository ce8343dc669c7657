//! What the owner of the BTCPay does, by JSON over HTTP.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;

use super::by_http::{Done, Hand, done, hand, told};
use crate::options::{Lightning, Options};
use crate::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/keys", post(make_key))
        .route("/keys/revoke", post(revoke))
        .route("/stores", post(add_store))
        .route("/store", post(change_store))
        .route("/server", post(server))
}

#[derive(Deserialize)]
struct NewKey {
    permissions: Vec<String>,
}

async fn make_key(State(shared): Hand, Json(asked): Json<NewKey>) -> Done {
    let permissions: Vec<&str> = asked.permissions.iter().map(String::as_str).collect();
    told(Ok(json!({ "apiKey": hand(shared).api_key(&permissions) })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OldKey {
    /// Nothing for all.
    api_key: Option<String>,
}

async fn revoke(State(shared): Hand, Json(asked): Json<OldKey>) -> Done {
    match asked.api_key {
        Some(key) => hand(shared).revoke(&key),
        None => hand(shared).revoke_all(),
    }
    done(Ok(()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewStore {
    name: String,
    currency: Option<String>,
    rate: Option<Decimal>,
    chain: Option<bool>,
    lightning: Option<Lightning>,
}

async fn add_store(State(shared): Hand, Json(asked): Json<NewStore>) -> Done {
    let usual = Options::default();
    let options = Options {
        rate: asked.rate.or(usual.rate),
        currency: asked.currency.unwrap_or(usual.currency.clone()),
        chain: asked.chain.unwrap_or(usual.chain),
        lightning: asked.lightning.unwrap_or(usual.lightning),
        ..usual
    };
    told(Ok(json!({ "storeId": hand(shared).add_store(&asked.name, &options) })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoreChange {
    /// The first one if it is not named.
    store_id: Option<String>,
    gone: Option<bool>,
    chain: Option<bool>,
    lightning: Option<Lightning>,
    /// A currency whose rate is set, or unset where no rate is given.
    currency: Option<String>,
    rate: Option<Decimal>,
}

async fn change_store(State(shared): Hand, Json(asked): Json<StoreChange>) -> Done {
    let hand = hand(shared);
    let store = asked.store_id.clone().unwrap_or_else(|| hand.store_id());
    done(changed(&hand, &store, &asked))
}

fn changed(hand: &super::Control, store: &str, asked: &StoreChange) -> Result<(), String> {
    if let Some(gone) = asked.gone {
        hand.store_gone(store, gone)?;
    }
    if let Some(chain) = asked.chain {
        hand.set_chain(store, chain)?;
    }
    if let Some(lightning) = asked.lightning {
        hand.set_lightning(store, lightning)?;
    }
    match &asked.currency {
        Some(currency) => hand.set_rate(store, currency, asked.rate),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
struct ServerChange {
    synced: Option<bool>,
    down: Option<bool>,
}

async fn server(State(shared): Hand, Json(asked): Json<ServerChange>) -> Done {
    let hand = hand(shared);
    if let Some(synced) = asked.synced {
        hand.set_synced(synced);
    }
    if let Some(down) = asked.down {
        hand.down(down);
    }
    done(Ok(()))
}
