//! Instants as people in the shop's time zone read them.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};

use super::time::Time;

/// A shop's clock on the wall.
#[derive(Debug, Clone)]
pub struct Local(TimeZone);

impl Local {
    /// The clock of an IANA time zone; of UTC if there is none of that name.
    #[must_use]
    pub fn new(zone: &str) -> Self {
        Self(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    fn zoned(&self, at: i64) -> Zoned {
        Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.0.clone())
    }

    /// `12:44`.
    #[must_use]
    pub fn time(&self, at: i64) -> String {
        self.zoned(at).strftime("%H:%M").to_string()
    }

    /// `Sat 21 November, 12:44`.
    #[must_use]
    pub fn day_and_time(&self, at: i64) -> String {
        self.zoned(at).strftime("%a %-d %B, %H:%M").to_string()
    }

    /// `21 Nov 2026, 12:44:07`, for logs and trails.
    #[must_use]
    pub fn stamp(&self, at: i64) -> String {
        self.zoned(at).strftime("%-d %b %Y, %H:%M:%S").to_string()
    }

    /// `2026-11-21`.
    #[must_use]
    pub fn date(&self, at: i64) -> String {
        self.zoned(at).strftime("%Y-%m-%d").to_string()
    }

    /// `today, 12:44`, or the day as well if it is another.
    #[must_use]
    pub fn near(&self, at: i64, now: i64) -> String {
        if self.date(at) == self.date(now) {
            self.time(at)
        } else {
            self.zoned(at).strftime("%-d %b, %H:%M").to_string()
        }
    }

    /// `Saturday`.
    #[must_use]
    pub fn weekday(&self, at: i64) -> &'static str {
        match self.zoned(at).weekday() {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// Midnight before `at`, and the same of so many days earlier.
    #[must_use]
    pub fn day_start(&self, at: i64, days_back: i64) -> Time {
        let zoned = self.zoned(at);
        let back: Span = days_back.days();
        let day = zoned.date().checked_sub(back).unwrap_or(zoned.date());
        let start = day.to_zoned(self.0.clone()).map(|start| start.timestamp().as_millisecond());
        Time(start.unwrap_or(at))
    }

    /// The hour of the day, 0 to 23.
    #[must_use]
    pub fn hour(&self, at: i64) -> i64 {
        self.zoned(at).hour().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-21 12:44:07 in Kingston.
    const NOON: i64 = 1_795_283_047_000;

    #[test]
    fn times_are_said_as_on_the_shops_wall() {
        let jamaica = Local::new("America/Jamaica");
        assert_eq!(jamaica.day_and_time(NOON), "Sat 21 November, 12:44");
        assert_eq!(jamaica.stamp(NOON), "21 Nov 2026, 12:44:07");
        assert_eq!((jamaica.weekday(NOON), jamaica.hour(NOON)), ("Saturday", 12));
        assert_eq!(jamaica.near(NOON - 60_000, NOON), "12:43");
        assert_eq!(jamaica.near(NOON - 86_400_000, NOON), "20 Nov, 12:44");
        assert_eq!(Local::new("Mars/Base").time(NOON), "17:44");
    }

    #[test]
    fn days_begin_at_midnight_in_the_shop_whatever_the_clocks_do() {
        let jamaica = Local::new("America/Jamaica");
        assert_eq!(jamaica.stamp(jamaica.day_start(NOON, 0).0), "21 Nov 2026, 00:00:00");
        assert_eq!(jamaica.stamp(jamaica.day_start(NOON, 7).0), "14 Nov 2026, 00:00:00");
        // The day after New York's clocks went back is 25 hours after the one before.
        let york = Local::new("America/New_York");
        let monday = 1_793_638_800_000;
        let days = [0, 1].map(|back| york.day_start(monday, back).0);
        assert_eq!(york.stamp(days[0]), "2 Nov 2026, 00:00:00");
        assert_eq!(days[0] - days[1], 25 * 3_600_000);
    }
}
