//! Webhooks and their deliveries.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::call::{Answer, Call, done, invalid, ok, problem};
use crate::world::names;
use crate::world::webhook::{Delivery, Webhook};

/// Deliveries shown when no number is asked for.
const SHOWN: i64 = 20;

fn not_found() -> Answer {
    problem(404, "webhook-not-found", "The webhook was not found")
}

fn no_delivery() -> Answer {
    problem(404, "webhookdelivery-not-found", "The webhook delivery was not found")
}

fn found<'a>(call: &'a mut Call<'_>) -> Option<&'a mut Webhook> {
    let (store, id) = (call.store().to_owned(), call.hole("webhookId").to_owned());
    call.world.webhook(&store, &id)
}

fn found_delivery(call: &mut Call<'_>) -> Option<Delivery> {
    let id = call.hole("deliveryId").to_owned();
    let made = &found(call)?.deliveries;
    made.iter().find(|delivery| delivery.id == id).cloned()
}

pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let own = call.world.webhooks.iter().filter(|webhook| webhook.store == call.store());
    ok(own.map(|webhook| webhook.json()).collect())
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    found(call).map_or_else(not_found, |webhook| ok(webhook.json()))
}

pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let mut webhook = Webhook {
        id: names::long(),
        store: call.store().to_owned(),
        url: String::new(),
        secret: names::secret(),
        enabled: true,
        automatic: true,
        everything: true,
        specific: Vec::new(),
        queue: VecDeque::new(),
        deliveries: Vec::new(),
        wake: Arc::new(Notify::new()),
    };
    if let Some(wrong) = change(&mut webhook, &call.body) {
        return wrong;
    }
    // Only now, and never again, is the secret told.
    let mut shown = webhook.json();
    shown["secret"] = json!(webhook.secret);
    call.world.unattended.push(webhook.id.clone());
    call.world.webhooks.push(webhook);
    ok(shown)
}

pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let body = std::mem::take(&mut call.body);
    let Some(webhook) = found(call) else { return not_found() };
    change(webhook, &body).unwrap_or_else(|| ok(webhook.json()))
}

/// Takes over what is asked for, or says what is wrong with it.
fn change(webhook: &mut Webhook, asked: &Value) -> Option<Answer> {
    let url = asked["url"].as_str().unwrap_or_default();
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        return Some(invalid(&[("url".to_owned(), "Url is invalid".to_owned())]));
    }
    webhook.url = url.to_owned();
    webhook.enabled = asked["enabled"].as_bool().unwrap_or(true);
    webhook.automatic = asked["automaticRedelivery"].as_bool().unwrap_or(true);
    let events = &asked["authorizedEvents"];
    webhook.everything = events["everything"].as_bool().unwrap_or(true);
    let specific = events["specificEvents"].as_array().into_iter().flatten();
    webhook.specific = specific.filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(secret) = asked["secret"].as_str().filter(|secret| !secret.is_empty()) {
        webhook.secret = secret.to_owned();
    }
    None
}

pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let Some(webhook) = found(call) else { return not_found() };
    webhook.wake.notify_one();
    let id = webhook.id.clone();
    call.world.webhooks.retain(|webhook| webhook.id != id);
    done()
}

pub(super) fn deliveries(call: &mut Call<'_>) -> Answer {
    let count = call.number("count").unwrap_or(SHOWN);
    let count = usize::try_from(count).unwrap_or(0);
    let Some(webhook) = found(call) else { return not_found() };
    ok(webhook.deliveries.iter().rev().take(count).map(Delivery::json).collect())
}

pub(super) fn delivery(call: &mut Call<'_>) -> Answer {
    found_delivery(call).map_or_else(no_delivery, |delivery| ok(delivery.json()))
}

pub(super) fn request(call: &mut Call<'_>) -> Answer {
    found_delivery(call).map_or_else(no_delivery, |delivery| ok(delivery.body))
}

pub(super) fn redeliver(call: &mut Call<'_>) -> Answer {
    let (id, now) = (call.hole("deliveryId").to_owned(), call.world.now());
    let again = found(call).and_then(|webhook| webhook.redeliver(&id, now));
    again.map_or_else(no_delivery, |again| ok(json!(again)))
}
