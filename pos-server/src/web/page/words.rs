//! Spans of time as a cashier says them. `assets/js/words.js` says the same as they go by.

/// An age: `12 seconds old` is written `12 seconds`.
#[must_use]
pub fn span(ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// What is left of a while: `7:18`.
#[must_use]
pub fn countdown(ms: i64) -> String {
    let seconds = (ms.max(0) + 999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_largest_whole_unit() {
        let said = [0, 1_000, 59_999, 60_000, 660_000, 7_200_000, 172_800_000].map(span);
        let want =
            ["0 seconds", "1 second", "59 seconds", "1 minute", "11 minutes", "2 hours", "2 days"];
        assert_eq!(said, want);
    }

    #[test]
    fn a_countdown_shows_nothing_left_only_when_nothing_is_left() {
        assert_eq!([438_000, 1, 0, -5].map(countdown), ["7:18", "0:01", "0:00", "0:00"]);
    }
}
