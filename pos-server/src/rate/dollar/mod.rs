//! The dollar leg: what one US dollar costs in the store's currency, by peg or by published rate.

mod bank_of_jamaica;
mod bank_of_trinidad;
mod coinbase_cross;
mod currency_api;
mod er_api;
pub(super) mod leg;
mod peg;

pub use bank_of_jamaica::BankOfJamaica;
pub use bank_of_trinidad::BankOfTrinidad;
pub use coinbase_cross::CoinbaseCross;
pub use currency_api::CurrencyApi;
pub use er_api::ErApi;
pub use peg::peg;

use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;

use super::check::Fault;
use super::error::SourceError;
use super::http::Http;
use crate::domain::currency::Currency;
use crate::domain::time::Time;

/// What a source says one US dollar costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DollarRate {
    /// In which currency.
    pub currency: Currency,
    /// Major units of it for one US dollar.
    pub per_usd: Decimal,
    /// When it was published, by the source's word; a source without dates gives none.
    pub published: Option<Published>,
}

/// When a rate was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The instant from which its age counts.
    pub at: Time,
    /// The date as the source writes it: `2026-11-20`.
    pub date: String,
}

/// A source's whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DollarAnswer {
    /// The rates it has, of those asked for.
    pub rates: Vec<DollarRate>,
    /// When it will have new ones, if it says.
    pub next_at: Option<Time>,
}

/// A source of dollar rates.
#[async_trait]
pub trait DollarSource: Send + Sync {
    /// Its name for people and in the database; never changes.
    fn name(&self) -> &'static str;

    /// The code of the one currency it has, if it has but one.
    fn only(&self) -> Option<&'static str> {
        None
    }

    /// True if its rate may stand on a quote; false if it may only confirm another's.
    fn may_carry(&self) -> bool;

    /// A link that its terms want shown where its rates are.
    fn attribution(&self) -> Option<&'static str> {
        None
    }

    /// How long to leave it alone after a good answer that does not say when to come again.
    fn every(&self) -> Duration;

    /// Asks once for the currencies in `wanted`. `base_url` has no slash at the end.
    async fn fetch(
        &self,
        http: &Http,
        base_url: &str,
        wanted: &[Currency],
        now: Time,
    ) -> Result<DollarAnswer, SourceError>;
}

/// A source's time may run ahead of ours by this: dates are kept in other time zones.
const AHEAD: Duration = Duration::from_secs(24 * 3600);

impl DollarRate {
    /// Checks a rate that came at `now`: above zero, within reason, not from the future.
    pub(super) fn check(&self, now: Time) -> Result<(), Fault> {
        if self.per_usd <= Decimal::ZERO {
            return Err(Fault::NotPositive("rate"));
        }
        // The widest currencies stand near 0.3 and 100,000 to the dollar.
        if self.per_usd < Decimal::new(1, 2) || self.per_usd > Decimal::from(10_000_000) {
            return Err(Fault::Absurd);
        }
        match &self.published {
            Some(published) if published.at > now.after(AHEAD) => {
                Err(Fault::Ahead(published.at.since(now)))
            }
            _ => Ok(()),
        }
    }
}
