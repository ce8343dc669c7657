//! Amounts of money: minor units of a currency, and millisatoshi. Checked arithmetic only.

use std::fmt;

use super::currency::Currency;

/// What can be wrong with an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit; no sale is this large.
    #[error("this amount is too large")]
    TooLarge,
    /// Two currencies met in one sum.
    #[error("{0} and {1} cannot be added")]
    MixedCurrencies(Currency, Currency),
    /// The text is not an amount.
    #[error("“{0}” is not an amount")]
    NotAnAmount(String),
    /// More decimals than the currency has.
    #[error("{currency} has {exponent} decimals, not more")]
    TooManyDecimals {
        /// The currency of the amount.
        currency: Currency,
        /// Its decimals.
        exponent: u8,
    },
    /// Below zero where only zero or more makes sense.
    #[error("an amount cannot be negative")]
    Negative,
}

/// An amount in minor units of its currency (cents of JMD, whole yen).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of `minor` units.
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Adds; refuses two currencies and overflow.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// Subtracts; refuses two currencies and overflow.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    fn combine(self, other: Self, how: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies(self.currency, other.currency));
        }
        let minor = how(self.minor, other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// Reads what a person typed: digits, at most one point, no more decimals than the currency
    /// has, never negative. Commas and blanks pass only where groups of three end, so that
    /// `1250,50` is never taken for a hundred times as much.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let not_an_amount = || MoneyError::NotAnAmount(text.chars().take(20).collect());
        let text = text.trim();
        if text.starts_with(['-', '−']) {
            return Err(MoneyError::Negative);
        }
        let clean = without_groups(text).ok_or_else(not_an_amount)?;
        let (whole, fraction) = clean.split_once('.').unwrap_or((&clean, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(not_an_amount());
        }
        let exponent = currency.exponent();
        if fraction.len() > usize::from(exponent) {
            return Err(MoneyError::TooManyDecimals { currency, exponent });
        }
        let digits = format!("{whole}{fraction:0<width$}", width = usize::from(exponent));
        let minor = digits.parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Self { minor, currency })
    }

    /// Digits for an input field: `1250.00`, without sign and groups.
    #[must_use]
    pub fn to_input(&self) -> String {
        let exponent = usize::from(self.currency.exponent());
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let minus = if self.minor < 0 { "-" } else { "" };
        if exponent == 0 { format!("{minus}{whole}") } else { format!("{minus}{whole}.{fraction}") }
    }
}

/// A typed number without the commas and blanks between its groups of three; nothing if one stands
/// elsewhere, so that `160,50` is never taken for a hundred times as much.
#[must_use]
pub fn without_groups(text: &str) -> Option<String> {
    let is_gap = |c| matches!(c, ',' | ' ' | '\u{a0}' | '\u{202f}');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split(is_gap).collect();
    let grouped = groups.len() == 1
        || (matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|g| g.len() == 3));
    let sound = grouped && !fraction.contains(is_gap);
    sound.then(|| text.chars().filter(|c| !is_gap(*c)).collect())
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.currency.write(self.minor))
    }
}

/// Millisatoshi, capped at 21 million bitcoin so that it always fits a BIGINT.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Msat(u64);

impl Msat {
    /// Every millisatoshi there will ever be.
    pub const MAX: Self = Self(2_100_000_000_000_000_000);
    /// None.
    pub const ZERO: Self = Self(0);

    /// An amount of millisatoshi.
    pub fn new(msat: u64) -> Result<Self, MoneyError> {
        if msat > Self::MAX.0 { Err(MoneyError::TooLarge) } else { Ok(Self(msat)) }
    }

    /// An amount of whole satoshi.
    pub fn from_sat(sat: u64) -> Result<Self, MoneyError> {
        Self::new(sat.checked_mul(1000).ok_or(MoneyError::TooLarge)?)
    }

    /// An amount as the database keeps it; a negative one is a fault.
    pub fn from_db(msat: i64) -> Result<Self, MoneyError> {
        Self::new(u64::try_from(msat).map_err(|_| MoneyError::Negative)?)
    }

    /// The millisatoshi.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The millisatoshi for a BIGINT column.
    #[must_use]
    pub fn to_db(self) -> i64 {
        // The cap is below i64::MAX, see MAX.
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// Whole satoshi, a fraction dropped: for showing what arrived.
    #[must_use]
    pub fn sat_floor(self) -> u64 {
        self.0 / 1000
    }

    /// What is left after taking `other`; nothing if `other` is more.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Adds, refusing more bitcoin than there is.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Self::new(self.0.checked_add(other.0).ok_or(MoneyError::TooLarge)?)
    }
}

impl fmt::Display for Msat {
    /// Whole sats with groups, and the fraction only where there is one: `14,595 sats`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sats = self.0 / 1000;
        let digits = sats.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if !self.0.is_multiple_of(1000) {
            write!(f, ".{:03}", self.0 % 1000)?;
        }
        f.write_str(if self.0 == 1000 { " sat" } else { " sats" })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn jmd() -> Currency {
        "JMD".parse().unwrap()
    }

    #[test]
    fn what_a_cashier_types_is_read_or_refused_in_words() {
        assert_eq!(Money::parse("1,250.5", jmd()).unwrap().minor, 125_050);
        assert_eq!(Money::parse(".5", jmd()).unwrap().minor, 50);
        assert_eq!(Money::parse("1 250 000", jmd()).unwrap().minor, 125_000_000);
        for typed in ["1250,50", "1,25", ",250", "12,5000", "1.250,50", "1 2"] {
            assert!(
                matches!(Money::parse(typed, jmd()), Err(MoneyError::NotAnAmount(_))),
                "{typed}"
            );
        }
        assert_eq!(Money::parse("-1", jmd()), Err(MoneyError::Negative));
        assert!(matches!(Money::parse("1.005", jmd()), Err(MoneyError::TooManyDecimals { .. })));
        assert!(matches!(Money::parse("1e9", jmd()), Err(MoneyError::NotAnAmount(_))));
        assert!(matches!(Money::parse("", jmd()), Err(MoneyError::NotAnAmount(_))));
        assert_eq!(Money::parse("99999999999999999999", jmd()), Err(MoneyError::TooLarge));
    }

    #[test]
    fn sats_are_written_with_groups() {
        assert_eq!(Msat::from_sat(14_595).unwrap().to_string(), "14,595 sats");
        assert_eq!(Msat::new(1_500).unwrap().to_string(), "1.500 sats");
        assert!(Msat::from_sat(u64::MAX).is_err());
    }

    proptest! {
        #[test]
        fn writing_for_an_input_and_reading_it_back_changes_nothing(minor in 0i64..=i64::MAX) {
            let money = Money::new(minor, jmd());
            prop_assert_eq!(Money::parse(&money.to_input(), jmd()), Ok(money));
        }
    }
}
