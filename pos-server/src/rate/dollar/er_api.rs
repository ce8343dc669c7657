//! open.er-api.com: all currencies, once a day, with its own time of publication.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DollarAnswer, DollarRate, DollarSource, Published};
use crate::domain::currency::Currency;
use crate::domain::time::Time;
use crate::rate::calendar::day;
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::{decimal, whole};

/// ExchangeRate-API's open door.
#[derive(Debug)]
pub struct ErApi;

#[derive(Deserialize)]
struct Reply<'a> {
    result: Option<String>,
    #[serde(rename = "error-type")]
    error_type: Option<String>,
    base_code: Option<String>,
    #[serde(borrow)]
    time_last_update_unix: Option<&'a RawValue>,
    #[serde(borrow)]
    time_next_update_unix: Option<&'a RawValue>,
    #[serde(borrow, default)]
    rates: HashMap<String, &'a RawValue>,
}

#[async_trait]
impl DollarSource for ErApi {
    fn name(&self) -> &'static str {
        "ExchangeRate-API"
    }

    fn may_carry(&self) -> bool {
        true
    }

    fn attribution(&self) -> Option<&'static str> {
        Some("https://www.exchangerate-api.com")
    }

    fn every(&self) -> Duration {
        Duration::from_secs(3600)
    }

    async fn fetch(
        &self,
        http: &Http,
        base_url: &str,
        wanted: &[Currency],
        _: Time,
    ) -> Result<DollarAnswer, SourceError> {
        read(&http.json(&format!("{base_url}/v6/latest/USD")).await?, wanted)
    }
}

fn read(body: &str, wanted: &[Currency]) -> Result<DollarAnswer, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    if reply.result.as_deref() != Some("success") || reply.base_code.as_deref() != Some("USD") {
        return Err(SourceError::said(reply.error_type.as_deref().unwrap_or("no success")));
    }
    let seconds = |raw, field| whole(raw, field).map(|s| Time(s.saturating_mul(1000)));
    let at = seconds(reply.time_last_update_unix, "time")?;
    let date = day(at).ok_or_else(|| SourceError::NotANumber("time".into()))?.to_string();
    let mut rates = Vec::new();
    for &currency in wanted {
        // A null among the others is one that it lacks.
        let Ok(per_usd) = decimal(reply.rates.get(currency.code()).copied(), "rate") else {
            continue;
        };
        let published = Some(Published { at, date: date.clone() });
        rates.push(DollarRate { currency, per_usd, published });
    }
    let next_at = seconds(reply.time_next_update_unix, "next time").ok();
    Ok(DollarAnswer { rates, next_at })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn its_numbers_and_its_date_are_kept() {
        let body = r#"{"result":"success","provider":"https://www.exchangerate-api.com",
            "time_last_update_unix":1724025751,"time_next_update_unix":1724112381,
            "base_code":"USD","rates":{"USD":1,"JMD":157.210066,"TTD":6.79389}}"#;
        let wanted = ["JMD", "HTG"].map(|code| code.parse().unwrap());
        let answer = read(body, &wanted).unwrap();
        assert_eq!(answer.next_at, Some(Time(1_724_112_381_000)));
        assert_eq!(answer.rates.len(), 1, "it has no gourde here");
        assert_eq!(answer.rates[0].per_usd, Decimal::new(157_210_066, 6));
        assert_eq!(answer.rates[0].published.as_ref().unwrap().date, "2024-08-19");
    }

    #[test]
    fn its_error_and_another_base_are_errors() {
        let error = r#"{"result":"error","error-type":"unsupported-code"}"#;
        assert_eq!(read(error, &[]), Err(SourceError::said("unsupported-code")));
        let euro = r#"{"result":"success","base_code":"EUR","rates":{}}"#;
        assert_eq!(read(euro, &[]), Err(SourceError::said("no success")));
    }
}
