//! Payment methods: their names, and how a store is set up for them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Extra, Result};

/// The name of a payment or payout method, such as `BTC-LN`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentMethodId(String);

impl PaymentMethodId {
    /// A method by its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// `BTC-LN`: Lightning by BOLT11.
    #[must_use]
    pub fn btc_ln() -> Self {
        Self::new("BTC-LN")
    }

    /// `BTC-CHAIN`: on chain.
    #[must_use]
    pub fn btc_chain() -> Self {
        Self::new("BTC-CHAIN")
    }

    /// `BTC-LNURL`: Lightning by LNURL-pay.
    #[must_use]
    pub fn btc_lnurl() -> Self {
        Self::new("BTC-LNURL")
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is Lightning by BOLT11, also by the name that servers before 2.0 use.
    #[must_use]
    pub fn is_lightning(&self) -> bool {
        self.0.ends_with("-LN") || self.0.ends_with("-LightningNetwork")
    }
}

impl fmt::Display for PaymentMethodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for PaymentMethodId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A payment method of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StorePaymentMethod {
    /// Which method.
    pub payment_method_id: PaymentMethodId,
    /// Whether invoices offer it.
    #[serde(default)]
    pub enabled: bool,
    /// How it is set up: an object, or for older methods a string. Only with the permission
    /// `canmodifystoresettings`; it may hold what opens a wallet.
    #[serde(default)]
    pub config: Option<Value>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What to change of a payment method; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UpdatePaymentMethod {
    /// Whether invoices offer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// How it is set up, as the method wants it: an object or a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
}

impl UpdatePaymentMethod {
    /// Lightning through the node of this connection string, enabled.
    #[must_use]
    pub fn lightning(connection_string: &str) -> Self {
        let config = Some(json!({ "connectionString": connection_string }));
        Self { enabled: Some(true), config }
    }
}

impl Client {
    /// The payment methods of a store; with `only_enabled` those that are on, or those that are
    /// off. `include_config` needs `canmodifystoresettings`.
    /// `GET /api/v1/stores/{storeId}/payment-methods`
    pub async fn store_payment_methods(
        &self,
        store_id: &str,
        only_enabled: Option<bool>,
        include_config: bool,
    ) -> Result<Vec<StorePaymentMethod>> {
        let call = self.get(["stores", store_id, "payment-methods"]);
        call.maybe("onlyEnabled", only_enabled).query("includeConfig", include_config).read().await
    }

    /// One payment method of a store.
    /// `GET /api/v1/stores/{storeId}/payment-methods/{paymentMethodId}`
    pub async fn store_payment_method(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
        include_config: bool,
    ) -> Result<StorePaymentMethod> {
        let call = self.get(["stores", store_id, "payment-methods", method.as_str()]);
        call.query("includeConfig", include_config).read().await
    }

    /// Sets a payment method up, or changes it.
    /// `PUT /api/v1/stores/{storeId}/payment-methods/{paymentMethodId}`
    pub async fn update_store_payment_method(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
        change: &UpdatePaymentMethod,
    ) -> Result<StorePaymentMethod> {
        let call = self.put(["stores", store_id, "payment-methods", method.as_str()]);
        call.json(change).read().await
    }

    /// Takes a payment method from a store.
    /// `DELETE /api/v1/stores/{storeId}/payment-methods/{paymentMethodId}`
    pub async fn delete_store_payment_method(
        &self,
        store_id: &str,
        method: &PaymentMethodId,
    ) -> Result<()> {
        self.delete(["stores", store_id, "payment-methods", method.as_str()]).done().await
    }
}
