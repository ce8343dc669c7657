//! The dollar leg out of what the sources say: one that is dated carries it, another confirms it.
//! Pure.

use rust_decimal::Decimal;

use super::DollarRate;
use crate::domain::currency::Currency;
use crate::domain::rate::Leg;
use crate::domain::time::Time;
use crate::rate::calendar::usable_until;
use crate::rate::median::percent_from;
use crate::rate::no_rate::NoRate;

/// The source that confirms may be this far off, percent.
const NEAR_PERCENT: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

/// A rate somebody gave.
#[derive(Debug, Clone, Copy)]
pub(in crate::rate) struct Known<'a> {
    pub(in crate::rate) source: &'a str,
    pub(in crate::rate) may_carry: bool,
    pub(in crate::rate) rate: &'a DollarRate,
    /// When it came; the age of a rate without a date, which can only confirm.
    pub(in crate::rate) heard_at: Time,
}

impl Known<'_> {
    /// From when its age counts.
    pub(in crate::rate) fn at(&self) -> Time {
        self.rate.published.as_ref().map_or(self.heard_at, |published| published.at)
    }

    /// True while it may be used.
    pub(in crate::rate) fn is_usable(&self, now: Time) -> bool {
        now <= usable_until(self.at(), self.rate.currency)
    }

    fn carries(&self) -> bool {
        self.may_carry && self.rate.published.is_some()
    }

    fn date(&self) -> Option<String> {
        self.rate.published.as_ref().map(|published| published.date.clone())
    }
}

/// The dollar leg for `currency`. `known` holds rates for that currency alone, the most trusted
/// first: the first dated one that is not too old is the value, the next one confirms it, and what
/// further ones say against it is kept in words.
pub(in crate::rate) fn dollar_leg(
    currency: Currency,
    known: &[Known],
    one_is_enough: bool,
    now: Time,
) -> Result<Leg, NoRate> {
    let usable: Vec<&Known> = known.iter().filter(|known| known.is_usable(now)).collect();
    let Some(carrier) = usable.iter().find(|known| known.carries()) else {
        let newest = known.iter().filter(|known| known.carries()).max_by_key(|known| known.at());
        return Err(match newest.and_then(Known::date) {
            Some(published) => NoRate::DollarTooOld { currency, published },
            None => NoRate::NoDollarRate { currency },
        });
    };
    let value = carrier.rate.per_usd;
    let mut sources = vec![carrier.source.to_owned()];
    let mut dropped = Vec::new();
    let others: Vec<&&Known> =
        usable.iter().filter(|other| other.source != carrier.source).collect();
    for (place, other) in others.iter().enumerate() {
        let near = (other.rate.per_usd - value).abs() * Decimal::ONE_HUNDRED
            <= other.rate.per_usd * NEAR_PERCENT;
        let percent = percent_from(value, other.rate.per_usd);
        match (place, near) {
            (0, true) => sources.push(format!("confirmed by {}", other.source)),
            (0, false) => {
                let (one, other) = (carrier.source.to_owned(), other.source.to_owned());
                return Err(NoRate::DollarDisagree { currency, one, other, percent });
            }
            (_, true) => {}
            (_, false) => dropped.push(format!("{}: {percent} % away", other.source)),
        }
    }
    if others.is_empty() {
        if !one_is_enough {
            let source_name = carrier.source.to_owned();
            return Err(NoRate::DollarAlone { currency, source_name });
        }
        sources.push("confirmed by nobody".into());
    }
    let late = known.iter().filter(|known| !known.is_usable(now));
    dropped.extend(late.map(|known| match known.date() {
        Some(date) => format!("{}: its rate is of {date}", known.source),
        None => format!("{}: no answer for too long", known.source),
    }));
    let (at, published) = (carrier.at(), carrier.date());
    Ok(Leg { pair: format!("USD/{currency}"), value, sources, dropped, at, published })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Published;
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;
    // Wednesday 18 November 2026, noon UTC.
    const NOW: Time = Time(1_795_003_200_000);

    fn jmd() -> Currency {
        "JMD".parse().unwrap()
    }

    fn rate(hundredths: i64, age_hours: Option<i64>) -> DollarRate {
        let published = age_hours
            .map(|hours| Published { at: Time(NOW.0 - hours * HOUR), date: format!("-{hours}h") });
        DollarRate { currency: jmd(), per_usd: Decimal::new(hundredths, 2), published }
    }

    fn leg(rates: &[(&'static str, bool, &DollarRate)], enough: bool) -> Result<Leg, NoRate> {
        let known: Vec<Known> = rates
            .iter()
            .map(|&(source, may_carry, rate)| Known { source, may_carry, rate, heard_at: NOW })
            .collect();
        dollar_leg(jmd(), &known, enough, NOW)
    }

    #[test]
    fn the_dated_rate_is_the_value_and_the_bank_confirms_it() {
        let (api, bank) = (rate(16_012, Some(12)), rate(15_900, Some(18)));
        let leg = leg(&[("api", true, &api), ("bank", true, &bank)], false).unwrap();
        assert_eq!(leg.value, api.per_usd);
        assert_eq!(leg.sources, ["api", "confirmed by bank"]);
        assert_eq!((leg.at, leg.published.as_deref()), (Time(NOW.0 - 12 * HOUR), Some("-12h")));
    }

    #[test]
    fn more_than_three_percent_apart_is_refused_with_both_names() {
        let (api, bank) = (rate(16_012, Some(12)), rate(15_500, Some(18)));
        let refused = leg(&[("api", true, &api), ("bank", true, &bank)], true).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "api and bank are 3.3 % apart on the US dollar for JMD, so we will not guess. \
             Cash still works."
        );
    }

    #[test]
    fn an_old_rate_gives_way_and_never_stands_alone() {
        let (old, bank, cross) =
            (rate(16_012, Some(37)), rate(15_900, Some(18)), rate(15_900, None));
        let rates = [("api", true, &old), ("bank", true, &bank), ("cross", false, &cross)];
        let leg_now = leg(&rates, false).unwrap();
        assert_eq!(leg_now.sources, ["bank", "confirmed by cross"]);
        assert_eq!(leg_now.dropped, ["api: its rate is of -37h"]);
        let too_old = leg(&[("api", true, &old), ("cross", false, &cross)], true).unwrap_err();
        assert_eq!(too_old, NoRate::DollarTooOld { currency: jmd(), published: "-37h".into() });
    }

    #[test]
    fn a_rate_without_a_date_never_carries() {
        let cross = rate(15_900, None);
        let none = NoRate::NoDollarRate { currency: jmd() };
        assert_eq!(leg(&[("cross", false, &cross)], true), Err(none.clone()));
        assert_eq!(leg(&[("cross", true, &cross)], true), Err(none));
    }

    #[test]
    fn one_rate_is_enough_only_if_the_owner_says_so() {
        let api = rate(16_012, Some(12));
        assert!(matches!(leg(&[("api", true, &api)], false), Err(NoRate::DollarAlone { .. })));
        let alone = leg(&[("api", true, &api)], true).unwrap();
        assert_eq!(alone.sources, ["api", "confirmed by nobody"]);
    }

    #[test]
    fn a_third_voice_is_heard_and_kept_but_does_not_stop_the_shop() {
        let (api, bank, hobby) =
            (rate(16_012, Some(12)), rate(15_900, Some(18)), rate(9_000, None));
        let rates = [("api", true, &api), ("bank", true, &bank), ("hobby", false, &hobby)];
        assert_eq!(leg(&rates, false).unwrap().dropped, ["hobby: 77.9 % away"]);
    }

    proptest! {
        #[test]
        fn no_leg_is_ever_more_than_three_percent_from_its_second_source(
            one in 1_000i64..1_000_000, other in 1_000i64..1_000_000
        ) {
            let (api, bank) = (rate(one, Some(1)), rate(other, Some(1)));
            let known = [("api", true, &api), ("bank", true, &bank)];
            let near = (one - other).abs() * 100 <= other * 3;
            prop_assert_eq!(leg(&known, false).is_ok(), near);
        }
    }
}
