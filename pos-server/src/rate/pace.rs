//! When to ask a source again. Pure but for the dice.

use std::time::Duration;

use super::error::{SourceError, Trouble};

/// How a kind of source is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// After a good answer: at least, at most.
    pub(super) usual: (Duration, Duration),
    /// After trouble with the line: first wait and the longest, doubling between.
    pub(super) line: (Duration, Duration),
    /// After a refusal: first wait and the longest, doubling between, unless it says how long.
    pub(super) refusal: (Duration, Duration),
}

impl Pace {
    /// For exchanges, from the settings' least and longest pause.
    pub(super) fn of_exchange(least: Duration, most: Duration) -> Self {
        Self {
            usual: (least, most),
            line: (most.min(Duration::from_secs(5)), most),
            refusal: (most, most * 5),
        }
    }

    /// For sources of daily rates, which come again after `every`.
    pub(super) fn of_desk(every: Duration) -> Self {
        Self {
            usual: (every, every + every / 10),
            line: (Duration::from_secs(30), Duration::from_secs(600)),
            refusal: (Duration::from_secs(20 * 60), Duration::from_secs(6 * 3600)),
        }
    }

    /// The pause after a good answer.
    pub(super) fn usual(&self) -> Duration {
        between(self.usual.0, self.usual.1)
    }

    /// The pause after the `failures`th failure in a row, which is at least 1.
    pub(super) fn after(&self, error: &SourceError, failures: u32) -> Duration {
        let (first, longest) = match error.trouble() {
            Trouble::Line => self.line,
            Trouble::Refusal => self.refusal,
            Trouble::Content => return self.usual(),
        };
        let doubled = first * 2u32.saturating_pow(failures.saturating_sub(1).min(16));
        let wait = doubled.min(longest);
        let wait = error.retry_after().map_or(wait, |asked| asked.max(self.usual.0));
        // A tenth more at random, so that many shops do not come back in the same second.
        between(wait, wait + wait / 10)
    }
}

pub(super) fn between(least: Duration, most: Duration) -> Duration {
    let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(rand::random_range(millis(least)..=millis(most).max(millis(least))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace() -> Pace {
        Pace::of_exchange(Duration::from_secs(30), Duration::from_secs(60))
    }

    fn seconds(error: &SourceError, failures: u32) -> u64 {
        pace().after(error, failures).as_secs()
    }

    #[test]
    fn a_bad_line_is_tried_soon_and_a_refusal_is_left_alone() {
        assert!((5..=5).contains(&seconds(&SourceError::Cut, 1)));
        assert!((20..=22).contains(&seconds(&SourceError::Unreachable, 3)));
        assert!((60..=66).contains(&seconds(&SourceError::Unreachable, 9)));
        let broken = SourceError::Status { code: 503, words: String::new(), retry_after: None };
        assert!((60..=66).contains(&seconds(&broken, 1)));
        assert!((240..=264).contains(&seconds(&broken, 3)));
        assert!((300..=330).contains(&seconds(&broken, 30)));
        assert!((30..=60).contains(&seconds(&SourceError::NotData, 9)));
    }

    proptest! {
        #[test]
        fn a_source_is_never_asked_before_it_wants(wanted in 0u64..3600, failures in 1u32..100) {
            let retry_after = Some(Duration::from_secs(wanted));
            let wait = pace().after(&SourceError::Limited { retry_after }, failures);
            prop_assert!(wait >= Duration::from_secs(wanted.max(30)));
        }

        #[test]
        fn the_usual_pause_keeps_to_the_settings(_ in 0..50) {
            let usual = pace().usual();
            prop_assert!(usual >= pace().usual.0 && usual <= pace().usual.1);
        }
    }
}
