//! A clock that tests set.

use std::time::{SystemTime, UNIX_EPOCH};

/// Runs with the machine's clock, some while off, until it is set; then it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    standing: Option<i64>,
    off: i64,
}

impl Clock {
    pub(crate) fn new(standing: Option<i64>) -> Self {
        Self { standing, off: 0 }
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.standing.unwrap_or_else(|| machine() + self.off)
    }

    pub(crate) fn set(&mut self, at: i64) {
        self.standing = Some(at);
    }

    pub(crate) fn advance(&mut self, seconds: i64) {
        match &mut self.standing {
            Some(at) => *at += seconds,
            None => self.off += seconds,
        }
    }
}

fn machine() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
