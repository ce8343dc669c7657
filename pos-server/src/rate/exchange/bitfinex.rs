//! Bitfinex's ticker: a bare array of ten numbers, or eleven with the time at the end.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::value::RawValue;

use crate::domain::time::Time;
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::{decimal, whole};
use crate::rate::source::{RateSource, Ticker};

/// Bitfinex.
#[derive(Debug)]
pub struct Bitfinex;

/// It blocks an address for a minute when asked too often, and does not say so.
const BLOCKED: Duration = Duration::from_secs(60);

#[async_trait]
impl RateSource for Bitfinex {
    fn name(&self) -> &'static str {
        "Bitfinex"
    }

    async fn fetch(&self, http: &Http, base_url: &str) -> Result<Ticker, SourceError> {
        match http.json(&format!("{base_url}/v2/ticker/tBTCUSD")).await {
            Ok(body) => read(&body),
            Err(SourceError::Limited { retry_after: None }) => Err(blocked()),
            Err(other) => Err(other),
        }
    }
}

fn read(body: &str) -> Result<Ticker, SourceError> {
    let fields: Vec<&RawValue> = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    let field = |index: usize| fields.get(index).copied();
    if field(0).map(RawValue::get) == Some("\"error\"") {
        let words = field(2).map_or("error", RawValue::get);
        let limited = field(1).map(RawValue::get) == Some("11010");
        return Err(if limited { blocked() } else { SourceError::said(words.trim_matches('"')) });
    }
    if fields.len() < 10 {
        return Err(SourceError::NotData);
    }
    let at = field(10).filter(|raw| raw.get() != "null");
    let at = at.map(|raw| whole(Some(raw), "time")).transpose()?.map(Time);
    Ok(Ticker { bid: decimal(field(0), "bid")?, ask: decimal(field(2), "ask")?, at })
}

fn blocked() -> SourceError {
    SourceError::Limited { retry_after: Some(BLOCKED) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    const TEN: &str = "825.51,150.59,826.43,59.06,23.52,0.0292,826.51,535.94,839.8,783.12";

    #[test]
    fn ten_and_eleven_fields_are_read() {
        let (bid, ask) = (Decimal::new(82_551, 2), Decimal::new(82_643, 2));
        assert_eq!(read(&format!("[{TEN}]")), Ok(Ticker { bid, ask, at: None }));
        let at = Some(Time(1_477_726_786_000));
        assert_eq!(read(&format!("[{TEN},1477726786000]")), Ok(Ticker { bid, ask, at }));
        assert_eq!(read("[825.51,150.59,826.43]"), Err(SourceError::NotData));
    }

    #[test]
    fn its_error_arrays_are_errors() {
        let said = SourceError::said("symbol: invalid");
        assert_eq!(read(r#"["error",10020,"symbol: invalid"]"#), Err(said));
        assert_eq!(read(r#"["error",11010,"ratelimit: error"]"#), Err(blocked()));
    }
}
