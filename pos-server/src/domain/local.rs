//! Instants as people in the shop's time zone read them. A time zone nobody knows is said in UTC,
//! and says so.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Zoned};

use super::points::Moment;
use super::time::Time;

/// A shop's clock on the wall.
#[derive(Debug, Clone)]
pub struct Local {
    zone: TimeZone,
    known: bool,
}

impl Local {
    /// The clock of an IANA time zone; of UTC if there is none of that name.
    #[must_use]
    pub fn new(zone: &str) -> Self {
        match TimeZone::get(zone) {
            Ok(zone) => Self { zone, known: true },
            Err(_) => Self { zone: TimeZone::UTC, known: false },
        }
    }

    fn zoned(&self, at: i64) -> Zoned {
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.zone.clone())
    }

    fn say(&self, at: i64, how: &str) -> String {
        let words = self.zoned(at).strftime(how).to_string();
        let is_utc = !self.known && how.contains("%H");
        if is_utc { format!("{words} UTC") } else { words }
    }

    /// `12:44`.
    #[must_use]
    pub fn time(&self, at: i64) -> String {
        self.say(at, "%H:%M")
    }

    /// `12:44:07`.
    #[must_use]
    pub fn seconds(&self, at: i64) -> String {
        self.say(at, "%H:%M:%S")
    }

    /// `Sat 21 November, 12:44`.
    #[must_use]
    pub fn day_and_time(&self, at: i64) -> String {
        self.say(at, "%a %-d %B, %H:%M")
    }

    /// `Saturday 21 November 2026, 12:44`, for receipts.
    #[must_use]
    pub fn full(&self, at: i64) -> String {
        self.say(at, "%A %-d %B %Y, %H:%M")
    }

    /// `21 Nov 2026, 12:44:07`, for logs and trails.
    #[must_use]
    pub fn stamp(&self, at: i64) -> String {
        self.say(at, "%-d %b %Y, %H:%M:%S")
    }

    /// `21 Nov 2026`.
    #[must_use]
    pub fn day(&self, at: i64) -> String {
        self.say(at, "%-d %b %Y")
    }

    /// `Today 12:44`, `Yesterday 12:44`, else `21 Nov 2026, 12:44`.
    #[must_use]
    pub fn today(&self, at: i64, now: i64) -> String {
        let (then, now) = (self.zoned(at).date(), self.zoned(now).date());
        if then == now {
            self.say(at, "Today %H:%M")
        } else if now.yesterday().is_ok_and(|day| day == then) {
            self.say(at, "Yesterday %H:%M")
        } else {
            self.say(at, "%-d %b %Y, %H:%M")
        }
    }

    /// `12:44:07` if that is on the same day as `other`, else `20 Nov 2026, 12:44:07`.
    #[must_use]
    pub fn beside(&self, at: i64, other: i64) -> String {
        if self.date(at) == self.date(other) { self.seconds(at) } else { self.stamp(at) }
    }

    /// `2026-11-21`.
    #[must_use]
    pub fn date(&self, at: i64) -> String {
        self.zoned(at).strftime("%Y-%m-%d").to_string()
    }

    /// `today, 12:44`, or the day as well if it is another.
    #[must_use]
    pub fn near(&self, at: i64, now: i64) -> String {
        if self.date(at) == self.date(now) { self.time(at) } else { self.say(at, "%-d %b, %H:%M") }
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
        let start = day.to_zoned(self.zone.clone()).map(|start| start.timestamp().as_millisecond());
        Time(start.unwrap_or(at))
    }

    /// The time of the week by the clock's hands.
    #[must_use]
    pub fn moment(&self, at: i64) -> Moment {
        let zoned = self.zoned(at);
        let weekday = zoned.weekday().to_monday_zero_offset();
        Moment {
            weekday: u8::try_from(weekday).unwrap_or(0),
            minute: i64::from(zoned.hour()) * 60 + i64::from(zoned.minute()),
        }
    }

    /// `11-21`: month and day, as a birthday is kept.
    #[must_use]
    pub fn month_day(&self, at: i64) -> String {
        self.zoned(at).strftime("%m-%d").to_string()
    }

    /// The instant at which the clock shows `2026-11-21T18:30`; where it never does, the instant that
    /// far after the last it did.
    #[must_use]
    pub fn instant(&self, wall: &str) -> Option<Time> {
        let wall: jiff::civil::DateTime = wall.parse().ok()?;
        let zoned = wall.to_zoned(self.zone.clone()).ok()?;
        Some(Time(zoned.timestamp().as_millisecond()))
    }

    /// `2026-11-21T18:30`, as a form's field keeps it.
    #[must_use]
    pub fn wall(&self, at: i64) -> String {
        self.zoned(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// When a day (`2026-11-21`) is over; nothing if it is none.
    #[must_use]
    pub fn day_end(&self, date: &str) -> Option<Time> {
        let next = date.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
        let end = next.to_zoned(self.zone.clone()).ok()?;
        Some(Time(end.timestamp().as_millisecond()))
    }

    /// The hour of the day, 0 to 23.
    #[must_use]
    pub fn hour(&self, at: i64) -> i64 {
        self.zoned(at).hour().into()
    }
}

/// A date as others publish it, `2026-11-20`, as ours are written: `20 Nov 2026`.
#[must_use]
pub fn published_day(published: &str) -> String {
    let date = published.parse::<jiff::civil::Date>();
    date.map_or_else(|_| published.to_owned(), |date| date.strftime("%-d %b %Y").to_string())
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
        assert_eq!(jamaica.full(NOON), "Saturday 21 November 2026, 12:44");
        let lagos = Local::new("Africa/Lagos");
        assert_eq!(lagos.full(NOON), "Saturday 21 November 2026, 18:44");
    }

    #[test]
    fn an_unknown_zone_is_said_in_utc() {
        let nowhere = Local::new("Atlantis/Capital");
        assert_eq!(nowhere.time(NOON), "17:44 UTC");
        assert_eq!(nowhere.day(NOON), "21 Nov 2026");
    }

    #[test]
    fn days_change_at_the_shops_midnight() {
        const HOUR: i64 = 3_600_000;
        let jamaica = Local::new("America/Jamaica");
        assert_eq!(jamaica.today(NOON, NOON + 11 * HOUR), "Today 12:44");
        assert_eq!(jamaica.today(NOON, NOON + 12 * HOUR), "Yesterday 12:44");
        assert_eq!(jamaica.today(NOON, NOON + 48 * HOUR), "21 Nov 2026, 12:44");
        assert_eq!(jamaica.beside(NOON, NOON + HOUR), "12:44:07");
        assert_eq!(jamaica.beside(NOON, NOON + 12 * HOUR), "21 Nov 2026, 12:44:07");
    }

    #[test]
    fn a_published_date_is_written_as_ours() {
        assert_eq!(published_day("2026-11-20"), "20 Nov 2026");
        assert_eq!(published_day("last week"), "last week");
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
