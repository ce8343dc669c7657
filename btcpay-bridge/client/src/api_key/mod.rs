//! API keys and what they may do.

mod consent;
pub mod policy;

pub use consent::ConsentRequest;

use serde::{Deserialize, Serialize};

use crate::number::null_is_empty;
use crate::{Client, Extra, Result, Secret};

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The key itself.
    pub api_key: Secret,
    /// What its owner calls it.
    #[serde(default)]
    pub label: Option<String>,
    /// What it may do: `policy` for every store of the user, or `policy:storeId` for one; see
    /// [`policy`] and [`ApiKey::allows`].
    #[serde(default, deserialize_with = "null_is_empty")]
    pub permissions: Vec<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A key to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CreateApiKey {
    /// What to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it may do, as in [`ApiKey::permissions`].
    pub permissions: Vec<String>,
}

impl Client {
    /// The key that this client uses. `GET /api/v1/api-keys/current`
    pub async fn current_api_key(&self) -> Result<ApiKey> {
        self.get(["api-keys", "current"]).read().await
    }

    /// Revokes the key that this client uses; nothing works with it afterwards.
    /// `DELETE /api/v1/api-keys/current`
    pub async fn revoke_current_api_key(&self) -> Result<()> {
        self.delete(["api-keys", "current"]).done().await
    }

    /// Makes a key for the user of this client, never with more permissions than that has.
    /// `POST /api/v1/api-keys`
    pub async fn create_api_key(&self, key: &CreateApiKey) -> Result<ApiKey> {
        self.post(["api-keys"]).json(key).read().await
    }
}
