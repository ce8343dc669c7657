//! The server and its stores.

use serde_json::json;

use super::call::{Answer, Call, forbidden, ok};
use crate::world::key::VIEW_STORE;

pub(super) fn health(call: &mut Call<'_>) -> Answer {
    ok(json!({ "synchronized": call.world.synced }))
}

pub(super) fn info(call: &mut Call<'_>) -> Answer {
    let synced = call.world.synced;
    let (blocks, progress) = if synced { (900, 1.0) } else { (450, 0.5) };
    ok(json!({
        "version": "2.4.1",
        "supportedPaymentMethods": ["BTC-CHAIN", "BTC-LN", "BTC-LNURL"],
        "fullySynched": synced,
        "syncStatus": [{
            "paymentMethodId": "BTC-CHAIN",
            "nodeInformation": {
                "headers": 900,
                "blocks": blocks,
                "verificationProgress": progress,
            },
            "chainHeight": 900,
            "syncHeight": blocks,
            "available": synced,
        }],
    }))
}

/// Those that the key may see.
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let seen = |store: &&crate::world::store::Store| {
        !store.gone && call.key.allows(VIEW_STORE, Some(&store.id))
    };
    ok(call.world.stores.iter().filter(seen).map(|store| store.json()).collect())
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    match call.world.store(call.store()) {
        Some(store) => ok(store.json()),
        None => forbidden(VIEW_STORE),
    }
}

pub(super) fn rates(call: &mut Call<'_>) -> Answer {
    let Some(store) = call.world.store(call.store()) else { return forbidden(VIEW_STORE) };
    let own = format!("BTC_{}", store.currency);
    let mut pairs = call.all("currencyPair");
    if pairs.is_empty() {
        pairs.push(&own);
    }
    ok(pairs.iter().map(|pair| store.pair(&pair.to_uppercase())).collect())
}

pub(super) fn methods(call: &mut Call<'_>) -> Answer {
    match call.world.store(call.store()) {
        Some(store) => ok(store.payment_methods()),
        None => forbidden(VIEW_STORE),
    }
}

pub(super) fn users(call: &mut Call<'_>) -> Answer {
    let mut owner = super::keys::user(call.world);
    owner["userId"] = json!(call.world.user);
    owner["role"] = json!("Owner");
    owner["storeRole"] = json!("Owner");
    ok(json!([owner]))
}
