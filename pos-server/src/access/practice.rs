//! A shop whose money is not real: its rail, and a price of bitcoin that never moves.

use rust_decimal::Decimal;

use crate::db::connection::Connection;
use crate::db::store::Store;
use crate::domain::currency::Currency;
use crate::domain::id::ConnectionId;
use crate::rate::StoreRateSettings;

/// Dollars for a bitcoin in practice; measured once, and fixed so that a lesson repeats.
const USD_PER_BTC: Decimal = Decimal::from_parts(7_697_550, 0, 0, false, 2);

/// Roughly what a US dollar costs, in hundredths; only for practice.
const PER_USD: &[(&str, i64)] = &[
    ("JMD", 16_012),
    ("TTD", 678),
    ("BBD", 200),
    ("XCD", 270),
    ("BSD", 100),
    ("BZD", 200),
    ("GYD", 20_900),
    ("KYD", 83),
    ("DOP", 6_300),
    ("USD", 100),
    ("CAD", 138),
    ("AUD", 152),
    ("NZD", 170),
    ("MXN", 1_850),
    ("GBP", 76),
    ("JPY", 15_000),
    ("EUR", 87),
    ("ZAR", 1_750),
    ("NGN", 150_000),
    ("KES", 12_900),
    ("CRC", 50_500),
    ("COP", 400_000),
    ("HTG", 13_100),
    ("XAF", 57_000),
    ("XOF", 57_000),
];

fn per_usd(currency: Currency) -> Decimal {
    let row = PER_USD.iter().find(|(code, _)| *code == currency.code());
    Decimal::new(row.map_or(100, |(_, hundredths)| *hundredths), 2)
}

/// The practice price: major units of the currency for one bitcoin.
#[must_use]
pub fn per_btc(currency: Currency) -> Decimal {
    (USD_PER_BTC * per_usd(currency)).round_dp(2)
}

/// The rate settings of a practice store, as its row keeps them.
pub fn rate_settings(currency: Currency) -> Result<String, serde_json::Error> {
    StoreRateSettings::practice(currency, per_btc(currency)).write()
}

/// A cap for one sale that no shop meets by accident, minor units: some ten thousand dollars in
/// whole ten thousands.
#[must_use]
pub fn usual_cap(currency: Currency) -> i64 {
    let ten_thousands = per_usd(currency).round().max(Decimal::ONE);
    let ten_thousands = i64::try_from(ten_thousands.mantissa()).unwrap_or(1);
    ten_thousands.saturating_mul(10_000).saturating_mul(currency.scale())
}

/// The practice wallet as a rail of `store`.
#[must_use]
pub fn connection(store: &Store) -> Connection {
    Connection {
        id: ConnectionId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        rail: "sandbox".into(),
        place: 1,
        money: "practice".into(),
        secrets: None,
        label: "Practice wallet".into(),
        add_index: 0,
        settle_index: 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_practice_price_is_plausible_and_the_cap_is_round() {
        let jmd: Currency = "JMD".parse().unwrap();
        assert_eq!(per_btc(jmd), Decimal::new(1_232_531_706, 2));
        assert_eq!(jmd.write(usual_cap(jmd)), "J$1,600,000.00");
        let usd: Currency = "USD".parse().unwrap();
        assert_eq!(usd.write(usual_cap(usd)), "US$10,000.00");
        let kwd: Currency = "KWD".parse().unwrap();
        assert_eq!(usual_cap(kwd), 10_000_000);
        assert!(PER_USD.iter().all(|(code, _)| code.parse::<Currency>().is_ok()));
    }
}
