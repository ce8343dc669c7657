//! The dollar rate implied by Coinbase's own table: bitcoin in one currency over bitcoin in US
//! dollars of the same answer, so that the price of bitcoin cancels. It has no date.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DollarAnswer, DollarRate, DollarSource};
use crate::domain::currency::Currency;
use crate::domain::time::Time;
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::decimal;

/// Coinbase's exchange rates, as a cross.
#[derive(Debug)]
pub struct CoinbaseCross;

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    currency: String,
    #[serde(borrow)]
    rates: HashMap<String, &'a RawValue>,
}

#[async_trait]
impl DollarSource for CoinbaseCross {
    fn name(&self) -> &'static str {
        "Coinbase's dollar rates"
    }

    fn may_carry(&self) -> bool {
        false
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
        read(&http.json(&format!("{base_url}/v2/exchange-rates?currency=BTC")).await?, wanted)
    }
}

fn read(body: &str, wanted: &[Currency]) -> Result<DollarAnswer, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    let data = reply.data.filter(|data| data.currency == "BTC");
    let data = data.ok_or_else(|| SourceError::Missing("data".into()))?;
    let rate = |code: &str| decimal(data.rates.get(code).copied(), &format!("{code} rate"));
    let dollars = rate("USD")?;
    let mut rates = Vec::new();
    for &currency in wanted {
        let Ok(per_btc) = rate(currency.code()) else { continue };
        let per_usd = per_btc.checked_div(dollars).unwrap_or(Decimal::ZERO).round_dp(8);
        rates.push(DollarRate { currency, per_usd, published: None });
    }
    Ok(DollarAnswer { rates, next_at: None })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_bitcoin_cancels() {
        let body = r#"{"data":{"currency":"BTC","rates":{"USD":"11723.50","JMD":"1473643.95",
            "XCD":"31683.34","KYD":"9759.36"}}}"#;
        let wanted = ["JMD", "XCD", "GYD"].map(|code| code.parse().unwrap());
        let answer = read(body, &wanted).unwrap();
        assert_eq!(answer.rates.len(), 2);
        assert_eq!(answer.rates[0].per_usd.round_dp(2).to_string(), "125.70");
        assert_eq!(answer.rates[1].per_usd.round_dp(3).to_string(), "2.703");
        let error = r#"{"errors":[{"id":"invalid_request","message":"Currency is invalid"}]}"#;
        assert_eq!(read(error, &wanted), Err(SourceError::Missing("data".into())));
    }
}
