//! What the sources last said, and what went wrong since. Pure: told, never asking.

use rust_decimal::Decimal;

use super::check::{Checked, check, is_ahead};
use super::dollar::leg::Known;
use super::dollar::{DollarAnswer, DollarRate, DollarSource};
use super::error::SourceError;
use super::source::{RateSource, Ticker};
use crate::domain::currency::Currency;
use crate::domain::time::Time;

/// What an exchange last said.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) name: &'static str,
    pub(super) pair: &'static str,
    pub(super) good: Option<Good>,
    pub(super) asked_at: Option<Time>,
    /// The last thing that went wrong, until the next good answer.
    pub(super) error: Option<(Time, SourceError)>,
}

/// A price that passed its checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Good {
    pub(super) price: Checked,
    /// When bid or ask last changed.
    pub(super) moved_at: Time,
    pub(super) heard_at: Time,
    pub(super) saved: bool,
}

/// What a source of dollar rates last said.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) name: &'static str,
    pub(super) only: Option<&'static str>,
    pub(super) may_carry: bool,
    pub(super) attribution: Option<&'static str>,
    pub(super) rates: Vec<Kept>,
    pub(super) asked_at: Option<Time>,
    /// The last thing that went wrong, until the next good answer.
    pub(super) error: Option<(Time, SourceError)>,
}

/// A dollar rate that passed its checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) rate: DollarRate,
    pub(super) heard_at: Time,
    pub(super) saved: bool,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) desks: Vec<Desk>,
}

impl Exchange {
    pub(super) fn new(source: &dyn RateSource) -> Self {
        let (name, pair) = (source.name(), source.pair());
        Self { name, pair, good: None, asked_at: None, error: None }
    }

    /// Takes an answer that came at `now`. A bad one leaves the last good price with its age.
    pub(super) fn hear(
        &mut self,
        answer: Result<Ticker, SourceError>,
        now: Time,
    ) -> Result<(), SourceError> {
        self.asked_at = Some(now);
        let price = answer.and_then(|ticker| Ok(check(&ticker, now)?));
        let outcome = price.map(|price| self.take(price, now));
        self.error = outcome.as_ref().err().map(|error| (now, error.clone()));
        outcome
    }

    /// The last good price. One from the time to come was heard while our clock was ahead: nobody
    /// knows how old it is, so it is none.
    pub(super) fn good(&self, now: Time) -> Option<&Good> {
        self.good.as_ref().filter(|good| !is_ahead(good.price.at, now))
    }

    fn take(&mut self, price: Checked, now: Time) {
        let moved_at = match self.good(now) {
            // An edge cache may answer with an earlier price than we have.
            Some(good) if price.at < good.price.at => return,
            Some(good) if (good.price.bid, good.price.ask) == (price.bid, price.ask) => {
                good.moved_at
            }
            _ => now,
        };
        self.good = Some(Good { price, moved_at, heard_at: now, saved: false });
    }
}

impl Good {
    /// The middle of bid and ask.
    pub(super) fn mid(&self) -> Decimal {
        (self.price.bid + self.price.ask) / Decimal::TWO
    }
}

impl Desk {
    pub(super) fn new(source: &dyn DollarSource) -> Self {
        Self {
            name: source.name(),
            only: source.only(),
            may_carry: source.may_carry(),
            attribution: source.attribution(),
            rates: Vec::new(),
            asked_at: None,
            error: None,
        }
    }

    /// True if it can have a rate for the currency.
    pub(super) fn knows(&self, currency: Currency) -> bool {
        self.only.is_none_or(|code| code == currency.code())
    }

    /// Its last good rate for the currency.
    pub(super) fn known(&self, currency: Currency) -> Option<Known<'_>> {
        let kept = self.rates.iter().find(|kept| kept.rate.currency == currency)?;
        let (source, may_carry) = (self.name, self.may_carry);
        Some(Known { source, may_carry, rate: &kept.rate, heard_at: kept.heard_at })
    }

    /// Takes an answer to a question for `wanted` that came at `now`. A rate that is missing or no
    /// good is an error, and leaves both the other rates and the last good one.
    pub(super) fn hear(
        &mut self,
        answer: Result<DollarAnswer, SourceError>,
        wanted: &[Currency],
        now: Time,
    ) -> Result<Option<Time>, SourceError> {
        self.asked_at = Some(now);
        let outcome = answer.and_then(|answer| {
            let judged = wanted.iter().map(|currency| self.take(&answer, *currency, now));
            // All are taken before the first error is told.
            let judged: Vec<_> = judged.collect();
            judged.into_iter().collect::<Result<Vec<()>, _>>()?;
            Ok(answer.next_at)
        });
        self.error = outcome.as_ref().err().map(|error| (now, error.clone()));
        outcome
    }

    fn take(
        &mut self,
        answer: &DollarAnswer,
        currency: Currency,
        now: Time,
    ) -> Result<(), SourceError> {
        let rate = answer.rates.iter().find(|rate| rate.currency == currency);
        let rate = rate.ok_or_else(|| SourceError::Missing(format!("{currency} rate")))?;
        rate.check(now)?;
        let new = Kept { rate: rate.clone(), heard_at: now, saved: false };
        match self.rates.iter_mut().find(|kept| kept.rate.currency == currency) {
            Some(kept) if published(rate) < published(&kept.rate) => {}
            Some(kept) => *kept = new,
            None => self.rates.push(new),
        }
        Ok(())
    }
}

fn published(rate: &DollarRate) -> Option<Time> {
    rate.published.as_ref().map(|published| published.at)
}

impl Memory {
    /// What is known of one currency, the most trusted source first.
    pub(super) fn known(&self, currency: Currency) -> Vec<Known<'_>> {
        self.desks.iter().filter_map(|desk| desk.known(currency)).collect()
    }
}
