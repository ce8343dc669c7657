//! How often a card's page may be asked to change something, counted by each process for itself.

use std::num::NonZeroU32;

use axum::http::StatusCode;
use governor::clock::MonotonicClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::web::error::WebError;

/// Changes at once; one more every two seconds.
const BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Cards that are counted before those are forgotten that have been still for long.
const MANY: usize = 1_000;

/// A bucket for each card.
pub(super) struct Pace(RateLimiter<String, HashMapStateStore<String>, MonotonicClock>);

impl Pace {
    pub(super) fn new() -> Self {
        let quota = Quota::per_minute(PER_MINUTE).allow_burst(BURST);
        Self(RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock))
    }

    /// Takes one request out of a card's bucket.
    pub(super) fn take(&self, card: &str) -> Result<(), WebError> {
        if self.0.len() > MANY {
            self.0.retain_recent();
        }
        self.0.check_key(&card.to_owned()).map_err(|_| {
            let words = "That was very often. Wait a minute. Nothing was changed.";
            WebError::Refused(StatusCode::TOO_MANY_REQUESTS, words.into())
        })
    }
}
