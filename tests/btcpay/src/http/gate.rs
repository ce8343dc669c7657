//! The way into the API: every request and every answer is held against the contract.

use serde_json::Value;

use super::call::{Answer, Call, forbidden, problem, unauthenticated};
use super::routes::{self, Access, Route};
use crate::contract::Contract;
use crate::world::World;
use crate::world::key::Key;

/// A request of the API.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// Without the base path.
    pub(super) path: &'a str,
    pub(super) query: &'a [(String, String)],
    pub(super) authorization: Option<&'a str>,
    pub(super) body: &'a [u8],
    /// Spoil the answer before it is checked.
    pub(super) spoil: bool,
}

/// Answers a request, or finds a fault with it, or with our own answer.
pub(super) fn pass(world: &mut World, asked: &Asked<'_>) -> Answer {
    let fault = |world: &mut World, wrong: String| {
        let wrong = format!("{} {}: {wrong}", asked.method, asked.path);
        world.faults.push(wrong.clone());
        problem(500, "contract", &wrong)
    };
    let contract = Contract::get();
    let Some(operation) = contract.operation(asked.method, asked.path) else {
        return fault(world, "the document has no such operation".to_owned());
    };
    let body = match contract.request(operation, asked.query, asked.body) {
        Ok(body) => body,
        Err(wrong) => return fault(world, wrong),
    };
    let path = nested(world, asked.path);
    let Some((route, holes)) = routes::find(asked.method, &path) else {
        return fault(world, "this operation is not served here".to_owned());
    };
    world.tick();
    let mut answer = match key(world, route, &holes, asked.authorization) {
        Err(refusal) => refusal,
        Ok(key) => (route.run)(&mut Call { world, key, holes, query: asked.query, body }),
    };
    if asked.spoil {
        answer.body.as_mut().map(spoil);
    }
    match contract.answer(operation, answer.status, answer.body.as_ref()) {
        Ok(()) => answer,
        Err(wrong) => fault(world, format!("our own answer: {wrong}")),
    }
}

/// A path of an invoice, a payout or a webhook as the path under its store.
fn nested(world: &World, path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let (kind, id) = match parts.as_slice() {
        ["", "api", "v1", kind @ ("invoices" | "webhooks" | "payouts"), id, ..] => (*kind, *id),
        _ => return path.to_owned(),
    };
    let store = match kind {
        "invoices" => world.invoice(id).map(|invoice| &invoice.store),
        "payouts" => world.payout(id).map(|payout| &payout.store),
        _ => world.webhooks.iter().find(|webhook| webhook.id == id).map(|webhook| &webhook.store),
    };
    // A thing nobody has is not found in any store; the first will do.
    let store = store.or_else(|| world.stores.first().map(|store| &store.id));
    let store = store.map_or("", String::as_str);
    path.replacen("/api/v1/", &format!("/api/v1/stores/{store}/"), 1)
}

/// The key, if it may do this.
fn key(
    world: &World,
    route: &Route,
    holes: &[(&str, String)],
    authorization: Option<&str>,
) -> Result<Key, Answer> {
    let given = authorization.and_then(|words| words.strip_prefix("token "));
    let known = world.keys.iter().find(|key| Some(key.key.as_str()) == given);
    let policy = match (route.access, known) {
        (Access::Anyone, _) => return Ok(nobody()),
        (_, None) => return Err(unauthenticated()),
        (Access::AnyKey, Some(key)) => return Ok(key.clone()),
        (Access::Policy(policy), Some(_)) => policy,
    };
    let key = known.ok_or_else(unauthenticated)?;
    let store = holes.iter().find(|(name, _)| *name == "storeId").map(|(_, id)| id.as_str());
    let allowed = match store {
        Some(id) => world.store(id).is_some() && key.allows(policy, Some(id)),
        // Of all stores or of any: what it shows is sorted by store then.
        None => {
            let mut stores = world.stores.iter().filter(|store| !store.gone);
            key.allows(policy, None) || stores.any(|store| key.allows(policy, Some(&store.id)))
        }
    };
    if allowed { Ok(key.clone()) } else { Err(forbidden(policy)) }
}

fn nobody() -> Key {
    Key { key: String::new(), label: String::new(), permissions: Vec::new(), application: None }
}

/// Makes an answer wrong in a way that the document does not allow.
fn spoil(body: &mut Value) {
    match body {
        Value::Object(map) => {
            if let Some(first) = map.values_mut().next() {
                *first = serde_json::json!({ "spoiled": [0.5] });
            }
        }
        Value::Array(list) => list.iter_mut().for_each(spoil),
        other => *other = serde_json::json!({ "spoiled": true }),
    }
}
