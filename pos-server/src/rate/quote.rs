//! A store's quote out of memory: both legs, the merchant's spread, words for the till. Pure.

use rust_decimal::Decimal;

use super::bitcoin::judge;
use super::calendar::{midnight, parse_day};
use super::dollar::leg::dollar_leg;
use super::dollar::peg;
use super::memory::Memory;
use super::no_rate::NoRate;
use super::store::{StoreRateSettings, StoreSource};
use crate::domain::rate::{Leg, Quote};
use crate::domain::time::Time;

/// Decimals kept of a price for one bitcoin: far below what a sale of any size can feel.
const DECIMALS: u32 = 8;

pub(super) fn quote(
    memory: &Memory,
    settings: &StoreRateSettings,
    now: Time,
) -> Result<Quote, NoRate> {
    if let Some(fault) = settings.faults().into_iter().next() {
        return Err(NoRate::Settings(fault));
    }
    let (legs, source, at) = match settings.source {
        StoreSource::Fixed { per_btc } => {
            let source = "Practice rate".to_owned();
            (vec![practice_leg(settings, per_btc, now)], source, now)
        }
        StoreSource::Market => {
            let judgement = judge(&memory.exchanges, settings.one_source_enough, now);
            let bitcoin = judgement.leg(&memory.exchanges)?;
            let (source, at) = (words(&bitcoin, settings), bitcoin.at);
            let dollar = dollar(memory, settings, now).transpose()?;
            (std::iter::once(bitcoin).chain(dollar).collect(), source, at)
        }
    };
    let per_btc = price(&legs, settings.spread_percent)
        .ok_or_else(|| NoRate::Settings("the price is beyond reason".into()))?;
    let (currency, spread_percent) = (settings.currency, settings.spread_percent);
    Ok(Quote { currency, per_btc, source, at, spread_percent, legs })
}

/// The legs multiplied. The spread lowers what a bitcoin is worth here, so that exactly that many
/// percent more sats are asked for.
fn price(legs: &[Leg], spread_percent: Decimal) -> Option<Decimal> {
    let market = legs.iter().try_fold(Decimal::ONE, |price, leg| price.checked_mul(leg.value))?;
    let with_spread = Decimal::ONE_HUNDRED.checked_add(spread_percent)?;
    let price = market.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(with_spread)?;
    Some(price.round_dp(DECIMALS).normalize()).filter(|price| *price > Decimal::ZERO)
}

/// The dollar leg of a store at the market; none for a store in US dollars.
pub(super) fn dollar(
    memory: &Memory,
    settings: &StoreRateSettings,
    now: Time,
) -> Option<Result<Leg, NoRate>> {
    let currency = settings.currency;
    let leg = |value, source: &str, at, published| {
        let (pair, sources) = (format!("USD/{currency}"), vec![source.to_owned()]);
        Some(Ok(Leg { pair, value, sources, dropped: Vec::new(), at, published }))
    };
    if let Some(own) = &settings.own_dollar_rate {
        let at = parse_day(&own.date).and_then(midnight).unwrap_or(now);
        return leg(own.per_usd, "shop's own rate", at, Some(own.date.clone()));
    }
    match (settings.peg_override, peg(currency)) {
        _ if currency.code() == "USD" => None,
        (Some(own), _) => leg(own, "shop's own peg", now, None),
        (None, Some(peg)) => leg(peg, "peg", now, None),
        (None, None) => {
            let known = memory.known(currency);
            Some(dollar_leg(currency, &known, settings.one_source_enough, now))
        }
    }
}

fn practice_leg(settings: &StoreRateSettings, per_btc: Decimal, now: Time) -> Leg {
    Leg {
        pair: format!("BTC/{}", settings.currency),
        value: per_btc,
        sources: vec!["Practice rate".into()],
        dropped: Vec::new(),
        at: now,
        published: None,
    }
}

fn words(bitcoin: &Leg, settings: &StoreRateSettings) -> String {
    let middle = match bitcoin.sources.as_slice() {
        [alone] => format!("{alone} alone"),
        several => format!("Middle of {} sources", several.len()),
    };
    if settings.own_dollar_rate.is_some() {
        format!("{middle}, shop's own dollar rate")
    } else {
        middle
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::check::Checked;
    use super::super::memory::{Exchange, Good};
    use super::super::store::OwnDollarRate;
    use super::*;
    use crate::domain::money::{Money, Msat};

    const NOW: Time = Time(1_795_003_200_000);

    /// Two exchanges at 76,975.50, and no source of dollar rates.
    fn memory() -> Memory {
        let mid = Decimal::new(7_697_550, 2);
        let exchange = |name| {
            let price = Checked { bid: mid, ask: mid, at: NOW, stamped: true };
            let good = Some(Good { price, moved_at: NOW, heard_at: NOW, saved: true });
            Exchange { name, pair: "BTC/USD", good, asked_at: None, error: None }
        };
        Memory { exchanges: vec![exchange("Kraken"), exchange("Bitstamp")], desks: vec![] }
    }

    fn market(code: &str) -> StoreRateSettings {
        StoreRateSettings::market(code.parse().unwrap())
    }

    fn per_btc(settings: &StoreRateSettings) -> String {
        quote(&memory(), settings, NOW).unwrap().per_btc.to_string()
    }

    #[test]
    fn pegged_currencies_need_no_feed() {
        assert_eq!(per_btc(&market("USD")), "76975.5");
        assert_eq!(per_btc(&market("XCD")), "207833.85");
        assert_eq!(per_btc(&market("BBD")), "153951");
        assert_eq!(per_btc(&market("KYD")), "64146.25");
        let quote = quote(&memory(), &market("XCD"), NOW).unwrap();
        assert_eq!(quote.source, "Middle of 2 sources");
        assert_eq!((quote.legs.len(), quote.legs[1].sources[0].as_str()), (2, "peg"));
    }

    #[test]
    fn a_shop_may_take_eighty_cayman_cents() {
        let mut cayman = market("KYD");
        cayman.peg_override = Some(Decimal::new(80, 2));
        assert_eq!(per_btc(&cayman), "61580.4");
        let quote = quote(&memory(), &cayman, NOW).unwrap();
        assert_eq!(quote.legs[1].sources, ["shop's own peg"]);
    }

    #[test]
    fn the_shops_own_dollar_rate_stands_on_the_quote_with_its_date() {
        let mut jamaica = market("JMD");
        let per_usd = Decimal::new(16_012, 2);
        jamaica.own_dollar_rate = Some(OwnDollarRate { per_usd, date: "2026-11-16".into() });
        let quote = quote(&memory(), &jamaica, NOW).unwrap();
        assert_eq!(quote.source, "Middle of 2 sources, shop's own dollar rate");
        assert_eq!(quote.legs[1].published.as_deref(), Some("2026-11-16"));
        let thousand = Money::new(100_000, jamaica.currency);
        assert_eq!(quote.ask(thousand), Ok(Msat::from_sat(8_114).unwrap()), "never 998.55");
    }

    #[test]
    fn a_spread_asks_for_that_many_percent_more_sats() {
        let mut shop = market("USD");
        let plain = quote(&memory(), &shop, NOW).unwrap();
        shop.spread_percent = Decimal::TWO;
        let spread = quote(&memory(), &shop, NOW).unwrap();
        let hundred = Money::new(1_000_000, shop.currency);
        let (plain, spread) = (plain.ask(hundred).unwrap(), spread.ask(hundred).unwrap());
        assert_eq!(plain.sat_floor(), 12_991_147);
        assert_eq!(spread.sat_floor(), 13_250_970);
    }

    #[test]
    fn the_practice_rate_is_always_fresh_and_says_what_it_is() {
        let practice =
            StoreRateSettings::practice(market("JMD").currency, Decimal::from(12_325_317));
        let quote = quote(&Memory::default(), &practice, NOW).unwrap();
        assert_eq!((quote.source.as_str(), quote.at), ("Practice rate", NOW));
        assert_eq!(quote.legs[0].pair, "BTC/JMD");
    }

    #[test]
    fn senseless_settings_are_refused_in_words() {
        let mut shop = market("USD");
        shop.spread_percent = Decimal::from(50);
        assert_eq!(
            quote(&memory(), &shop, NOW).unwrap_err().to_string(),
            "The store's rate settings need the owner: the spread must be from 0 to 20 percent. \
             Cash still works."
        );
    }
}
