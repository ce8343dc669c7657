//! What a webhook has delivered, as the server remembers it (for 60 days).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::number::integer;
use crate::{Client, Extra, Result, UnixTime};

/// A delivery that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its identifier.
    pub id: String,
    /// When it was due.
    pub timestamp: UnixTime,
    /// When it was made.
    #[serde(default)]
    pub delivery_time: Option<UnixTime>,
    /// What we answered, as an HTTP status.
    #[serde(default, with = "integer::option")]
    pub http_code: Option<i64>,
    /// What went wrong.
    #[serde(default)]
    pub error_message: Option<String>,
    /// `HttpSuccess`, `HttpError` or `Failed`.
    #[serde(default)]
    pub status: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// The latest deliveries of a webhook, up to `count`.
    /// `GET /api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries`
    pub async fn webhook_deliveries(
        &self,
        store_id: &str,
        webhook_id: &str,
        count: Option<u32>,
    ) -> Result<Vec<Delivery>> {
        let call = self.get(["stores", store_id, "webhooks", webhook_id, "deliveries"]);
        call.maybe("count", count).read().await
    }

    /// One delivery.
    /// `GET /api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}`
    pub async fn webhook_delivery(
        &self,
        store_id: &str,
        webhook_id: &str,
        delivery_id: &str,
    ) -> Result<Delivery> {
        let path = ["stores", store_id, "webhooks", webhook_id, "deliveries", delivery_id];
        self.get(path).read().await
    }

    /// What was delivered, to be read with [`Event::from_value`](super::Event::from_value).
    /// `GET /api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}/request`
    pub async fn webhook_delivery_request(
        &self,
        store_id: &str,
        webhook_id: &str,
        delivery_id: &str,
    ) -> Result<Value> {
        let path =
            ["stores", store_id, "webhooks", webhook_id, "deliveries", delivery_id, "request"];
        self.get(path).read().await
    }

    /// Delivers it again, and gives the identifier of the new delivery.
    /// `POST /api/v1/stores/{storeId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver`
    pub async fn redeliver_webhook(
        &self,
        store_id: &str,
        webhook_id: &str,
        delivery_id: &str,
    ) -> Result<String> {
        let path =
            ["stores", store_id, "webhooks", webhook_id, "deliveries", delivery_id, "redeliver"];
        self.post(path).read().await
    }
}
