//! Fawaz Ahmed's static currency files: a hobby project that does not say where its data comes
//! from, so it may confirm a rate and never make one.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DollarAnswer, DollarRate, DollarSource, Published};
use crate::domain::currency::Currency;
use crate::domain::time::Time;
use crate::rate::calendar::{midnight, parse_day};
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::decimal;

/// The `currency-api` files.
#[derive(Debug)]
pub struct CurrencyApi;

#[derive(Deserialize)]
struct Reply<'a> {
    date: String,
    #[serde(borrow)]
    usd: HashMap<String, &'a RawValue>,
}

#[async_trait]
impl DollarSource for CurrencyApi {
    fn name(&self) -> &'static str {
        "currency-api"
    }

    fn may_carry(&self) -> bool {
        false
    }

    fn every(&self) -> Duration {
        Duration::from_secs(6 * 3600)
    }

    async fn fetch(
        &self,
        http: &Http,
        base_url: &str,
        wanted: &[Currency],
        _: Time,
    ) -> Result<DollarAnswer, SourceError> {
        read(&http.json(&format!("{base_url}/v1/currencies/usd.min.json")).await?, wanted)
    }
}

fn read(body: &str, wanted: &[Currency]) -> Result<DollarAnswer, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    let at = parse_day(&reply.date).and_then(midnight);
    let at = at.ok_or_else(|| SourceError::NotANumber("date".into()))?;
    let mut rates = Vec::new();
    for &currency in wanted {
        let raw = reply.usd.get(&currency.code().to_ascii_lowercase()).copied();
        let Ok(per_usd) = decimal(raw, "rate") else { continue };
        let published = Some(Published { at, date: reply.date.clone() });
        rates.push(DollarRate { currency, per_usd, published });
    }
    Ok(DollarAnswer { rates, next_at: None })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn its_lower_case_codes_are_found() {
        let body = r#"{"date":"2024-03-06","usd":{"jmd":155.10230001,"ttd":6.78,"1inch":0.17}}"#;
        let answer = read(body, &["JMD".parse().unwrap()]).unwrap();
        assert_eq!(answer.rates[0].per_usd, Decimal::new(15_510_230_001, 8));
        assert_eq!(answer.rates[0].published.as_ref().unwrap().date, "2024-03-06");
    }
}
