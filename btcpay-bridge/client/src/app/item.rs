//! What a point of sale sells.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Extra;
use crate::number::{decimal, integer};
use crate::open_enum::open_enum;

open_enum! {
    /// What an item costs.
    #[derive(Default)]
    pub enum PriceType {
        /// Its price.
        #[default]
        Fixed,
        /// Whatever the buyer gives.
        Topup,
        /// Its price or more.
        Minimum,
    }
}

/// An item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppItem {
    /// Its identifier.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A picture of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What it costs, in the app's currency.
    #[serde(with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// Whether that is fixed.
    pub price_type: PriceType,
    /// What its button says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buy_button_text: Option<String>,
    /// How many are left; `None` for any number.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub inventory: Option<i64>,
    /// Whether it is not shown.
    pub disabled: bool,
    /// What else the server says, such as `categories` and `taxRate`.
    #[serde(flatten)]
    pub extra: Extra,
}
