//! Bitstamp's ticker: every figure a string, the time in seconds.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::time::Time;
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::{decimal, whole};
use crate::rate::source::{RateSource, Ticker};

/// Bitstamp.
#[derive(Debug)]
pub struct Bitstamp;

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    bid: Option<&'a RawValue>,
    #[serde(borrow)]
    ask: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    code: Option<String>,
    reason: Option<String>,
}

#[async_trait]
impl RateSource for Bitstamp {
    fn name(&self) -> &'static str {
        "Bitstamp"
    }

    async fn fetch(&self, http: &Http, base_url: &str) -> Result<Ticker, SourceError> {
        read(&http.json(&format!("{base_url}/api/v2/ticker/btcusd/")).await?)
    }
}

fn read(body: &str) -> Result<Ticker, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    if reply.code.as_deref() == Some("400.002") {
        return Err(SourceError::Limited { retry_after: None });
    }
    if let Some(reason) = reply.reason {
        return Err(SourceError::said(&reason));
    }
    let at = match reply.timestamp {
        None => None,
        some => Some(Time(whole(some, "time")?.saturating_mul(1000))),
    };
    Ok(Ticker { bid: decimal(reply.bid, "bid")?, ask: decimal(reply.ask, "ask")?, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn its_texts_and_its_seconds_are_read() {
        let good = r#"{"timestamp":"1686068944","high":"26252","last":"26216","bid":"26208",
            "vwap":"25681","volume":"3563.13819902","low":"25350","ask":"26211","open":"25730",
            "open_24":"25895","percent_change_24":"1.24","pair":"BTC/USD","side":"0"}"#;
        let at = Some(Time(1_686_068_944_000));
        let ticker = Ticker { bid: Decimal::from(26_208), ask: Decimal::from(26_211), at };
        assert_eq!(read(good), Ok(ticker));
        let limited = r#"{"status":"error","reason":"Too many","code":"400.002"}"#;
        assert_eq!(read(limited), Err(SourceError::Limited { retry_after: None }));
    }
}
