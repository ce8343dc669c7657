//! Apps of a store: points of sale and others, and what they sold.

mod item;
mod pos;

pub use item::{AppItem, PriceType};
pub use pos::{PosApp, PosSettings, PosView};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, null_is_empty};
use crate::{Client, Extra, Result, UnixTime};

/// An app of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// Its identifier.
    pub id: String,
    /// Its name; servers before 2.0 say `name`.
    #[serde(default, alias = "name")]
    pub app_name: Option<String>,
    /// The store it is of.
    #[serde(default)]
    pub store_id: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Option<UnixTime>,
    /// What kind, such as `PointOfSale`.
    #[serde(default)]
    pub app_type: Option<String>,
    /// Whether it is put away.
    #[serde(default)]
    pub archived: Option<bool>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What an app sold, by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSales {
    /// Sales in all.
    #[serde(default)]
    pub sales_count: i64,
    /// Each day.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub series: Vec<AppSalesDay>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What an app sold on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSalesDay {
    /// The day's first moment.
    pub date: UnixTime,
    /// The day in words, such as `Jul 21`.
    #[serde(default)]
    pub label: Option<String>,
    /// Its sales.
    #[serde(default)]
    pub sales_count: i64,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What an app sold of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppTopItem {
    /// The item.
    pub item_code: String,
    /// Its name.
    #[serde(default)]
    pub title: Option<String>,
    /// Its sales.
    #[serde(default)]
    pub sales_count: i64,
    /// What it brought, in the app's currency.
    #[serde(default, with = "decimal::option")]
    pub total: Option<Decimal>,
    /// The same in words, such as `615.21 USD`.
    #[serde(default)]
    pub total_formatted: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// The apps of a store. `GET /api/v1/stores/{storeId}/apps`
    pub async fn apps(&self, store_id: &str) -> Result<Vec<App>> {
        self.get(["stores", store_id, "apps"]).read().await
    }

    /// Deletes an app. `DELETE /api/v1/apps/{appId}`
    pub async fn delete_app(&self, app_id: &str) -> Result<()> {
        self.delete(["apps", app_id]).done().await
    }

    /// What an app sold on the last `days` days; 7 where absent.
    /// `GET /api/v1/apps/{appId}/sales`
    pub async fn app_sales(&self, app_id: &str, days: Option<u32>) -> Result<AppSales> {
        self.get(["apps", app_id, "sales"]).maybe("numberOfDays", days).read().await
    }

    /// What an app sold most: up to `count` items (5 where absent) after the first `offset`.
    /// `GET /api/v1/apps/{appId}/top-items`
    pub async fn app_top_items(
        &self,
        app_id: &str,
        count: Option<u32>,
        offset: Option<u32>,
    ) -> Result<Vec<AppTopItem>> {
        let call = self.get(["apps", app_id, "top-items"]);
        call.maybe("count", count).maybe("offset", offset).read().await
    }
}
