//! The Bank of Jamaica's counter rates: a table behind a page that hands out a number used once.
//!
//! The columns are date, name, buying drafts, buying notes, buying coins and selling; the rate is
//! the middle of buying drafts and selling. Another reader of this table takes column three for
//! selling and four for buying, and is 3 % low.

use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DollarAnswer, DollarRate, DollarSource, Published};
use crate::domain::currency::Currency;
use crate::domain::time::Time;
use crate::rate::calendar::{day, published};
use crate::rate::error::SourceError;
use crate::rate::http::Http;
use crate::rate::number::parse;

/// The central bank in Kingston.
#[derive(Debug)]
pub struct BankOfJamaica;

const PAGE: &str = "/market/foreign-exchange/counter-rates/";
const TABLE: &str = "/wp-admin/admin-ajax.php?action=get_wdtable&table_id=134";
const NONCE: &str = "wdtNonceFrontendServerSide_134";
/// A page of a content system, with all its scripts.
const PAGE_LIMIT: usize = 2 * 1024 * 1024;
/// Only the last days are asked for; the table goes back for decades.
const LOOK_BACK: Duration = Duration::from_secs(10 * 86_400);

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, default)]
    data: Vec<Vec<&'a RawValue>>,
}

#[async_trait]
impl DollarSource for BankOfJamaica {
    fn name(&self) -> &'static str {
        "Bank of Jamaica"
    }

    fn only(&self) -> Option<&'static str> {
        Some("JMD")
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
        let page = http.up_to(PAGE_LIMIT).page(&format!("{base_url}{PAGE}")).await?;
        let nonce = nonce(&page).ok_or_else(|| SourceError::Missing("nonce".into()))?;
        let written =
            |at| day(at).map_or(String::new(), |day| day.strftime("%d %b %Y").to_string());
        let days = format!("{}|{}", written(now.before(LOOK_BACK)), written(now));
        let form = [
            ("draw", "1"),
            ("start", "0"),
            ("length", "-1"),
            ("wdtNonce", nonce),
            ("sRangeSeparator", "|"),
            ("columns[0][data]", "0"),
            ("columns[0][searchable]", "true"),
            ("columns[0][search][value]", &days),
        ];
        let rate = read(&http.post(&format!("{base_url}{TABLE}"), &form).await?)?;
        let rates = wanted.iter().filter(|currency| **currency == rate.currency);
        Ok(DollarAnswer { rates: rates.map(|_| rate.clone()).collect(), next_at: None })
    }
}

/// The `value` of the hidden field, whatever the order of its attributes.
fn nonce(page: &str) -> Option<&str> {
    let place = page.find(&format!("\"{NONCE}\""))?;
    let start = page[..place].rfind('<')?;
    let end = place + page[place..].find('>')?;
    let value = page[start..end].split("value=\"").nth(1)?.split('"').next()?;
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some(value)
}

fn read(body: &str) -> Result<DollarRate, SourceError> {
    let missing = || SourceError::Missing("JMD rate".into());
    let reply: Reply = serde_json::from_str(body).map_err(|_| SourceError::NotData)?;
    let latest = reply.data.iter().filter_map(|row| usable(row)).max_by_key(|(date, _)| *date);
    let (date, per_usd) = latest.ok_or_else(missing)?;
    let at = published(date).ok_or_else(missing)?;
    let currency = "JMD".parse().map_err(|_| missing())?;
    let published = Some(Published { at, date: date.to_string() });
    Ok(DollarRate { currency, per_usd, published })
}

/// The middle of a row of the US dollar; any other row, or one with a gap, does not count.
fn usable(row: &[&RawValue]) -> Option<(Date, Decimal)> {
    let cells: Vec<String> =
        row.iter().map(|raw| serde_json::from_str(raw.get()).unwrap_or_default()).collect();
    let [date, name, drafts, _, _, selling, ..] = cells.as_slice() else { return None };
    if name.trim() != "U.S. DOLLAR" {
        return None;
    }
    let date = Date::strptime("%d %b %Y", date.trim()).ok()?;
    let leg = |text: &str| parse(text.trim()).filter(|leg| *leg > Decimal::ZERO);
    let sum = leg(drafts)?.checked_add(leg(selling)?)?;
    Some((date, sum / Decimal::TWO))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_of_buying_drafts_and_selling() {
        let body = r#"{"draw":1,"recordsTotal":"104868","recordsFiltered":"3","data":[
            ["27 Feb 2026","U.S. DOLLAR","155.0","147.0","127.0","157.0"],
            ["02 Mar 2026","U.S. DOLLAR","155.3493","147.5800","127.5800","157.2639"],
            ["02 Mar 2026","E. C. DOLLAR","57.5","54.6","47.2","58.2"],
            ["03 Mar 2026","U.S. DOLLAR",null,"147.5800","127.5800","157.2639"]]}"#;
        let rate = read(body).unwrap();
        assert_eq!(rate.per_usd, Decimal::new(15_630_660, 5));
        assert_eq!(rate.published.unwrap().date, "2026-03-02");
        assert_eq!(read(r#"{"data":[]}"#), Err(SourceError::Missing("JMD rate".into())));
    }

    #[test]
    fn the_nonce_is_found_in_either_order_of_attributes() {
        let one = r#"<input type="hidden" id="wdtNonceFrontendServerSide_134"
            name="wdtNonceFrontendServerSide_134" value="a1b2c3d4e5" />"#;
        let other = r#"<input value="a1b2c3d4e5" id="wdtNonceFrontendServerSide_134">"#;
        assert_eq!(nonce(one), Some("a1b2c3d4e5"));
        assert_eq!(nonce(other), Some("a1b2c3d4e5"));
        let neighbour = r#"<input id="wdtNonceFrontendServerSide_135" value="a1b2c3d4e5">"#;
        assert_eq!(nonce(neighbour), None);
        assert_eq!(nonce(r#"<input id="wdtNonceFrontendServerSide_134"> <p value="x">"#), None);
        assert_eq!(nonce(""), None);
    }
}
