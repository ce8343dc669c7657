//! Currencies tied to the US dollar by law or treaty, which need no feed.

use rust_decimal::Decimal;

use crate::domain::currency::Currency;

/// Major units of the currency for one US dollar, where that is fixed. The Cayman dollar is fixed
/// the other way round (1.20 US dollars); shops there often take 0.80, which is a store setting.
#[must_use]
pub fn peg(currency: Currency) -> Option<Decimal> {
    Some(match currency.code() {
        "USD" | "BSD" => Decimal::ONE,
        "BBD" | "BZD" => Decimal::TWO,
        "XCD" => Decimal::new(27, 1),
        "KYD" => Decimal::ONE / Decimal::new(12, 1),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pegs_are_those_of_the_central_banks() {
        let of = |code: &str| peg(code.parse().unwrap()).map(|peg| peg.round_dp(4).to_string());
        assert_eq!(of("XCD").as_deref(), Some("2.7"));
        assert_eq!(of("KYD").as_deref(), Some("0.8333"));
        assert_eq!(of("BBD").as_deref(), Some("2"));
        assert_eq!(of("JMD"), None);
    }
}
