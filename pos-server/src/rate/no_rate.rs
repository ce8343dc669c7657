//! Why there is no quote, in words a cashier can say aloud.

use std::time::Duration;

use rust_decimal::Decimal;

use super::age::age_words;
use crate::domain::currency::Currency;

/// Why there is no quote. No quote, no bitcoin charge; cash goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRate {
    /// Not one price since this installation was made.
    #[error("No bitcoin price has come in yet. Cash still works.")]
    Nothing,
    /// All prices are past five minutes.
    #[error(
        "The last bitcoin price is {} old, so we will not guess. Cash still works.",
        age_words(*.age)
    )]
    TooOld {
        /// The age of the youngest price.
        age: Duration,
    },
    /// One source, and the owner has not said that one is enough.
    #[error("Only {source_name} gives a bitcoin price, and one is not enough. Cash still works.")]
    Alone {
        /// Its name.
        source_name: String,
    },
    /// No two sources agree within 1 %.
    #[error("The exchanges disagree on the bitcoin price, so we will not guess. Cash still works.")]
    Disagree,
    /// No source has a dollar rate for the currency.
    #[error("No US dollar rate for {currency} has come in yet. Cash still works.")]
    NoDollarRate {
        /// The store's currency.
        currency: Currency,
    },
    /// The last published dollar rate is past its time.
    #[error(
        "The last US dollar rate for {currency} is of {published}, too old to use. \
         Cash still works."
    )]
    DollarTooOld {
        /// The store's currency.
        currency: Currency,
        /// Its date of publication.
        published: String,
    },
    /// Nothing confirms the dollar rate.
    #[error(
        "Only {source_name} gives a US dollar rate for {currency}, and one is not enough. \
         Cash still works."
    )]
    DollarAlone {
        /// The store's currency.
        currency: Currency,
        /// The source.
        source_name: String,
    },
    /// Two sources are more than 3 % apart on the dollar.
    #[error(
        "{one} and {other} are {percent} % apart on the US dollar for {currency}, so we will not \
         guess. Cash still works."
    )]
    DollarDisagree {
        /// The store's currency.
        currency: Currency,
        /// The source that would be used.
        one: String,
        /// The source that should have confirmed it.
        other: String,
        /// How far apart they are.
        percent: Decimal,
    },
    /// The store's own rate settings cannot be used.
    #[error("The store's rate settings need the owner: {0}. Cash still works.")]
    Settings(String),
}
