//! How old a price may be, and how an age is said aloud.

use std::time::Duration;

use crate::domain::time::Time;

/// A price up to this old is fresh.
pub const FRESH: Duration = Duration::from_secs(2 * 60);
/// A price older than this is refused.
pub const LIMIT: Duration = Duration::from_secs(5 * 60);

/// What the age of a price means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// At most two minutes old.
    Fresh,
    /// Two to five minutes old: shown with a warning, still good for a sale.
    Ageing,
    /// Over five minutes old: not for a sale.
    TooOld,
}

impl Freshness {
    /// Judges a price that was true at `at`.
    #[must_use]
    pub fn of(at: Time, now: Time) -> Self {
        match now.since(at) {
            age if age <= FRESH => Self::Fresh,
            age if age <= LIMIT => Self::Ageing,
            _ => Self::TooOld,
        }
    }
}

/// An age for a person, in whole units rounded down: `8 seconds`, `11 minutes`, `3 days`.
#[must_use]
pub fn age_words(age: Duration) -> String {
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_minutes_is_fresh_five_is_the_end() {
        let judged = |seconds: i64| Freshness::of(Time(0), Time(seconds * 1000));
        assert_eq!(judged(0), Freshness::Fresh);
        assert_eq!(judged(120), Freshness::Fresh);
        assert_eq!(judged(121), Freshness::Ageing);
        assert_eq!(judged(300), Freshness::Ageing);
        assert_eq!(Freshness::of(Time(0), Time(300_001)), Freshness::TooOld);
    }

    #[test]
    fn ages_are_said_as_people_say_them() {
        let said = |seconds| age_words(Duration::from_secs(seconds));
        assert_eq!(said(1), "1 second");
        assert_eq!(said(59), "59 seconds");
        assert_eq!(said(60), "1 minute");
        assert_eq!(said(11 * 60 + 30), "11 minutes");
        assert_eq!(said(3 * 3600), "3 hours");
        assert_eq!(said(3 * 86_400), "3 days");
    }
}
