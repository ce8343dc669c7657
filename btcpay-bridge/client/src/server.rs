//! The server itself: is it there, which version, is it in step with the chain.

use serde::{Deserialize, Serialize};

use crate::number::null_is_empty;
use crate::{Client, Extra, PaymentMethodId, Result};

/// Whether the server is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether it is in step with its chains.
    pub synchronized: bool,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the server is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerInfo {
    /// Its version, such as `2.4.1`.
    pub version: String,
    /// Its onion address, if it has one.
    #[serde(default)]
    pub onion: Option<String>,
    /// The payment methods it can do.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub supported_payment_methods: Vec<PaymentMethodId>,
    /// Whether all its chains are in step.
    #[serde(default)]
    pub fully_synched: bool,
    /// Each chain.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub sync_status: Vec<SyncStatus>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How far a chain is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncStatus {
    /// Which payment method; older servers leave it out.
    #[serde(default)]
    pub payment_method_id: Option<PaymentMethodId>,
    /// Blocks of the chain.
    #[serde(default)]
    pub chain_height: Option<i64>,
    /// Blocks the server has looked at.
    #[serde(default)]
    pub sync_height: Option<i64>,
    /// Whether the chain's node answers.
    #[serde(default)]
    pub available: bool,
    /// What else the server says, such as `nodeInformation`.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Whether the server is there and ready. Needs no key. `GET /api/v1/health`
    pub async fn health(&self) -> Result<Health> {
        self.get(["health"]).read().await
    }

    /// What the server is; any key will do. `GET /api/v1/server/info`
    pub async fn server_info(&self) -> Result<ServerInfo> {
        self.get(["server", "info"]).read().await
    }
}
