//! A quote: the price of bitcoin frozen onto a sale, with where it came from and when.

use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};
use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::money::{Money, MoneyError, Msat};
use super::time::Time;

/// One leg of a quote, as it stands on the receipt: what was multiplied, and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// What the figure means: `BTC/USD`, `USD/JMD`.
    pub pair: String,
    /// The figure.
    pub value: Decimal,
    /// Names of the sources that made it: `Kraken`, `Bitstamp`, `peg`, `Bank of Jamaica`.
    pub sources: Vec<String>,
    /// Sources left out and why, in words.
    pub dropped: Vec<String>,
    /// The oldest time among the sources used: when the figure was true, never when it was fetched
    /// if the source says.
    pub at: Time,
    /// The date of publication of a daily rate (`2026-11-20`), if it is one.
    pub published: Option<String>,
}

/// The price of one bitcoin in the store's currency, as shown and frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The store's currency.
    pub currency: Currency,
    /// Major units of the currency for one bitcoin.
    pub per_btc: Decimal,
    /// Where it came from, in words for a till: `Middle of 3 sources`, `Practice rate`.
    pub source: String,
    /// When the bitcoin leg was true.
    pub at: Time,
    /// Percent the merchant adds (`0` if none).
    pub spread_percent: Decimal,
    /// Both legs.
    pub legs: Vec<Leg>,
}

/// Why a quote gives no amount of sats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The price is zero, negative or beyond reason.
    #[error("the bitcoin price makes no sense")]
    Senseless,
    /// More or less is asked for than its own price comes to.
    #[error("it asks for another amount than its own price comes to")]
    OtherAmount,
    /// The price is more than a few percent from what others say.
    #[error("its bitcoin price is far from the others, so we will not guess")]
    FarOff,
    /// The amount is of another currency than the quote.
    #[error("the price is for another currency")]
    OtherCurrency,
    /// Nothing to ask for, or more than there is.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

const SATS_PER_BTC: u64 = 100_000_000;

/// Percent by which somebody else's price may differ from ours.
const FAR_PERCENT: u32 = 5;
/// Percent by which what is asked may differ from the price: a network fee, a rounding.
const LOOSE_PERCENT: u32 = 1;

impl Quote {
    /// The sats to ask for `amount`: whole satoshi, rounded up once at the end, so that the
    /// merchant is never short. Refuses a result that is not worth the amount within one sat.
    pub fn ask(&self, amount: Money) -> Result<Msat, QuoteError> {
        if amount.currency != self.currency {
            return Err(QuoteError::OtherCurrency);
        }
        if amount.minor <= 0 {
            return Err(QuoteError::Amount(MoneyError::NotAnAmount(amount.to_input())));
        }
        let sat_price = self.sat_price()?;
        let major = Decimal::new(amount.minor, u32::from(self.currency.exponent()));
        let exact = major.checked_div(sat_price).ok_or(QuoteError::Senseless)?;
        let sats = exact.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity);
        let worth = sats.checked_mul(sat_price).ok_or(QuoteError::Senseless)?;
        if sats < Decimal::ONE || worth < major || worth - major > sat_price {
            return Err(QuoteError::Senseless);
        }
        Ok(Msat::from_sat(sats.to_u64().ok_or(QuoteError::Senseless)?)?)
    }

    /// The bitcoin that `amount` comes to when we are the ones who give it: rounded down to the
    /// millisatoshi, and possibly nothing.
    pub fn gives(&self, amount: Money) -> Result<Msat, QuoteError> {
        if amount.currency != self.currency {
            return Err(QuoteError::OtherCurrency);
        }
        let major = Decimal::new(amount.minor.max(0), u32::from(self.currency.exponent()));
        let sats = major.checked_div(self.sat_price()?).ok_or(QuoteError::Senseless)?;
        let msat = sats.checked_mul(Decimal::from(1000)).ok_or(QuoteError::Senseless)?.floor();
        let msat = msat.to_i64().ok_or(QuoteError::Senseless)?;
        Ok(Msat::from_db(msat)?)
    }

    /// A quote of one source that names its price itself, nothing added.
    #[must_use]
    pub fn alone(currency: Currency, per_btc: Decimal, source: &str, at: Time) -> Self {
        let leg = Leg {
            pair: format!("BTC/{currency}"),
            value: per_btc,
            sources: vec![source.into()],
            dropped: Vec::new(),
            at,
            published: None,
        };
        let (source, spread_percent) = (source.to_owned(), Decimal::ZERO);
        Self { currency, per_btc, source, at, spread_percent, legs: vec![leg] }
    }

    /// Whether this price is not far from another.
    #[must_use]
    pub fn near(&self, other: &Self) -> bool {
        let off = (self.per_btc - other.per_btc).abs();
        self.currency == other.currency
            && off * Decimal::ONE_HUNDRED <= other.per_btc * Decimal::from(FAR_PERCENT)
    }

    /// Whether `asked` is what `amount` comes to at this price, and the price not far from `other`,
    /// if there is one.
    pub fn fits(&self, amount: Money, asked: Msat, other: Option<&Self>) -> Result<(), QuoteError> {
        if !within(asked.get(), self.ask(amount)?.get(), LOOSE_PERCENT) {
            return Err(QuoteError::OtherAmount);
        }
        match other.map(|other| other.ask(amount)).transpose()? {
            Some(ours) if !within(asked.get(), ours.get(), FAR_PERCENT) => Err(QuoteError::FarOff),
            _ => Ok(()),
        }
    }

    /// What `amount` is worth in the store's currency, rounded down to a minor unit.
    pub fn worth(&self, amount: Msat) -> Result<Money, QuoteError> {
        let minor = Decimal::from(amount.get())
            .checked_mul(self.sat_price()?)
            .and_then(|major| major.checked_mul(Decimal::from(self.currency.scale())))
            .and_then(|milli| milli.checked_div(Decimal::from(1000)))
            .ok_or(QuoteError::Senseless)?;
        let minor = minor.floor().to_i64().ok_or(MoneyError::TooLarge)?;
        Ok(Money::new(minor, self.currency))
    }

    /// What one bitcoin costs, for a person: `J$16,482,350.00`.
    #[must_use]
    pub fn price_words(&self) -> String {
        let minor = self.per_btc.checked_mul(Decimal::from(self.currency.scale()));
        let minor = minor.and_then(|minor| {
            minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
        });
        minor.map_or_else(|| self.per_btc.to_string(), |minor| self.currency.write(minor))
    }

    fn sat_price(&self) -> Result<Decimal, QuoteError> {
        let price = self.per_btc.checked_div(Decimal::from(SATS_PER_BTC));
        price.filter(|price| *price > Decimal::ZERO).ok_or(QuoteError::Senseless)
    }
}

/// True if `one` is within `percent` of `other`, or a few sats of it.
fn within(one: u64, other: u64, percent: u32) -> bool {
    const FEW_SATS: u128 = 2_000;
    let off = u128::from(one.abs_diff(other));
    off <= FEW_SATS || off * 100 <= u128::from(other) * u128::from(percent)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quote(per_btc: Decimal) -> Quote {
        Quote {
            currency: "JMD".parse().unwrap(),
            per_btc,
            source: String::new(),
            at: Time(0),
            spread_percent: Decimal::ZERO,
            legs: vec![],
        }
    }

    fn jmd(minor: i64) -> Money {
        Money::new(minor, "JMD".parse().unwrap())
    }

    #[test]
    fn a_thousand_jamaican_dollars_is_never_998_55() {
        // 76,975.50 × 160.12, measured in the rate notes: 8,113.38 sats, so 8,114.
        let quote = quote(Decimal::new(7_697_550, 2) * Decimal::new(16_012, 2));
        let ask = quote.ask(jmd(100_000)).unwrap();
        assert_eq!(ask, Msat::from_sat(8_114).unwrap());
        assert_eq!(quote.worth(ask).unwrap(), jmd(100_007));
    }

    #[test]
    fn a_price_of_somebody_else_must_fit_its_own_amount_and_ours() {
        let ours = quote(Decimal::from(12_000_000));
        let theirs = quote(Decimal::from(12_300_000));
        let asked = theirs.ask(jmd(240_550)).unwrap();
        assert_eq!(theirs.fits(jmd(240_550), asked, Some(&ours)), Ok(()));
        assert_eq!(theirs.fits(jmd(240_550), asked, None), Ok(()));
        let one_sat = Msat::from_sat(1).unwrap();
        assert_eq!(theirs.fits(jmd(240_550), one_sat, None), Err(QuoteError::OtherAmount));
        let far = quote(Decimal::from(24_000_000));
        let asked = far.ask(jmd(240_550)).unwrap();
        assert_eq!(far.fits(jmd(240_550), asked, Some(&ours)), Err(QuoteError::FarOff));
    }

    #[test]
    fn no_price_never_becomes_one_sat() {
        assert_eq!(quote(Decimal::ZERO).ask(jmd(3_050)), Err(QuoteError::Senseless));
        assert_eq!(quote(-Decimal::ONE).ask(jmd(3_050)), Err(QuoteError::Senseless));
        assert!(quote(Decimal::ONE_HUNDRED).ask(jmd(0)).is_err());
        let usd = Money::new(100, "USD".parse().unwrap());
        assert_eq!(quote(Decimal::ONE_HUNDRED).ask(usd), Err(QuoteError::OtherCurrency));
    }

    proptest! {
        #[test]
        fn what_is_asked_is_worth_the_amount_and_less_than_a_sat_more(
            minor in 1i64..1_000_000_000_000, price in 100_000i64..10_000_000_000_000
        ) {
            let quote = quote(Decimal::new(price, 2));
            let ask = quote.ask(jmd(minor)).unwrap();
            prop_assert!(quote.worth(ask).unwrap().minor >= minor - 1);
            let sat_less = Msat::new(ask.get() - 1000).unwrap();
            prop_assert!(quote.worth(sat_less).unwrap().minor <= minor);
        }
    }
}
