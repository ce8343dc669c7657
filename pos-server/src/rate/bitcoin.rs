//! The bitcoin leg out of what the exchanges last said, with a verdict on each. Pure.

use std::time::Duration;

use rust_decimal::Decimal;

use super::age::{FRESH, LIMIT, age_words};
use super::check::Fault;
use super::error::SourceError;
use super::median::{NoMiddle, middle, percent_from};
use super::memory::{Exchange, Good};
use super::no_rate::NoRate;
use crate::domain::rate::Leg;
use crate::domain::time::Time;

/// What became of one exchange's price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is part of the price.
    Used,
    /// It is not, and why.
    Dropped(String),
}

/// The price, and a verdict on each exchange in order.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) outcome: Result<Price, NoRate>,
    pub(super) verdicts: Vec<Verdict>,
}

/// Dollars for one bitcoin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Price {
    pub(super) value: Decimal,
    /// The oldest time among the prices used.
    pub(super) at: Time,
}

/// Judges all exchanges at `now`: by their fresh prices if two of those agree, else by all that are
/// not past the limit.
pub(super) fn judge(exchanges: &[Exchange], one_is_enough: bool, now: Time) -> Judgement {
    let young = |limit| {
        let good = exchanges.iter().map(|exchange| exchange.good(now));
        let kept = good.map(|good| good.filter(|good| now.since(good.price.at) <= limit));
        kept.collect::<Vec<Option<&Good>>>()
    };
    let fresh = combine(&young(FRESH), false).map(|combined| (combined, FRESH));
    let combined = fresh.or_else(|_| Ok((combine(&young(LIMIT), one_is_enough)?, LIMIT)));
    let (outcome, reasons) = match combined {
        Ok(((price, median, used), limit)) => {
            (Ok(price), Reasons { used, median: Some(median), limit })
        }
        Err(why) => {
            let no_rate = no_rate(why, exchanges, now);
            (Err(no_rate), Reasons { used: Vec::new(), median: None, limit: LIMIT })
        }
    };
    let verdict = |(place, exchange)| reasons.verdict(place, exchange, now);
    let verdicts = exchanges.iter().enumerate().map(verdict).collect();
    Judgement { outcome, verdicts }
}

impl Judgement {
    /// The leg as it stands on a quote.
    pub(super) fn leg(&self, exchanges: &[Exchange]) -> Result<Leg, NoRate> {
        let price = self.outcome.clone()?;
        let (mut sources, mut dropped) = (Vec::new(), Vec::new());
        for (exchange, verdict) in exchanges.iter().zip(&self.verdicts) {
            match verdict {
                Verdict::Used => sources.push(exchange.name.to_owned()),
                Verdict::Dropped(why) => dropped.push(format!("{}: {why}", exchange.name)),
            }
        }
        let pair = "BTC/USD".to_owned();
        Ok(Leg { pair, value: price.value, sources, dropped, at: price.at, published: None })
    }
}

type Combined = (Price, Decimal, Vec<usize>);

fn combine(prices: &[Option<&Good>], one_is_enough: bool) -> Result<Combined, NoMiddle> {
    let present: Vec<(usize, &Good)> =
        prices.iter().enumerate().filter_map(|(place, good)| Some((place, (*good)?))).collect();
    let mids: Vec<Decimal> = present.iter().map(|(_, good)| good.mid()).collect();
    let middle = middle(&mids, one_is_enough)?;
    let used: Vec<&(usize, &Good)> =
        middle.used.iter().filter_map(|&index| present.get(index)).collect();
    let at = used.iter().map(|(_, good)| good.price.at).min().ok_or(NoMiddle::Nothing)?;
    let price = Price { value: middle.value, at };
    Ok((price, middle.median, used.iter().map(|(place, _)| *place).collect()))
}

fn no_rate(why: NoMiddle, exchanges: &[Exchange], now: Time) -> NoRate {
    let ages = exchanges.iter().filter_map(|exchange| {
        exchange.good(now).map(|good| (now.since(good.price.at), exchange.name))
    });
    match (why, ages.min()) {
        (NoMiddle::Disagree, _) => NoRate::Disagree,
        (NoMiddle::Alone, Some((_, name))) => NoRate::Alone { source_name: name.into() },
        (_, Some((age, _))) => NoRate::TooOld { age },
        (_, None) => NoRate::Nothing,
    }
}

struct Reasons {
    used: Vec<usize>,
    median: Option<Decimal>,
    limit: Duration,
}

impl Reasons {
    fn verdict(&self, place: usize, exchange: &Exchange, now: Time) -> Verdict {
        if self.used.contains(&place) {
            return Verdict::Used;
        }
        let error = exchange.error.as_ref().map(|(_, error)| error);
        let Some(good) = exchange.good(now) else {
            let never = || "not heard yet".into();
            return Verdict::Dropped(error.map_or_else(never, ToString::to_string));
        };
        let age = now.since(good.price.at);
        // That it is old need not be said twice.
        let error = error.filter(|error| !matches!(error, SourceError::Fault(Fault::Old(_))));
        Verdict::Dropped(match (error, self.median) {
            (Some(error), _) if age > self.limit => {
                format!("its last price is {} old ({error})", age_words(age))
            }
            _ if age > self.limit => format!("its last price is {} old", age_words(age)),
            (_, Some(median)) => {
                format!("{} % from the others", percent_from(good.mid(), median))
            }
            (_, None) => "no second source agrees".into(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::check::Checked;
    use super::*;

    const NOW: Time = Time(1_795_003_200_000);

    fn exchange(name: &'static str, dollars: i64, age_seconds: u64) -> Exchange {
        let at = NOW.before(Duration::from_secs(age_seconds));
        let (bid, ask) = (Decimal::from(dollars - 5), Decimal::from(dollars + 5));
        let price = Checked { bid, ask, at, stamped: true };
        let good = Some(Good { price, moved_at: at, heard_at: at, saved: true });
        Exchange { name, pair: "BTC/USD", good, asked_at: None, error: None }
    }

    fn judged(exchanges: &[Exchange]) -> (Result<Leg, NoRate>, Vec<Verdict>) {
        let judgement = judge(exchanges, false, NOW);
        (judgement.leg(exchanges), judgement.verdicts)
    }

    #[test]
    fn two_fresh_prices_that_agree_need_no_older_one() {
        let all =
            [exchange("a", 77_000, 10), exchange("b", 77_100, 20), exchange("c", 77_400, 180)];
        let leg = judged(&all).0.unwrap();
        assert_eq!(leg.value, Decimal::from(77_050));
        assert_eq!(leg.at, NOW.before(Duration::from_secs(20)), "the older of the two used");
        assert_eq!(leg.dropped, ["c: its last price is 3 minutes old"]);
    }

    #[test]
    fn an_older_price_settles_who_of_two_fresh_ones_lies() {
        let all =
            [exchange("a", 77_000, 10), exchange("b", 30_800, 20), exchange("c", 77_400, 180)];
        let leg = judged(&all).0.unwrap();
        assert_eq!(leg.sources, ["a", "c"]);
        assert_eq!(leg.dropped, ["b: 60 % from the others"]);
        assert_eq!(leg.at, NOW.before(Duration::from_secs(180)), "no younger than its oldest");
    }

    #[test]
    fn prices_past_five_minutes_are_no_prices() {
        let all = [exchange("a", 77_000, 301), exchange("b", 77_000, 660)];
        let (leg, verdicts) = judged(&all);
        assert_eq!(leg, Err(NoRate::TooOld { age: Duration::from_secs(301) }));
        assert_eq!(verdicts[1], Verdict::Dropped("its last price is 11 minutes old".into()));
        let one_left = [exchange("a", 77_000, 299), exchange("b", 77_000, 301)];
        assert_eq!(judged(&one_left).0, Err(NoRate::Alone { source_name: "a".into() }));
    }

    #[test]
    fn a_price_from_a_clock_that_was_ahead_is_none_and_the_next_answer_takes_its_place() {
        use super::super::source::Ticker;
        let mut all = [exchange("a", 77_000, 0), exchange("b", 77_000, 0)];
        let early = NOW.before(Duration::from_secs(3_600));
        assert_eq!(judge(&all, true, early).outcome, Err(NoRate::Nothing));
        // A source may be a minute ahead.
        assert!(judge(&all, false, NOW.before(Duration::from_secs(60))).outcome.is_ok());
        for exchange in &mut all {
            let (bid, ask) = (Decimal::from(60_000), Decimal::from(60_010));
            exchange.hear(Ok(Ticker { bid, ask, at: Some(early) }), early).unwrap();
        }
        assert_eq!(judge(&all, false, early).outcome.unwrap().value, Decimal::from(60_005));
    }

    #[test]
    fn a_silent_source_is_named_with_what_it_did() {
        let mut silent = exchange("c", 77_000, 0);
        silent.good = None;
        silent.error = Some((NOW, SourceError::Unreachable));
        let all = [exchange("a", 77_000, 1), exchange("b", 77_000, 1), silent];
        assert_eq!(judged(&all).0.unwrap().dropped, ["c: could not be reached"]);
        assert_eq!(judged(&[]).0, Err(NoRate::Nothing));
    }
}
