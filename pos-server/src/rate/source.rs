//! The seam to an order book: who it is, what it prices, how it is asked.

use async_trait::async_trait;
use rust_decimal::Decimal;

use super::error::SourceError;
use super::http::Http;
use crate::domain::time::Time;

/// What an order book says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticker {
    /// Best price offered for a bitcoin, in the second currency of the pair.
    pub bid: Decimal,
    /// Best price asked for a bitcoin.
    pub ask: Decimal,
    /// When the source says it was true; many do not say.
    pub at: Option<Time>,
}

/// An order book that prices bitcoin.
#[async_trait]
pub trait RateSource: Send + Sync {
    /// Its name for people and in the database; never changes.
    fn name(&self) -> &'static str;

    /// What it prices: `BTC/USD`.
    fn pair(&self) -> &'static str {
        "BTC/USD"
    }

    /// Asks once. `base_url` is where it lives, without a slash at the end. The answer is as the
    /// source gave it; checks come after.
    async fn fetch(&self, http: &Http, base_url: &str) -> Result<Ticker, SourceError>;
}
