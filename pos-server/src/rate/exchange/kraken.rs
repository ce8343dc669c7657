//! Kraken's public ticker. It answers 200 even to say no, and gives no time.

use std::collections::HashMap;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::decimal;
use crate::rate::source::{RateSource, Ticker};

/// Kraken.
#[derive(Debug)]
pub struct Kraken;

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(default)]
    error: Vec<String>,
    // Asked for XBTUSD it answers under XXBTZUSD: the only value is the one.
    #[serde(borrow, default)]
    result: HashMap<String, Pair<'a>>,
}

#[derive(Deserialize)]
struct Pair<'a> {
    #[serde(borrow)]
    a: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    b: Option<Vec<&'a RawValue>>,
}

#[async_trait]
impl RateSource for Kraken {
    fn name(&self) -> &'static str {
        "Kraken"
    }

    async fn fetch(&self, http: &Http, base_url: &str) -> Result<Ticker, SourceError> {
        read(&http.json(&format!("{base_url}/0/public/Ticker?pair=XBTUSD")).await?)
    }
}

fn read(body: &str) -> Result<Ticker, SourceError> {
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    // E is an error; W is a warning beside a good answer.
    if let Some(error) = reply.error.iter().find(|error| !error.starts_with('W')) {
        return Err(match error.as_str() {
            "EGeneral:Too many requests" | "EAPI:Rate limit exceeded" => {
                SourceError::Limited { retry_after: None }
            }
            other => SourceError::said(other),
        });
    }
    let pair = reply.result.values().next().ok_or_else(|| SourceError::Missing("price".into()))?;
    let first = |side: &Option<Vec<&RawValue>>, field: &str| {
        decimal(side.as_ref().and_then(|side| side.first().copied()), field)
    };
    Ok(Ticker { bid: first(&pair.b, "bid")?, ask: first(&pair.a, "ask")?, at: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn its_book_is_read_and_its_error_under_200_is_an_error() {
        let good = r#"{"error":[],"result":{"XXBTZUSD":{"a":["3809.10000","1","1.000"],
            "b":["3809.00000","1","1.000"],"c":["3809.60000","0.1"],"t":[1960,5958]}}}"#;
        let ticker = Ticker { bid: Decimal::from(3809), ask: Decimal::new(38_091, 1), at: None };
        assert_eq!(read(good), Ok(ticker));
        let pair = r#"{"error":["EQuery:Unknown asset pair"]}"#;
        assert_eq!(read(pair), Err(SourceError::said("EQuery:Unknown asset pair")));
        let many = r#"{"error":["EGeneral:Too many requests"],"result":{}}"#;
        assert_eq!(read(many), Err(SourceError::Limited { retry_after: None }));
        assert_eq!(read(r#"{"error":[],"result":{}}"#), Err(SourceError::Missing("price".into())));
    }
}
