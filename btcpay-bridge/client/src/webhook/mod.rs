//! Webhooks: set up at the server, and what a delivery to us says.

mod body;
mod delivery;
mod event;
mod signature;

pub use body::{InvoiceEvent, PaymentEvent, PaymentRequestEvent, PayoutEvent};
pub use delivery::Delivery;
pub use event::{Event, EventError, EventKind};
pub use signature::{SIGNATURE_HEADER, SignatureError, sign, verify};

use serde::{Deserialize, Serialize};

use crate::{Client, Extra, Result, Secret};

/// A webhook of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its identifier.
    pub id: String,
    /// Whether it is on.
    #[serde(default)]
    pub enabled: bool,
    /// Whether the server tries again what could not be delivered.
    #[serde(default)]
    pub automatic_redelivery: bool,
    /// Where it delivers to.
    pub url: String,
    /// What it delivers.
    #[serde(default)]
    pub authorized_events: AuthorizedEvents,
    /// What its deliveries are signed with; given only when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which events a webhook delivers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthorizedEvents {
    /// All of the store.
    pub everything: bool,
    /// Or else these, such as `InvoiceSettled`.
    pub specific_events: Vec<String>,
}

impl AuthorizedEvents {
    /// All events of the store.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, specific_events: Vec::new() }
    }

    /// These events only.
    pub fn only<T: Into<String>>(events: impl IntoIterator<Item = T>) -> Self {
        let specific_events = events.into_iter().map(Into::into).collect();
        Self { everything: false, specific_events }
    }
}

/// A webhook to be set up or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSettings {
    /// Whether it is on.
    pub enabled: bool,
    /// Whether the server tries again what could not be delivered, for about an hour.
    pub automatic_redelivery: bool,
    /// Where it delivers to.
    pub url: String,
    /// What it delivers.
    pub authorized_events: AuthorizedEvents,
    /// What its deliveries are signed with. The server makes one up where it is absent, and keeps
    /// the one it has where a webhook is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

impl WebhookSettings {
    /// A webhook that delivers these events to `url`, tries again, and is signed with `secret`.
    pub fn new(url: impl Into<String>, events: AuthorizedEvents, secret: Secret) -> Self {
        Self {
            enabled: true,
            automatic_redelivery: true,
            url: url.into(),
            authorized_events: events,
            secret: Some(secret),
        }
    }
}

impl Client {
    /// The webhooks of a store. `GET /api/v1/stores/{storeId}/webhooks`
    pub async fn webhooks(&self, store_id: &str) -> Result<Vec<Webhook>> {
        self.get(["stores", store_id, "webhooks"]).read().await
    }

    /// One webhook. `GET /api/v1/stores/{storeId}/webhooks/{webhookId}`
    pub async fn webhook(&self, store_id: &str, webhook_id: &str) -> Result<Webhook> {
        self.get(["stores", store_id, "webhooks", webhook_id]).read().await
    }

    /// Sets a webhook up; the answer alone holds its secret.
    /// `POST /api/v1/stores/{storeId}/webhooks`
    pub async fn create_webhook(
        &self,
        store_id: &str,
        webhook: &WebhookSettings,
    ) -> Result<Webhook> {
        self.post(["stores", store_id, "webhooks"]).json(webhook).read().await
    }

    /// Changes a webhook. `PUT /api/v1/stores/{storeId}/webhooks/{webhookId}`
    pub async fn update_webhook(
        &self,
        store_id: &str,
        webhook_id: &str,
        webhook: &WebhookSettings,
    ) -> Result<Webhook> {
        self.put(["stores", store_id, "webhooks", webhook_id]).json(webhook).read().await
    }

    /// Deletes a webhook. `DELETE /api/v1/stores/{storeId}/webhooks/{webhookId}`
    pub async fn delete_webhook(&self, store_id: &str, webhook_id: &str) -> Result<()> {
        self.delete(["stores", store_id, "webhooks", webhook_id]).done().await
    }
}
