//! The Central Bank of Trinidad and Tobago: daily buying and selling rates, by a span of years.

use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DollarAnswer, DollarRate, DollarSource, Published};
use crate::domain::currency::Currency;
use crate::domain::time::Time;
use crate::rate::calendar::{day, parse_day, published};
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::decimal;

/// The central bank in Port of Spain.
#[derive(Debug)]
pub struct BankOfTrinidad;

/// Two years of rows, each with some twenty figures.
const BODY_LIMIT: usize = 1024 * 1024;
/// Days that may lie between two publications.
const LONGEST_GAP: Duration = Duration::from_secs(10 * 86_400);

#[derive(Deserialize)]
struct Reply<'a> {
    // An array of rows; one all-null object when there are none.
    #[serde(borrow)]
    cbttdailyforexrates: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Row<'a> {
    famedate: Option<String>,
    #[serde(borrow, rename = "USD_Buying")]
    buying: Option<&'a RawValue>,
    #[serde(borrow, rename = "USD_Selling")]
    selling: Option<&'a RawValue>,
}

#[async_trait]
impl DollarSource for BankOfTrinidad {
    fn name(&self) -> &'static str {
        "Central Bank of Trinidad and Tobago"
    }

    fn only(&self) -> Option<&'static str> {
        Some("TTD")
    }

    fn may_carry(&self) -> bool {
        true
    }

    fn every(&self) -> Duration {
        Duration::from_secs(3 * 3600)
    }

    async fn fetch(
        &self,
        http: &Http,
        base_url: &str,
        wanted: &[Currency],
        now: Time,
    ) -> Result<DollarAnswer, SourceError> {
        // In the first days of January the last rate is of the year before.
        let year = |at| day(at).map_or(0, |day| day.year());
        let (from, to) = (year(now.before(LONGEST_GAP)), year(now));
        let url = format!("{base_url}/wp-json/rates/v1/forex-rate/{from}-{to}");
        let rate = read(&http.up_to(BODY_LIMIT).json(&url).await?)?;
        let rates = wanted.iter().filter(|currency| **currency == rate.currency);
        Ok(DollarAnswer { rates: rates.map(|_| rate.clone()).collect(), next_at: None })
    }
}

fn read(body: &str) -> Result<DollarRate, SourceError> {
    let missing = || SourceError::Missing("TTD rate".into());
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    let rows = reply.cbttdailyforexrates.ok_or_else(missing)?.get();
    if !rows.starts_with('[') {
        return Err(missing());
    }
    let rows: Vec<Row> = serde_json::from_str(rows).map_err(|_| SourceError::NotData)?;
    let latest = rows.iter().filter_map(usable).max_by_key(|(date, _)| *date);
    let (date, per_usd) = latest.ok_or_else(missing)?;
    let at = published(date).ok_or_else(missing)?;
    let currency = "TTD".parse().map_err(|_| missing())?;
    let published = Some(Published { at, date: date.to_string() });
    Ok(DollarRate { currency, per_usd, published })
}

/// The middle of a row with both legs; a row that lacks one does not count.
fn usable(row: &Row) -> Option<(jiff::civil::Date, Decimal)> {
    let date = parse_day(row.famedate.as_deref()?)?;
    let leg = |raw| decimal(raw, "rate").ok().filter(|leg| *leg > Decimal::ZERO);
    let sum = leg(row.buying)?.checked_add(leg(row.selling)?)?;
    Some((date, sum / Decimal::TWO))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_row_with_both_legs_counts() {
        let body = r#"{"cbttdailyforexrates":[
            {"famedate":"2026-09-08","USD_Buying":"6.7039","USD_Selling":6.7990,"CHF_Buying":null},
            {"famedate":"2026-09-07","USD_Buying":"6.70","USD_Selling":"6.80"},
            {"famedate":"2026-09-09","USD_Buying":null,"USD_Selling":"6.7991"}]}"#;
        let rate = read(body).unwrap();
        assert_eq!(rate.per_usd, Decimal::new(675_145, 5));
        assert_eq!(rate.published.unwrap().date, "2026-09-08");
    }

    #[test]
    fn no_rows_is_no_rate() {
        let missing = Err(SourceError::Missing("TTD rate".into()));
        let object = r#"{"cbttdailyforexrates":{"famedate":null,"USD_Buying":null}}"#;
        assert_eq!(read(object), missing);
        assert_eq!(read(r#"{"cbttdailyforexrates":[]}"#), missing);
        assert_eq!(read(r#"{"code":"rest_no_route"}"#), missing);
    }
}
