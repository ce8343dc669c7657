//! Amounts and instants as JSON has them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::currency::Currency;
use crate::domain::money::Money;

/// An amount of a currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Money)]
pub(super) struct Amount {
    /// Decimal, with all decimals of the currency.
    #[schema(example = "1250.00")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "JMD")]
    currency: String,
    /// The same in minor units.
    #[schema(example = 125_000)]
    minor: i64,
}

impl Amount {
    pub(super) fn new(minor: i64, currency: &Currency) -> Self {
        Self {
            amount: Money::new(minor, *currency).to_input(),
            currency: currency.code().to_owned(),
            minor,
        }
    }
}

/// Epoch milliseconds as RFC 3339 in UTC: `2026-11-21T17:44:00Z`.
pub(super) fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Reads RFC 3339 into epoch milliseconds.
pub(super) fn read_instant(text: &str) -> Result<i64, String> {
    let read = text.parse::<Timestamp>().map(Timestamp::as_millisecond);
    read.map_err(|_| "A time by RFC 3339, as 2026-11-21T17:44:00Z.".into())
}
