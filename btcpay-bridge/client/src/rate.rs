//! Rates as a store's own rules give them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, null_is_empty};
use crate::{Client, Extra, Result};

/// What one unit of the pair's first currency costs in its second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreRate {
    /// The pair, such as `BTC_USD`.
    pub currency_pair: String,
    /// The rate; absent where there are errors.
    #[serde(default, with = "decimal::option")]
    pub rate: Option<Decimal>,
    /// What kept the server from finding one.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub errors: Vec<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Rates of pairs such as `BTC_USD`; of the store's own pairs where none is named. A pair
    /// without a rate comes with its errors. `GET /api/v1/stores/{storeId}/rates`
    pub async fn store_rates<T: AsRef<str>>(
        &self,
        store_id: &str,
        currency_pairs: &[T],
    ) -> Result<Vec<StoreRate>> {
        let pairs: Vec<&str> = currency_pairs.iter().map(AsRef::as_ref).collect();
        self.get(["stores", store_id, "rates"]).each("currencyPair", &pairs).read().await
    }
}
