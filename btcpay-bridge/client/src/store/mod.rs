//! Stores: what they are set to, and who works in them.

mod settings;

pub use settings::{NetworkFeeMode, PaymentMethodCriterion, SpeedPolicy, StoreSettings};

use serde::{Deserialize, Serialize};

use crate::{Client, Result};

/// A store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Store {
    /// Its identifier.
    pub id: String,
    /// What it is set to, with whatever else the server says.
    #[serde(flatten)]
    pub settings: StoreSettings,
}

impl Client {
    /// The stores that the key sees. `GET /api/v1/stores`
    pub async fn stores(&self) -> Result<Vec<Store>> {
        self.get(["stores"]).read().await
    }

    /// One store. `GET /api/v1/stores/{storeId}`
    pub async fn store(&self, store_id: &str) -> Result<Store> {
        self.get(["stores", store_id]).read().await
    }

    /// Makes a store; what is absent is set as the server likes. `POST /api/v1/stores`
    pub async fn create_store(&self, settings: &StoreSettings) -> Result<Store> {
        self.post(["stores"]).json(settings).read().await
    }

    /// Sets a store. **What is absent goes back to the server's default**: read the store, change
    /// its settings and give those. `PUT /api/v1/stores/{storeId}`
    pub async fn update_store(&self, store_id: &str, settings: &StoreSettings) -> Result<Store> {
        self.put(["stores", store_id]).json(settings).read().await
    }

    /// Deletes a store and all that is in it. `DELETE /api/v1/stores/{storeId}`
    pub async fn delete_store(&self, store_id: &str) -> Result<()> {
        self.delete(["stores", store_id]).done().await
    }
}
