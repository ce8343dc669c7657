//! Webhooks, and the queue of what each is still to be told.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use super::{World, names};
use crate::contract::Contract;

/// A subscription of a store.
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) store: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    pub(crate) enabled: bool,
    pub(crate) automatic: bool,
    pub(crate) everything: bool,
    pub(crate) specific: Vec<String>,
    pub(crate) queue: VecDeque<Job>,
    pub(crate) deliveries: Vec<Delivery>,
    /// Woken when the queue grows or may move again.
    pub(crate) wake: Arc<Notify>,
}

/// One delivery to be made.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) delivery: String,
    pub(crate) original: String,
    /// How often it was tried before.
    pub(crate) tries: usize,
    pub(crate) redelivery: bool,
    pub(crate) made: i64,
    /// The body but for the fields of the delivery.
    pub(crate) event: Value,
}

/// One delivery that was made.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) original: String,
    pub(crate) made: i64,
    pub(crate) sent: i64,
    pub(crate) code: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) body: Value,
}

/// How deliveries are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signature {
    /// As BTCPay does.
    #[default]
    Right,
    /// With another secret.
    Wrong,
    /// Cut short.
    Truncated,
    /// Not at all.
    Missing,
}

/// What is odd about deliveries.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Switches {
    /// Nothing is sent; the queues grow.
    pub hold: bool,
    /// Every delivery is sent twice, the same to the byte.
    pub duplicate: bool,
    /// How they are signed.
    pub signature: Signature,
    /// Another type than the true one.
    pub event_type: Option<String>,
    /// Another store than the true one.
    pub store_id: Option<String>,
}

impl Webhook {
    fn wants(&self, kind: &str) -> bool {
        self.enabled && (self.everything || self.specific.iter().any(|wanted| wanted == kind))
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "enabled": self.enabled,
            "automaticRedelivery": self.automatic,
            "url": self.url,
            "authorizedEvents": {
                "everything": self.everything,
                "specificEvents": self.specific,
            },
        })
    }

    /// Puts a delivery of the same event in the queue once more. Gives its id.
    pub(crate) fn redeliver(&mut self, delivery: &str, now: i64) -> Option<String> {
        let old = self.deliveries.iter().find(|old| old.id == delivery)?;
        let job = Job {
            delivery: names::long(),
            original: old.original.clone(),
            tries: 0,
            redelivery: true,
            made: now,
            event: old.body.clone(),
        };
        let id = job.delivery.clone();
        self.queue.push_back(job);
        self.wake.notify_one();
        Some(id)
    }
}

impl Job {
    /// The whole body of the delivery.
    pub(crate) fn body(&self, webhook: &str) -> Value {
        let mut body = self.event.clone();
        body["deliveryId"] = json!(self.delivery);
        body["webhookId"] = json!(webhook);
        body["originalDeliveryId"] = json!(self.original);
        body["isRedelivery"] = json!(self.redelivery);
        body
    }
}

impl Delivery {
    pub(crate) fn json(&self) -> Value {
        let status = match self.code {
            Some(200..=299) => "HttpSuccess",
            Some(_) => "HttpError",
            None => "Failed",
        };
        json!({
            "id": self.id,
            "timestamp": self.made,
            "deliveryTime": self.sent,
            "httpCode": self.code,
            "errorMessage": self.error,
            "status": status,
        })
    }
}

impl World {
    /// Queues an event for every webhook that wants it.
    pub(super) fn publish(
        &mut self,
        store: &str,
        kind: &str,
        (invoice, metadata, extra): (String, Map<String, Value>, Value),
    ) {
        let mut event = json!({ "invoiceId": invoice, "metadata": metadata });
        for (name, value) in extra.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        self.queue(store, kind, event);
    }

    /// Queues an event that has these fields of its own.
    pub(super) fn queue(&mut self, store: &str, kind: &str, mut event: Value) {
        let now = self.now();
        event["type"] = json!(kind);
        event["timestamp"] = json!(now);
        event["storeId"] = json!(store);
        for webhook in self.webhooks.iter_mut().filter(|w| w.store == store && w.wants(kind)) {
            let delivery = names::long();
            let original = delivery.clone();
            let event = event.clone();
            let job = Job { delivery, original, tries: 0, redelivery: false, made: now, event };
            if let Err(wrong) = Contract::get().event(kind, &job.body(&webhook.id)) {
                self.faults.push(wrong);
            }
            webhook.queue.push_back(job);
            webhook.wake.notify_one();
        }
    }

    pub(crate) fn webhook(&mut self, store: &str, id: &str) -> Option<&mut Webhook> {
        self.webhooks.iter_mut().find(|webhook| webhook.store == store && webhook.id == id)
    }
}
