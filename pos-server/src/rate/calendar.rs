//! How long a daily dollar rate may be used: 36 hours, or 96 when a weekend or a bank holiday
//! begins within those. Pure.
//!
//! The holidays are those of fixed or computed date in Jamaica and Trinidad (whose central banks
//! we ask) and the few kept nearly everywhere. One that is missing here costs a check, never adds
//! one: an old rate is refused too early, not too late.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;

use crate::domain::currency::Currency;
use crate::domain::time::Time;

const WEEKDAY_HOURS: Duration = Duration::from_secs(36 * 3600);
const WEEKEND_HOURS: Duration = Duration::from_secs(96 * 3600);
/// The hour (UTC) from which a rate published under a date alone is counted: when the Bank of
/// Jamaica publishes, and early afternoon in the Caribbean.
const HOUR_OF_PUBLICATION: i8 = 18;

/// The last instant at which a rate published at `at` for `currency` may be used.
pub(super) fn usable_until(at: Time, currency: Currency) -> Time {
    let (Some(published), Some(end)) = (day(at), day(at.after(WEEKDAY_HOURS))) else {
        return at;
    };
    let mut days = std::iter::successors(published.tomorrow().ok(), |day| day.tomorrow().ok());
    let rest = days.by_ref().take_while(|day| *day <= end).any(|day| is_rest_day(day, currency));
    at.after(if rest { WEEKEND_HOURS } else { WEEKDAY_HOURS })
}

/// The date at an instant, UTC.
pub(super) fn day(at: Time) -> Option<Date> {
    Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(TimeZone::UTC).date())
}

/// Reads `2026-11-20`.
pub(super) fn parse_day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// The instant from which a rate known only by its date is counted.
pub(super) fn published(date: Date) -> Option<Time> {
    at_hour(date, HOUR_OF_PUBLICATION)
}

/// Midnight (UTC) at which a date begins.
pub(super) fn midnight(date: Date) -> Option<Time> {
    at_hour(date, 0)
}

fn at_hour(date: Date, hour: i8) -> Option<Time> {
    let zoned = date.at(hour, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(Time(zoned.timestamp().as_millisecond()))
}

fn is_rest_day(day: Date, currency: Currency) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    // A holiday that falls on a Sunday is kept on the Monday.
    let kept_on_monday = day.weekday() == Weekday::Monday
        && day.yesterday().is_ok_and(|sunday| is_holiday(sunday, currency));
    weekend || kept_on_monday || is_holiday(day, currency)
}

fn is_holiday(day: Date, currency: Currency) -> bool {
    let fixed = (day.month(), day.day());
    let after_easter = easter(day.year()).map(|easter| (day - easter).get_days());
    let everywhere = matches!(fixed, (1, 1) | (12, 25) | (12, 26));
    let moving = matches!(after_easter, Some(-2 | 1));
    let local = match currency.code() {
        "JMD" => {
            let heroes = day.month() == 10
                && day.weekday() == Weekday::Monday
                && (15..=21).contains(&day.day());
            matches!(fixed, (5, 23) | (8, 1) | (8, 6)) || after_easter == Some(-46) || heroes
        }
        "TTD" => {
            let fixed = matches!(fixed, (3, 30) | (5, 30) | (6, 19) | (8, 1) | (8, 31) | (9, 24));
            fixed || after_easter == Some(60)
        }
        _ => false,
    };
    everywhere || moving || local
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let m = (a + 11 * h) / 319;
    let r = (2 * (b % 4) + 2 * (c / 4) - c % 4 - h + m + 32) % 7;
    let month = (h - m + r + 90) / 25;
    let day = (h - m + r + month + 19) % 32;
    let first = date(year, i8::try_from(month).ok()?, 1);
    first.with().day(i8::try_from(day).ok()?).build().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn hours(at: &str, code: &str) -> i64 {
        let at = Time(at.parse::<Timestamp>().unwrap().as_millisecond());
        (usable_until(at, code.parse().unwrap()).0 - at.0) / 3_600_000
    }

    #[test]
    fn a_weekday_rate_lasts_a_day_and_a_half() {
        // A Tuesday and a Thursday morning in November 2026.
        assert_eq!(hours("2026-11-17T18:00:00Z", "JMD"), 36);
        assert_eq!(hours("2026-11-19T00:02:00Z", "JMD"), 36);
    }

    #[test]
    fn a_rate_that_runs_into_a_weekend_or_a_holiday_lasts_four_days() {
        assert_eq!(hours("2026-11-20T18:00:00Z", "JMD"), 96);
        assert_eq!(hours("2026-11-21T00:02:00Z", "DOP"), 96);
        assert_eq!(hours("2026-11-22T00:02:00Z", "DOP"), 36, "Sunday's runs into Monday");
        assert_eq!(hours("2026-12-24T18:00:00Z", "GYD"), 96, "Christmas");
        // Thursday 6 August 2026 is Independence Day in Jamaica alone.
        assert_eq!(hours("2026-08-05T00:02:00Z", "JMD"), 96);
        assert_eq!(hours("2026-08-05T00:02:00Z", "DOP"), 36);
        // 1 August 2027 is a Sunday: Emancipation Day is kept on Monday the 2nd.
        assert_eq!(hours("2027-08-01T00:02:00Z", "TTD"), 96);
        assert_eq!(hours("2027-08-01T00:02:00Z", "DOP"), 36);
    }

    #[test]
    fn easter_is_where_the_church_puts_it() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }
}
