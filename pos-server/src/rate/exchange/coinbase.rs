//! Coinbase Exchange's product ticker. Its time is that of the last trade.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::time::Time;
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::decimal;
use crate::rate::source::{RateSource, Ticker};

/// Coinbase Exchange.
#[derive(Debug)]
pub struct Coinbase;

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    bid: Option<&'a RawValue>,
    #[serde(borrow)]
    ask: Option<&'a RawValue>,
    time: Option<String>,
    message: Option<String>,
}

#[async_trait]
impl RateSource for Coinbase {
    fn name(&self) -> &'static str {
        "Coinbase"
    }

    async fn fetch(&self, http: &Http, base_url: &str) -> Result<Ticker, SourceError> {
        read(&http.json(&format!("{base_url}/products/BTC-USD/ticker")).await?)
    }
}

fn read(body: &str) -> Result<Ticker, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    if let Some(message) = reply.message {
        return Err(SourceError::said(&message));
    }
    let at = match reply.time {
        None => None,
        Some(text) => {
            let stamp = text.parse::<jiff::Timestamp>();
            let stamp = stamp.map_err(|_| SourceError::NotANumber("time".into()))?;
            Some(Time(stamp.as_millisecond()))
        }
    };
    Ok(Ticker { bid: decimal(reply.bid, "bid")?, ask: decimal(reply.ask, "ask")?, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn its_texts_and_its_time_are_read() {
        let good = r#"{"ask":"833.5","bid":"833.49","volume":"95.7","trade_id":123,
            "price":"833.07","size":"0.05","time":"2026-08-30T03:00:00.25Z"}"#;
        let at = Some(Time(1_788_058_800_250));
        let (bid, ask) = (Decimal::new(83_349, 2), Decimal::new(8_335, 1));
        assert_eq!(read(good), Ok(Ticker { bid, ask, at }));
        assert_eq!(read(r#"{"message":"NotFound"}"#), Err(SourceError::said("NotFound")));
        let null = r#"{"ask":"833.5","bid":null}"#;
        assert_eq!(read(null), Err(SourceError::Missing("bid".into())));
    }
}
