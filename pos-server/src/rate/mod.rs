//! Rates: what a bitcoin costs in the store's currency, who says so and since when.
//!
//! Four order books give BTC/USD; the median of those that agree counts. A currency that is not
//! the US dollar has a second leg, by peg or by a published daily rate that a second source
//! confirms. Everything is fetched in the background ([`Rates::run`]); a sale asks memory
//! ([`Rates::quote`]) and gets a quote, or words that say why not. No figure is ever a guess:
//! a missing, senseless, lonely or old price is a refusal, and never 0 or 1.

mod age;
mod bitcoin;
mod book;
mod calendar;
mod check;
pub mod dollar;
mod error;
pub mod exchange;
mod http;
mod keep;
mod median;
mod memory;
mod no_rate;
mod number;
mod pace;
mod poll;
mod quote;
mod settings;
mod source;
mod store;
mod view;

pub use age::{FRESH, Freshness, LIMIT, age_words};
pub use bitcoin::Verdict;
pub use book::{Rates, RatesError};
pub use check::Fault;
pub use error::{SourceError, Trouble};
pub use http::Http;
pub use no_rate::NoRate;
pub use settings::RateSettings;
pub use source::{RateSource, Ticker};
pub use store::{OwnDollarRate, StoreRateSettings, StoreSource};
pub use view::{DeskView, ExchangeView, PriceView, RatesView};
