//! What a store chooses about its rate.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::calendar::parse_day;
use super::dollar::peg;
use crate::domain::currency::Currency;
use crate::domain::rate::Quote;
use crate::domain::time::Time;

/// A store's rate settings; all but the currency have defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreRateSettings {
    /// The store's currency.
    pub currency: Currency,
    /// Where the price comes from.
    #[serde(default)]
    pub source: StoreSource,
    /// The merchant's own dollar rate, in place of the published one.
    #[serde(default)]
    pub own_dollar_rate: Option<OwnDollarRate>,
    /// The merchant's own peg, such as 0.80 Cayman dollars for a US dollar.
    #[serde(default)]
    pub peg_override: Option<Decimal>,
    /// Percent more sats than the market would ask, 0 to 20.
    #[serde(default)]
    pub spread_percent: Decimal,
    /// One exchange, or one dollar rate that nobody confirms, is enough; said on the quote.
    #[serde(default)]
    pub one_source_enough: bool,
}

/// Where a store's price comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreSource {
    /// The exchanges, and the dollar rate of the currency.
    #[default]
    Market,
    /// A price that never moves, for practice.
    Fixed {
        /// Major units of the store's currency for one bitcoin.
        per_btc: Decimal,
    },
}

/// A dollar rate that the merchant posted himself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDollarRate {
    /// Major units of the store's currency for one US dollar.
    pub per_usd: Decimal,
    /// The date he posted it, in his calendar: `2026-11-20`. It holds until he changes it.
    pub date: String,
}

impl StoreRateSettings {
    /// The market's price, nothing added.
    #[must_use]
    pub fn market(currency: Currency) -> Self {
        Self {
            currency,
            source: StoreSource::Market,
            own_dollar_rate: None,
            peg_override: None,
            spread_percent: Decimal::ZERO,
            one_source_enough: false,
        }
    }

    /// A price that never moves, for a shop whose money is not real: major units for one bitcoin.
    #[must_use]
    pub fn practice(currency: Currency, per_btc: Decimal) -> Self {
        Self { source: StoreSource::Fixed { per_btc }, ..Self::market(currency) }
    }

    /// A quote at somebody's own price, major units for one bitcoin, with the shop's spread; none
    /// where the settings are not for the market, or the price makes no sense.
    #[must_use]
    pub fn priced_by(&self, source: &str, per_btc: Decimal, at: Time) -> Option<Quote> {
        if self.source != StoreSource::Market || per_btc <= Decimal::ZERO {
            return None;
        }
        let with_spread = Decimal::ONE_HUNDRED.checked_add(self.spread_percent)?;
        let own = Quote::alone(self.currency, per_btc, source, at);
        let spread = per_btc.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(with_spread)?;
        let spread_percent = self.spread_percent;
        Some(Quote { per_btc: spread.round_dp(8).normalize(), spread_percent, ..own })
    }

    /// Reads settings kept as JSON beside the store's currency; `{}` is the market's price.
    pub fn read(currency: Currency, json: &str) -> Result<Self, serde_json::Error> {
        let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json)?;
        fields.insert("currency".into(), currency.code().into());
        serde_json::from_value(fields.into())
    }

    /// Settings as JSON for the store's row.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Everything wrong with them, in words for the owner's form; empty when they are sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let most = Decimal::from(1_000_000_000_000_000i64);
        if let StoreSource::Fixed { per_btc } = self.source
            && (per_btc <= Decimal::ZERO || per_btc > most)
        {
            faults.push("the fixed price must be above zero".into());
        }
        if let Some(own) = &self.own_dollar_rate {
            if own.per_usd <= Decimal::ZERO || own.per_usd > Decimal::from(10_000_000) {
                faults.push("the shop's own dollar rate must be above zero".into());
            }
            if parse_day(&own.date).is_none() {
                faults.push(format!("“{}” is not a date like 2026-11-20", own.date));
            }
        }
        let dollars = self.currency.code() == "USD";
        if dollars && (self.own_dollar_rate.is_some() || self.peg_override.is_some()) {
            faults.push("a store in US dollars has no dollar rate of its own".into());
        }
        match (self.peg_override, peg(self.currency)) {
            (Some(_), None) => {
                faults.push(format!("{} is not pegged to the US dollar", self.currency));
            }
            (Some(own), Some(peg))
                if own < peg * Decimal::new(75, 2) || own > peg * Decimal::new(125, 2) =>
            {
                faults
                    .push("the shop's own peg is more than a quarter off the official one".into());
            }
            _ => {}
        }
        if self.spread_percent < Decimal::ZERO || self.spread_percent > Decimal::from(20) {
            faults.push("the spread must be from 0 to 20 percent".into());
        }
        faults
    }

    /// True if the exchanges must be asked for this store.
    pub(super) fn needs_bitcoin(&self) -> bool {
        self.source == StoreSource::Market
    }

    /// True if the dollar sources must be asked for this store's currency.
    pub(super) fn needs_dollar(&self) -> bool {
        self.needs_bitcoin() && self.own_dollar_rate.is_none() && peg(self.currency).is_none()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn code(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn settings_survive_their_row_and_an_empty_row_is_the_market() {
        let jmd = code("JMD");
        assert_eq!(StoreRateSettings::read(jmd, "{}").unwrap(), StoreRateSettings::market(jmd));
        let mut settings = StoreRateSettings::practice(jmd, Decimal::new(1_232_531_706, 2));
        settings.own_dollar_rate =
            Some(OwnDollarRate { per_usd: Decimal::new(1605, 1), date: "2026-11-20".into() });
        settings.spread_percent = Decimal::new(15, 1);
        let json = settings.write().unwrap();
        assert!(json.contains(r#""per_btc":"12325317.06""#), "decimals are texts: {json}");
        assert_eq!(StoreRateSettings::read(jmd, &json).unwrap(), settings);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let mut settings = StoreRateSettings::practice(code("JMD"), Decimal::ZERO);
        settings.own_dollar_rate =
            Some(OwnDollarRate { per_usd: -Decimal::ONE, date: "yesterday".into() });
        settings.peg_override = Some(Decimal::ONE);
        settings.spread_percent = Decimal::from(21);
        assert_eq!(settings.faults().len(), 5);
        let mut cayman = StoreRateSettings::market(code("KYD"));
        cayman.peg_override = Some(Decimal::new(80, 2));
        assert!(cayman.faults().is_empty());
        cayman.peg_override = Some(Decimal::MAX);
        assert_eq!(cayman.faults().len(), 1);
        cayman.peg_override = Some(Decimal::new(12, 1));
        assert_eq!(cayman.faults().len(), 1, "the peg written the wrong way round");
    }
}
