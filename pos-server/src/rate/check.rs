//! What a source's figure must pass before it counts. Pure.

use std::time::Duration;

use rust_decimal::Decimal;

use super::age::{LIMIT, age_words};
use super::source::Ticker;
use crate::domain::time::Time;

/// A source's clock may run ahead of ours by this.
const AHEAD: Duration = Duration::from_secs(60);
/// Dollars for a bitcoin outside these are a mistake of units or an inverted pair.
const BAND: (i64, i64) = (1_000, 100_000_000);

/// Why a figure does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Zero or less.
    #[error("its {0} is not above zero")]
    NotPositive(&'static str),
    /// The book is crossed.
    #[error("its bid is above its ask")]
    Crossed,
    /// Bid and ask are more than 1 % apart.
    #[error("its bid and ask are more than 1 % apart")]
    Wide,
    /// Beyond reason.
    #[error("its price is beyond reason")]
    Absurd,
    /// The source's own time lies ahead.
    #[error("its clock is {} ahead", age_words(*.0))]
    Ahead(Duration),
    /// The source's own time is too long ago.
    #[error("its price is {} old", age_words(*.0))]
    Old(Duration),
}

/// A price that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checked {
    /// Best price offered for a bitcoin.
    pub(super) bid: Decimal,
    /// Best price asked for a bitcoin.
    pub(super) ask: Decimal,
    /// When it was true, never later than when it was heard.
    pub(super) at: Time,
    /// False when the source gave no time and `at` is when its answer came.
    pub(super) stamped: bool,
}

/// True for a time that no honest clock reads at `now`: the source's runs ahead, or ours did once.
pub(super) fn is_ahead(at: Time, now: Time) -> bool {
    at > now.after(AHEAD)
}

/// Checks an answer that came at `now`.
pub(super) fn check(ticker: &Ticker, now: Time) -> Result<Checked, Fault> {
    let Ticker { bid, ask, at } = *ticker;
    if bid <= Decimal::ZERO {
        return Err(Fault::NotPositive("bid"));
    }
    if ask <= Decimal::ZERO {
        return Err(Fault::NotPositive("ask"));
    }
    if bid < Decimal::from(BAND.0) || ask > Decimal::from(BAND.1) {
        return Err(Fault::Absurd);
    }
    if bid > ask {
        return Err(Fault::Crossed);
    }
    if (ask - bid) * Decimal::ONE_HUNDRED > bid {
        return Err(Fault::Wide);
    }
    if let Some(at) = at {
        if is_ahead(at, now) {
            return Err(Fault::Ahead(at.since(now)));
        }
        if now.since(at) > LIMIT {
            return Err(Fault::Old(now.since(at)));
        }
    }
    Ok(Checked { bid, ask, at: at.unwrap_or(now).min(now), stamped: at.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000_000);

    fn judged(bid: i64, ask: i64, at: Option<Time>) -> Result<Checked, Fault> {
        check(&Ticker { bid: bid.into(), ask: ask.into(), at }, NOW)
    }

    #[test]
    fn a_sound_book_passes_and_keeps_its_time() {
        let at = NOW.before(Duration::from_secs(8));
        let checked = judged(76_970, 76_981, Some(at));
        assert_eq!(checked.map(|checked| (checked.at, checked.stamped)), Ok((at, true)));
        let unstamped = judged(76_970, 76_970, None);
        assert_eq!(unstamped.map(|checked| (checked.at, checked.stamped)), Ok((NOW, false)));
    }

    #[test]
    fn senseless_books_do_not_count() {
        assert_eq!(judged(0, 76_981, None), Err(Fault::NotPositive("bid")));
        assert_eq!(judged(76_970, -1, None), Err(Fault::NotPositive("ask")));
        assert_eq!(judged(76_981, 76_970, None), Err(Fault::Crossed));
        assert_eq!(judged(76_000, 77_000, None), Err(Fault::Wide));
        assert_eq!(judged(999, 1_000, None), Err(Fault::Absurd));
        assert_eq!(judged(100_000_000, 100_000_001, None), Err(Fault::Absurd));
    }

    #[test]
    fn a_source_may_be_a_minute_ahead_and_five_minutes_behind() {
        let after = |seconds| Some(NOW.after(Duration::from_secs(seconds)));
        let before = |seconds| Some(NOW.before(Duration::from_secs(seconds)));
        // A time ahead never makes a price younger than its arrival.
        assert_eq!(judged(76_970, 76_981, after(60)).map(|checked| checked.at), Ok(NOW));
        assert!(matches!(judged(76_970, 76_981, after(61)), Err(Fault::Ahead(_))));
        assert!(judged(76_970, 76_981, before(300)).is_ok());
        let old = judged(76_970, 76_981, before(600)).map_err(|fault| fault.to_string());
        assert_eq!(old.map(|_| ()), Err("its price is 10 minutes old".into()));
    }
}
