//! Currencies: the ISO 4217 code and exponent, and how a shop writes its amounts.

use std::fmt;
use std::str::FromStr;

/// A currency by ISO 4217, with the number of decimals of its minor unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

/// A code that is no currency one can price in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a currency we know")]
pub struct UnknownCurrency(pub String);

/// How amounts are written: sign, group, decimal point. Customary in shops; figures from CLDR 48.
struct Style {
    sign: &'static str,
    sign_first: bool,
    group: char,
    point: char,
}

impl Currency {
    /// The ISO 4217 code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// Decimals of the minor unit: 2 for JMD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn exponent(&self) -> u8 {
        self.exponent
    }

    /// Minor units in one major unit.
    #[must_use]
    pub fn scale(&self) -> i64 {
        10i64.pow(u32::from(self.exponent))
    }

    /// The sign before or after an amount, such as `J$`.
    #[must_use]
    pub fn sign(&self) -> &'static str {
        self.style().map_or("", |style| style.sign)
    }

    /// The smallest coin in minor units where cash is rounded by law or custom, else one minor unit.
    #[must_use]
    pub fn cash_step(&self) -> i64 {
        match self.code() {
            "JMD" => 100,
            "TTD" | "BBD" | "XCD" | "CAD" | "AUD" | "CHF" => 5,
            "NZD" => 10,
            "DKK" => 50,
            "SEK" | "NOK" | "GYD" | "CZK" => 100,
            "HUF" => 500,
            _ => 1,
        }
    }

    /// Every currency one can price in, by code.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let known = (0..1000u16).filter_map(iso_currency::Currency::from_numeric);
        let mut all: Vec<Self> = known.filter_map(|known| known.code().parse().ok()).collect();
        all.sort_unstable_by_key(|currency| currency.code);
        all
    }

    /// Its name in English: `Jamaican dollar`.
    #[must_use]
    pub fn name(&self) -> String {
        let known = iso_currency::Currency::from_code(self.code());
        known.map_or_else(String::new, |known| known.name().to_owned())
    }

    fn style(&self) -> Option<Style> {
        let (sign, sign_first, group, point) = match self.code() {
            "JMD" => ("J$", true, ',', '.'),
            "TTD" => ("TT$", true, ',', '.'),
            "BBD" => ("Bds$", true, ',', '.'),
            "XCD" => ("EC$", true, ',', '.'),
            "BSD" => ("B$", true, ',', '.'),
            "BZD" => ("BZ$", true, ',', '.'),
            "GYD" => ("G$", true, ',', '.'),
            "KYD" => ("CI$", true, ',', '.'),
            "DOP" => ("RD$", true, ',', '.'),
            "USD" => ("US$", true, ',', '.'),
            "CAD" => ("CA$", true, ',', '.'),
            "AUD" => ("A$", true, ',', '.'),
            "NZD" => ("NZ$", true, ',', '.'),
            "MXN" => ("MX$", true, ',', '.'),
            "GBP" => ("£", true, ',', '.'),
            "JPY" => ("¥", true, ',', '.'),
            "EUR" => ("€", true, ',', '.'),
            "ZAR" => ("R", true, ',', '.'),
            "NGN" => ("₦", true, ',', '.'),
            "KES" => ("Ksh\u{a0}", true, ',', '.'),
            "CRC" => ("₡", true, '\u{a0}', ','),
            "COP" => ("COL$", true, '.', ','),
            "HTG" => ("\u{a0}G", false, '\u{a0}', ','),
            "XAF" | "XOF" => ("\u{a0}FCFA", false, '\u{a0}', ','),
            _ => return None,
        };
        Some(Style { sign, sign_first, group, point })
    }

    /// Writes minor units for a person, with the sign and all decimals: `J$1,250.00`.
    #[must_use]
    pub fn write(&self, minor: i64) -> String {
        let minus = if minor < 0 { "−" } else { "" };
        let plain = self.write_plain(minor.checked_abs().unwrap_or(i64::MAX));
        match self.style() {
            Some(style) if style.sign_first => format!("{minus}{}{plain}", style.sign),
            Some(style) => format!("{minus}{plain}{}", style.sign),
            None => format!("{minus}{}\u{a0}{plain}", self.code()),
        }
    }

    /// Writes minor units without the sign: `1,250.00`, `−445.00`.
    #[must_use]
    pub fn write_plain(&self, minor: i64) -> String {
        let (group, point) = self.style().map_or((',', '.'), |style| (style.group, style.point));
        let digits = minor.unsigned_abs().to_string();
        let exponent = usize::from(self.exponent);
        let padded = format!("{digits:0>width$}", width = exponent + 1);
        let (whole, fraction) = padded.split_at(padded.len() - exponent);
        let mut out = String::from(if minor < 0 { "−" } else { "" });
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                out.push(group);
            }
            out.push(digit);
        }
        if exponent > 0 {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Reads a three-letter code; codes without a minor unit (gold, test codes) are refused.
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        let unknown = || UnknownCurrency(code.chars().take(8).collect());
        let upper = code.to_ascii_uppercase();
        let known = iso_currency::Currency::from_code(&upper).ok_or_else(unknown)?;
        let exponent = known.exponent().ok_or_else(unknown)?;
        let code = <[u8; 3]>::try_from(upper.as_bytes()).map_err(|_| unknown())?;
        Ok(Self { code, exponent: u8::try_from(exponent).map_err(|_| unknown())? })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(code: &str, minor: i64) -> String {
        code.parse::<Currency>().unwrap().write(minor)
    }

    #[test]
    fn amounts_are_written_as_shops_write_them() {
        assert_eq!(written("JMD", 125_000), "J$1,250.00");
        assert_eq!(written("JMD", 5), "J$0.05");
        assert_eq!(written("JMD", -44_500), "−J$445.00");
        assert_eq!(written("HTG", 125_050), "1\u{a0}250,50\u{a0}G");
        assert_eq!(written("JPY", 1_250_000), "¥1,250,000");
        assert_eq!(written("KWD", 1_250), "KWD\u{a0}1.250");
    }

    #[test]
    fn the_smallest_coin_is_the_one_that_is_in_the_till() {
        let steps = [("HUF", "5.00"), ("GYD", "1.00"), ("DKK", "0.50"), ("CZK", "1.00")];
        let more = [("JMD", "1.00"), ("SEK", "1.00"), ("CHF", "0.05"), ("USD", "0.01")];
        for (code, coin) in steps.into_iter().chain(more) {
            let currency = code.parse::<Currency>().unwrap();
            let step = crate::domain::money::Money::new(currency.cash_step(), currency);
            assert_eq!(step.to_input(), coin, "{code}");
        }
    }

    #[test]
    fn every_currency_has_a_name_and_gold_is_not_among_them() {
        let all = Currency::all();
        assert!(all.len() > 140, "{}", all.len());
        assert!(all.iter().all(|currency| !currency.name().is_empty()));
        assert!(all.iter().any(|currency| currency.code() == "JMD"));
        assert!(!all.iter().any(|currency| currency.code() == "XAU"));
    }

    #[test]
    fn gold_and_invented_codes_are_no_currency() {
        assert!("XAU".parse::<Currency>().is_err());
        assert!("ZZZ".parse::<Currency>().is_err());
        assert!("JM".parse::<Currency>().is_err());
    }
}
