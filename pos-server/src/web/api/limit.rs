//! How often and how much at once each token may ask, counted by each process for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::domain::id::ApiTokenId;

/// Streams that one token may hold open.
pub(super) const STREAMS_MAX: usize = 32;

type Buckets = RateLimiter<
    ApiTokenId,
    HashMapStateStore<ApiTokenId>,
    MonotonicClock,
    StateInformationMiddleware,
>;

/// A bucket for each token: it refills steadily, and holds so many requests at once.
pub(super) struct Limit {
    buckets: Buckets,
    quota: Quota,
    streams: Mutex<HashMap<ApiTokenId, Arc<Semaphore>>>,
}

/// What a token has left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    burst: u32,
    left: u32,
    all_again: Duration,
    /// How long to wait, if nothing is left.
    pub(super) wait: Option<Duration>,
}

impl Limit {
    pub(super) fn new(config: &Config) -> Self {
        let quota = Quota::per_second(config.api_rate).allow_burst(config.api_burst);
        let buckets = RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock);
        Self { buckets, quota, streams: Mutex::default() }
    }

    /// Takes one request out of a token's bucket.
    pub(super) fn take(&self, token: &ApiTokenId) -> Allowance {
        let (left, wait) = match self.buckets.check_key(token) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(not_yet) => (0, Some(not_yet.wait_time_from(MonotonicClock.now()))),
        };
        let burst = self.quota.burst_size().get();
        let missing = burst.saturating_sub(left);
        let all_again = self.quota.replenish_interval().saturating_mul(missing);
        Allowance { burst, left, all_again, wait }
    }

    /// A place for one more stream of a token, until it is dropped; none if it holds too many.
    pub(super) fn stream(&self, token: &ApiTokenId) -> Option<OwnedSemaphorePermit> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let places = streams.entry(token.clone());
        let places = places.or_insert_with(|| Arc::new(Semaphore::new(STREAMS_MAX))).clone();
        places.try_acquire_owned().ok()
    }
}

impl Allowance {
    /// Tells it to the program that asks.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let mut put = |name: &'static str, number: u64| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
        };
        put("ratelimit-limit", self.burst.into());
        put("ratelimit-remaining", self.left.into());
        put("ratelimit-reset", whole_seconds(self.all_again));
        if let Some(wait) = self.wait {
            put("retry-after", whole_seconds(wait).max(1));
        }
    }
}

/// Rounded up: whoever waits so long has waited long enough.
fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}
