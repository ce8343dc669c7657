//! The background loop that asks the sources: one request under way per source, never on the path
//! of a sale.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::book::Rates;
use super::error::{SourceError, Trouble};
use super::pace::{Pace, between};
use crate::domain::currency::Currency;
use crate::domain::time::Time;

/// A source by its place.
#[derive(Debug, Clone, Copy)]
enum Seat {
    Exchange(usize),
    Desk(usize),
}

/// A source that nobody needs is looked at again after this, or when the needs change.
const IDLE: Duration = Duration::from_secs(3_600);
/// After a source's own time for new rates, a little patience: seconds, at least and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(300));
/// A source that names a far or a past time is asked within these all the same.
const NEXT: (Duration, Duration) = (Duration::from_secs(600), Duration::from_secs(6 * 3_600));

impl Rates {
    /// Asks all sources that are needed, again and again, and keeps their last good values in the
    /// database, until `shutdown`. Spawn it once.
    pub async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        let loops = self.seats().map(|seat| self.follow(seat, &shutdown));
        let loops: Vec<_> = loops.collect();
        tokio::join!(join_all(loops), self.keep(&shutdown));
        self.save_or_warn().await;
    }

    /// Asks every source that is needed once, all at the same time, whatever their pace: for an
    /// owner who wants to know now, not for a loop. One that is being asked is asked again after.
    pub async fn ask_all(&self) {
        join_all(self.seats().map(|seat| self.ask(seat))).await;
    }

    fn seats(&self) -> impl Iterator<Item = Seat> + use<> {
        let exchanges = (0..self.exchanges.len()).map(Seat::Exchange);
        exchanges.chain((0..self.desks.len()).map(Seat::Desk))
    }

    async fn follow(&self, seat: Seat, shutdown: &CancellationToken) {
        let mut wanted = self.wanted.subscribe();
        let mut failures = 0;
        let mut due = Instant::now();
        let (mut idle, mut refused) = (false, false);
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                // `Err` is only when `self` is gone, and it is not.
                _ = wanted.changed() => {
                    if idle || (!refused && self.lacks(seat)) {
                        due = Instant::now();
                    }
                }
                () = sleep_until(due) => {
                    let outcome = tokio::select! {
                        () = shutdown.cancelled() => return,
                        outcome = self.ask(seat) => outcome,
                    };
                    idle = outcome.is_none();
                    let error = outcome.as_ref().and_then(|outcome| outcome.as_ref().err());
                    refused = error.is_some_and(|error| error.trouble() == Trouble::Refusal);
                    due = Instant::now() + self.pause(seat, outcome, &mut failures);
                }
            }
        }
    }

    /// Asks one source, after whoever is asking it; `None` if nobody needs it.
    async fn ask(&self, seat: Seat) -> Option<Result<Option<Time>, SourceError>> {
        match seat {
            Seat::Exchange(place) => {
                let asked = self.exchanges.get(place).filter(|_| self.wanted.borrow().bitcoin)?;
                let _one = asked.busy.lock().await;
                let answer = asked.source.fetch(&asked.http, &asked.base_url).await;
                let now = self.clock.now();
                Some(self.write().exchanges.get_mut(place)?.hear(answer, now).map(|()| None))
            }
            Seat::Desk(place) => {
                let asked = self.desks.get(place)?;
                let wanted = self.wanted_of(place);
                if wanted.is_empty() {
                    return None;
                }
                let _one = asked.busy.lock().await;
                let now = self.clock.now();
                let answer = asked.source.fetch(&asked.http, &asked.base_url, &wanted, now).await;
                let now = self.clock.now();
                Some(self.write().desks.get_mut(place)?.hear(answer, &wanted, now))
            }
        }
    }

    /// The currencies in use that a desk can have.
    fn wanted_of(&self, place: usize) -> Vec<Currency> {
        let wanted = self.wanted.borrow().currencies.clone();
        let memory = self.read();
        let Some(desk) = memory.desks.get(place) else { return Vec::new() };
        wanted.into_iter().filter(|currency| desk.knows(*currency)).collect()
    }

    /// True if a source of dollar rates is needed for a currency that it has not given yet.
    fn lacks(&self, seat: Seat) -> bool {
        let Seat::Desk(place) = seat else { return false };
        let wanted = self.wanted_of(place);
        let memory = self.read();
        let desk = memory.desks.get(place);
        wanted.iter().any(|one| desk.is_some_and(|desk| desk.known(*one).is_none()))
    }

    fn pause(
        &self,
        seat: Seat,
        outcome: Option<Result<Option<Time>, SourceError>>,
        failures: &mut u32,
    ) -> Duration {
        let Some((name, pace)) = self.manner(seat) else { return IDLE };
        match outcome {
            None => IDLE,
            Some(Ok(next_at)) => {
                if *failures > 0 {
                    info!(source = name, "the rate source answers again");
                }
                *failures = 0;
                next_at.map_or_else(|| pace.usual(), |at| until(at, self.clock.now()))
            }
            Some(Err(error)) => {
                *failures = failures.saturating_add(1);
                let pause = pace.after(&error, *failures);
                if *failures == 1 {
                    warn!(source = name, %error, ?pause, "the rate source gave nothing");
                } else {
                    debug!(source = name, %error, ?pause, failures, "the rate source gave nothing");
                }
                pause
            }
        }
    }

    fn manner(&self, seat: Seat) -> Option<(&'static str, Pace)> {
        match seat {
            Seat::Exchange(place) => {
                self.exchanges.get(place).map(|asked| (asked.source.name(), asked.pace))
            }
            Seat::Desk(place) => {
                self.desks.get(place).map(|asked| (asked.source.name(), asked.pace))
            }
        }
    }
}

/// The pause until a source says it has new rates.
fn until(at: Time, now: Time) -> Duration {
    at.since(now).clamp(NEXT.0, NEXT.1) + between(PATIENCE.0, PATIENCE.1)
}
