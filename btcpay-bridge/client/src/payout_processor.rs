//! Payout processors: what the server pays by itself, and how often it looks.

use serde::{Deserialize, Serialize};

use crate::number::{integer, null_is_empty};
use crate::{Client, Extra, PaymentMethodId, Result};

/// The processor that pays by Lightning.
const LIGHTNING: &str = "LightningAutomatedPayoutSenderFactory";

/// A processor that a store can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutProcessor {
    /// What it is known by.
    pub name: String,
    /// What it is called.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// What it pays by.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub payout_methods: Vec<PaymentMethodId>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How payouts by Lightning are paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LightningPayouts {
    /// What it pays by.
    #[serde(default)]
    pub payout_method_id: Option<PaymentMethodId>,
    /// How often it looks, in seconds.
    #[serde(default, with = "integer::option")]
    pub interval_seconds: Option<i64>,
    /// After how many failures a payout is cancelled; never where absent.
    #[serde(default, with = "integer::option")]
    pub cancel_payout_after_failures: Option<i64>,
    /// Whether a payout is paid as soon as it is approved, as Bolt Cards need it.
    #[serde(default)]
    pub process_new_payouts_instantly: bool,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How payouts by Lightning shall be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateLightningPayouts {
    /// How often it looks, in seconds; 60 or more.
    pub interval_seconds: i64,
    /// After how many failures a payout is cancelled; never where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_payout_after_failures: Option<i64>,
    /// Whether a payout is paid as soon as it is approved, as Bolt Cards need it.
    pub process_new_payouts_instantly: bool,
}

impl Client {
    /// The processors that a store can use. `GET /api/v1/stores/{storeId}/payout-processors`
    pub async fn payout_processors(&self, store_id: &str) -> Result<Vec<PayoutProcessor>> {
        self.get(["stores", store_id, "payout-processors"]).read().await
    }

    /// How payouts by Lightning are paid; none in the list where nobody set it.
    /// `GET /api/v1/stores/{storeId}/payout-processors/LightningAutomatedPayoutSenderFactory/{payoutMethodId}`
    pub async fn lightning_payouts(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
    ) -> Result<Vec<LightningPayouts>> {
        let path = ["stores", store_id, "payout-processors", LIGHTNING, method.as_str()];
        self.get(path).read().await
    }

    /// Lets the server pay payouts by Lightning. Leave it off where somebody else pays them.
    /// `PUT /api/v1/stores/{storeId}/payout-processors/LightningAutomatedPayoutSenderFactory/{payoutMethodId}`
    pub async fn update_lightning_payouts(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
        settings: &UpdateLightningPayouts,
    ) -> Result<LightningPayouts> {
        let path = ["stores", store_id, "payout-processors", LIGHTNING, method.as_str()];
        self.put(path).json(settings).read().await
    }

    /// Lets the server no longer pay payouts by Lightning.
    /// `DELETE /api/v1/stores/{storeId}/payout-processors/{processor}/{paymentMethodId}`
    pub async fn remove_lightning_payouts(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
    ) -> Result<()> {
        let path = ["stores", store_id, "payout-processors", LIGHTNING, method.as_str()];
        self.delete(path).done().await
    }
}
