//! What the dashboard shows of the rates: each source, its last answer, its age, and why it is not
//! part of the price.

use std::time::Duration;

use rust_decimal::Decimal;

use super::age::{Freshness, LIMIT, age_words};
use super::bitcoin::{Verdict, judge};
use super::memory::{Desk, Exchange, Memory};
use super::no_rate::NoRate;
use super::quote::{dollar, quote};
use super::store::StoreRateSettings;
use crate::domain::rate::{Leg, Quote};
use crate::domain::time::Time;

/// All there is to say about a store's rate.
#[derive(Debug, Clone)]
pub struct RatesView {
    /// What a sale would get now, or the words the till would show.
    pub quote: Result<Quote, NoRate>,
    /// What the age of the bitcoin price means, if there is a quote.
    pub freshness: Option<Freshness>,
    /// BTC/USD alone, as the market has it.
    pub bitcoin: Result<Leg, NoRate>,
    /// The dollar leg alone; none for a store in US dollars.
    pub dollar: Option<Result<Leg, NoRate>>,
    /// The exchanges.
    pub exchanges: Vec<ExchangeView>,
    /// The sources of dollar rates that were asked for this store's currency.
    pub desks: Vec<DeskView>,
}

/// One exchange.
#[derive(Debug, Clone)]
pub struct ExchangeView {
    /// Its name.
    pub name: &'static str,
    /// What it prices: `BTC/USD`.
    pub pair: &'static str,
    /// Its last good price.
    pub price: Option<PriceView>,
    /// Whether that is part of the price, and if not, why.
    pub verdict: Verdict,
    /// A thing to look at that does not drop it: a price that stands still.
    pub warning: Option<String>,
    /// When it was last asked, since this server started.
    pub asked_at: Option<Time>,
    /// What went wrong since the last good answer, and when.
    pub error: Option<(Time, String)>,
}

/// A price of an exchange.
#[derive(Debug, Clone)]
pub struct PriceView {
    /// Best price offered, US dollars.
    pub bid: Decimal,
    /// Best price asked, US dollars.
    pub ask: Decimal,
    /// The middle of both, which is what counts.
    pub mid: Decimal,
    /// When it was true.
    pub at: Time,
    /// True if the exchange itself says when; else `at` is when its answer came.
    pub stamped: bool,
    /// How old it is.
    pub age: Duration,
    /// What that age means.
    pub freshness: Freshness,
}

/// One source of dollar rates.
#[derive(Debug, Clone)]
pub struct DeskView {
    /// Its name.
    pub name: &'static str,
    /// True if its rate may stand on a quote; else it only confirms.
    pub may_carry: bool,
    /// A link that its terms want shown.
    pub attribution: Option<&'static str>,
    /// Its last good rate: major units of the store's currency for one US dollar.
    pub per_usd: Option<Decimal>,
    /// The date of publication by its own word; a source without dates has none.
    pub published: Option<String>,
    /// When that rate came.
    pub heard_at: Option<Time>,
    /// True while the rate may be used.
    pub usable: bool,
    /// When it was last asked, since this server started.
    pub asked_at: Option<Time>,
    /// What went wrong since the last good answer, and when.
    pub error: Option<(Time, String)>,
}

pub(super) fn view(memory: &Memory, settings: &StoreRateSettings, now: Time) -> RatesView {
    let judgement = judge(&memory.exchanges, settings.one_source_enough, now);
    let quote = quote(memory, settings, now);
    let pairs = memory.exchanges.iter().zip(&judgement.verdicts);
    RatesView {
        freshness: quote.as_ref().ok().map(|quote| Freshness::of(quote.at, now)),
        quote,
        bitcoin: judgement.leg(&memory.exchanges),
        dollar: dollar(memory, settings, now),
        exchanges: pairs.map(|(exchange, verdict)| of_exchange(exchange, verdict, now)).collect(),
        desks: memory.desks.iter().filter_map(|desk| of_desk(desk, settings, now)).collect(),
    }
}

fn of_exchange(exchange: &Exchange, verdict: &Verdict, now: Time) -> ExchangeView {
    let good = exchange.good(now);
    let price = good.map(|good| PriceView {
        bid: good.price.bid,
        ask: good.price.ask,
        mid: good.mid(),
        at: good.price.at,
        stamped: good.price.stamped,
        age: now.since(good.price.at),
        freshness: Freshness::of(good.price.at, now),
    });
    let still = good.map(|good| now.since(good.moved_at));
    let warning = still.filter(|still| *still > LIMIT);
    ExchangeView {
        name: exchange.name,
        pair: exchange.pair,
        price,
        verdict: verdict.clone(),
        warning: warning.map(|still| format!("its price has not moved for {}", age_words(still))),
        asked_at: exchange.asked_at,
        error: exchange.error.as_ref().map(|(at, error)| (*at, error.to_string())),
    }
}

fn of_desk(desk: &Desk, settings: &StoreRateSettings, now: Time) -> Option<DeskView> {
    let currency = settings.currency;
    if !settings.needs_dollar() || !desk.knows(currency) {
        return None;
    }
    let known = desk.known(currency);
    Some(DeskView {
        name: desk.name,
        may_carry: desk.may_carry,
        attribution: desk.attribution,
        per_usd: known.map(|known| known.rate.per_usd),
        published: known.and_then(|known| Some(known.rate.published.as_ref()?.date.clone())),
        heard_at: known.map(|known| known.heard_at),
        usable: known.is_some_and(|known| known.is_usable(now)),
        asked_at: desk.asked_at,
        error: desk.error.as_ref().map(|(at, error)| (*at, error.to_string())),
    })
}
