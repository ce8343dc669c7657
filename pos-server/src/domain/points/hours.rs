//! Happy hours: days of the week and hours by the clock on the shop's wall, whatever summer time does
//! to it.

use serde::{Deserialize, Serialize};

use super::rules::Reward;
use super::{TIMES_MAX_BP, WHOLE_BP};

/// Minutes of a day.
const DAY: i64 = 1_440;

/// A time of the week by the clock on the shop's wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// 0 for Monday, 6 for Sunday.
    pub weekday: u8,
    /// Minutes since midnight, by the clock's hands.
    pub minute: i64,
}

/// Hours in which a purchase earns more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HappyHour {
    /// On which days they begin: bit 0 for Monday to bit 6 for Sunday.
    pub days: u8,
    /// Minutes since midnight at which they begin.
    pub from: i64,
    /// Minutes since midnight at which they are over; not after `from`, and they are over the next day.
    pub to: i64,
    /// What they do.
    pub reward: Reward,
}

impl HappyHour {
    /// Whether it is one.
    #[must_use]
    pub fn sound(&self) -> bool {
        let reward = match self.reward {
            Reward::TimesBp(bp) => (WHOLE_BP..=TIMES_MAX_BP).contains(&bp),
            Reward::RateBp(bp) => (0..=WHOLE_BP).contains(&bp),
        };
        let time = |minute| (0..=DAY).contains(&minute);
        reward && (1..128).contains(&self.days) && time(self.from) && time(self.to)
    }

    /// Whether a moment lies within them.
    #[must_use]
    pub fn holds(&self, at: Moment) -> bool {
        let on = |weekday: u8| self.days & (1 << (weekday % 7)) != 0;
        if self.from < self.to {
            return on(at.weekday) && (self.from..self.to).contains(&at.minute);
        }
        let yesterday = (at.weekday + 6) % 7;
        (on(at.weekday) && at.minute >= self.from) || (on(yesterday) && at.minute < self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local::Local;

    const HOUR: i64 = 3_600_000;

    fn hours(days: u8, from: i64, to: i64) -> HappyHour {
        HappyHour { days, from, to, reward: Reward::TimesBp(20_000) }
    }

    #[test]
    fn hours_begin_and_end_to_the_minute_on_their_days() {
        let friday = hours(1 << 4, 16 * 60, 18 * 60);
        let at = |weekday, minute| friday.holds(Moment { weekday, minute });
        assert!(!at(4, 16 * 60 - 1) && at(4, 16 * 60) && at(4, 18 * 60 - 1) && !at(4, 18 * 60));
        assert!(!at(3, 17 * 60) && !at(5, 17 * 60));
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_on_which_they_begin() {
        let sunday_night = hours(1 << 6, 22 * 60, 2 * 60);
        let at = |weekday, minute| sunday_night.holds(Moment { weekday, minute });
        assert!(at(6, 23 * 60) && at(0, 60), "Monday at one is Sunday's night");
        assert!(!at(0, 2 * 60) && !at(0, 23 * 60) && !at(6, 60));
        let always = hours(127, 0, 0);
        assert!((0..7).all(|weekday| always.holds(Moment { weekday, minute: 720 })));
    }

    #[test]
    fn the_hour_that_comes_twice_counts_twice_and_the_one_that_is_missing_never() {
        let york = Local::new("America/New_York");
        let night = hours(127, 60, 120);
        let held = |from: i64| {
            (0..5 * 60).filter(|minute| night.holds(york.moment(from + minute * 60_000))).count()
        };
        // 1 November 2026, 04:00 UTC is midnight in New York; at two the clocks go back to one.
        assert_eq!(held(1_793_505_600_000), 120);
        // 8 March 2026, 05:00 UTC is midnight; at two the clocks go on to three.
        let spring = 1_772_946_000_000;
        assert_eq!(held(spring), 60);
        let missing = hours(127, 120, 180);
        let minutes = (0..24 * 60).filter(|m| missing.holds(york.moment(spring + m * 60_000)));
        assert_eq!(minutes.count(), 0, "from two to three there was nothing that day");
        assert_eq!(york.moment(spring + 2 * HOUR).minute, 180);
    }

    #[test]
    fn an_hour_without_a_day_or_beyond_the_clock_is_none() {
        assert!(hours(1, 0, DAY).sound());
        for wrong in [hours(0, 0, 60), hours(128, 0, 60), hours(1, -1, 60), hours(1, 0, DAY + 1)] {
            assert!(!wrong.sound(), "{wrong:?}");
        }
        let mut less = hours(1, 0, 60);
        less.reward = Reward::TimesBp(9_999);
        assert!(!less.sound());
    }
}
