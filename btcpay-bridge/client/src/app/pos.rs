//! Points of sale.

use serde::{Deserialize, Serialize};

use super::AppItem;
use crate::number::null_is_empty;
use crate::open_enum::open_enum;
use crate::{Client, Extra, Result, UnixTime};

open_enum! {
    /// How a point of sale looks.
    pub enum PosView {
        /// A list of products with a button each.
        Static,
        /// A list of products and a cart.
        Cart,
        /// A keypad.
        Light,
        /// A sheet of codes to print.
        Print,
    }
}

/// What a point of sale is set to. `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PosSettings {
    /// Its name among the store's apps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// The title of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The words on its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_view: Option<PosView>,
    /// Whether the keypad shows items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_items: Option<bool>,
    /// Whether any amount can be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_custom_amount: Option<bool>,
    /// Whether a discount can be entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_discount: Option<bool>,
    /// Whether items can be searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_search: Option<bool>,
    /// Whether items are shown by category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_categories: Option<bool>,
    /// Whether a tip can be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_tips: Option<bool>,
    /// The tips that are offered, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_tip_percentages: Option<Vec<i64>>,
    /// Its currency; the store's own where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Where its invoices are told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_url: Option<String>,
    /// Where a payer is led back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
    /// Whether by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_automatically: Option<bool>,
    /// Whether it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Its items as JSON text, which is how the server takes them; see [`PosSettings::items`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// What else the server says; it is sent back as it came.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PosSettings {
    /// Sets the items.
    #[must_use]
    pub fn items(mut self, items: &[AppItem]) -> Self {
        let items: Vec<_> =
            items.iter().filter_map(|item| serde_json::to_value(item).ok()).collect();
        self.template = Some(serde_json::Value::Array(items).to_string());
        self
    }
}

/// A point of sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PosApp {
    /// Its identifier.
    pub id: String,
    /// The store it is of.
    #[serde(default)]
    pub store_id: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Option<UnixTime>,
    /// What kind: `PointOfSale`.
    #[serde(default)]
    pub app_type: Option<String>,
    /// Its items.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub items: Vec<AppItem>,
    /// What it is set to, with whatever else the server says.
    #[serde(flatten)]
    pub settings: PosSettings,
}

impl Client {
    /// Makes a point of sale. `POST /api/v1/stores/{storeId}/apps/pos`
    pub async fn create_pos_app(&self, store_id: &str, settings: &PosSettings) -> Result<PosApp> {
        self.post(["stores", store_id, "apps", "pos"]).json(settings).read().await
    }

    /// One point of sale. `GET /api/v1/apps/pos/{appId}`
    pub async fn pos_app(&self, app_id: &str) -> Result<PosApp> {
        self.get(["apps", "pos", app_id]).read().await
    }

    /// Sets a point of sale. Give all its settings: what is absent may go back to the server's
    /// default. `PUT /api/v1/apps/pos/{appId}`
    pub async fn update_pos_app(&self, app_id: &str, settings: &PosSettings) -> Result<PosApp> {
        self.put(["apps", "pos", app_id]).json(settings).read().await
    }
}
