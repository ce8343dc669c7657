//! Instants as a shop's clock and calendar say them. A time zone nobody knows is said in UTC, and
//! says so.

use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// `12:43`.
#[must_use]
pub fn time(ms: i64, zone: &str) -> String {
    say(ms, zone, "%H:%M")
}

/// `12:43:05`.
#[must_use]
pub fn seconds(ms: i64, zone: &str) -> String {
    say(ms, zone, "%H:%M:%S")
}

/// `21 Nov 2026`.
#[must_use]
pub fn date(ms: i64, zone: &str) -> String {
    say(ms, zone, "%-d %b %Y")
}

/// `Saturday 21 November 2026, 12:43`.
#[must_use]
pub fn full(ms: i64, zone: &str) -> String {
    say(ms, zone, "%A %-d %B %Y, %H:%M")
}

/// `Today 12:43`, `Yesterday 12:43`, else `21 Nov 2026, 12:43`.
#[must_use]
pub fn day_and_time(ms: i64, now_ms: i64, zone: &str) -> String {
    let (then, now) = (zoned(ms, zone).0.date(), zoned(now_ms, zone).0.date());
    if then == now {
        say(ms, zone, "Today %H:%M")
    } else if now.yesterday().is_ok_and(|day| day == then) {
        say(ms, zone, "Yesterday %H:%M")
    } else {
        say(ms, zone, "%-d %b %Y, %H:%M")
    }
}

/// `12:43:05` if that is on the same day as `beside_ms`, else `20 Nov 2026, 12:43:05`.
#[must_use]
pub fn beside(ms: i64, beside_ms: i64, zone: &str) -> String {
    if zoned(ms, zone).0.date() == zoned(beside_ms, zone).0.date() {
        seconds(ms, zone)
    } else {
        say(ms, zone, "%-d %b %Y, %H:%M:%S")
    }
}

/// A date as others publish it, `2026-11-20`, as ours are written: `20 Nov 2026`.
#[must_use]
pub fn day(published: &str) -> String {
    let date = published.parse::<jiff::civil::Date>();
    date.map_or_else(|_| published.to_owned(), |date| date.strftime("%-d %b %Y").to_string())
}

fn say(ms: i64, zone: &str, how: &str) -> String {
    let (local, known) = zoned(ms, zone);
    let words = local.strftime(how).to_string();
    let has_clock = how.contains("%H");
    if known || !has_clock { words } else { format!("{words} UTC") }
}

fn zoned(ms: i64, zone: &str) -> (Zoned, bool) {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    match TimeZone::get(zone) {
        Ok(zone) => (at.to_zoned(zone), true),
        Err(_) => (at.to_zoned(TimeZone::UTC), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 17:43:05 UTC.
    const AT: i64 = 1_795_282_985_000;
    const HOUR: i64 = 3_600_000;
    const KINGSTON: &str = "America/Jamaica";

    #[test]
    fn the_shops_own_clock_is_said() {
        assert_eq!(time(AT, KINGSTON), "12:43");
        assert_eq!(seconds(AT, KINGSTON), "12:43:05");
        assert_eq!(date(AT, KINGSTON), "21 Nov 2026");
        assert_eq!(full(AT, KINGSTON), "Saturday 21 November 2026, 12:43");
        assert_eq!(full(AT, "Africa/Lagos"), "Saturday 21 November 2026, 18:43");
    }

    #[test]
    fn days_change_at_the_shops_midnight() {
        assert_eq!(day_and_time(AT, AT + 11 * HOUR, KINGSTON), "Today 12:43");
        assert_eq!(day_and_time(AT, AT + 12 * HOUR, KINGSTON), "Yesterday 12:43");
        assert_eq!(day_and_time(AT, AT + 48 * HOUR, KINGSTON), "21 Nov 2026, 12:43");
        assert_eq!(beside(AT, AT + HOUR, KINGSTON), "12:43:05");
        assert_eq!(beside(AT, AT + 12 * HOUR, KINGSTON), "21 Nov 2026, 12:43:05");
    }

    #[test]
    fn an_unknown_zone_is_said_in_utc() {
        assert_eq!(time(AT, "Atlantis/Capital"), "17:43 UTC");
        assert_eq!(date(AT, "Atlantis/Capital"), "21 Nov 2026");
    }

    #[test]
    fn a_published_date_is_written_as_ours() {
        assert_eq!(day("2026-11-20"), "20 Nov 2026");
        assert_eq!(day("last week"), "last week");
    }
}
