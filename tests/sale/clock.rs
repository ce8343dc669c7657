//! A clock in the tests' hand, that also goes back, as clocks do when they are set right.

use std::sync::atomic::{AtomicI64, Ordering};

use pos_server::domain::time::{Clock, Time};

/// Wednesday 18 November 2026, noon UTC.
pub(crate) const NOON: Time = Time(1_795_003_200_000);

#[derive(Debug)]
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn at_noon() -> Self {
        Self(AtomicI64::new(NOON.0))
    }

    /// Moves the clock by seconds, back if below zero.
    pub(crate) fn seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}
