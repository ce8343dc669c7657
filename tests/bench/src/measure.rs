//! Numbers: how long one thing takes, done many times, and how often per second many do it.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;

/// Durations of one thing done many times.
#[derive(Debug, Default, Clone)]
pub(crate) struct Pile(Vec<Duration>);

impl Pile {
    pub(crate) fn push(&mut self, span: Duration) {
        self.0.push(span);
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The duration that `percent` of all do not exceed.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}

/// Does a thing `count` times, one after the other.
pub(crate) async fn times<T>(
    count: usize,
    mut act: impl AsyncFnMut(usize) -> Result<T>,
) -> Result<Pile> {
    let mut pile = Pile::default();
    for place in 0..count {
        let begun = Instant::now();
        act(place).await?;
        pile.push(begun.elapsed());
    }
    Ok(pile)
}

/// Somebody who does the same thing again and again.
pub(crate) trait Client: Send + 'static {
    fn act(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// What many clients did together.
pub(crate) struct Done {
    pub(crate) count: usize,
    pub(crate) span: Duration,
}

impl Done {
    pub(crate) fn per_second(&self) -> f64 {
        self.count as f64 / self.span.as_secs_f64()
    }
}

/// Lets clients do their thing, each one after the other, until `span` is over or all have done it
/// `most` times together.
pub(crate) async fn together<C: Client>(
    clients: Vec<C>,
    span: Duration,
    most: usize,
) -> Result<(Done, Vec<C>)> {
    let begun = Instant::now();
    let share = most / clients.len().max(1);
    let mut tasks = JoinSet::new();
    for mut client in clients {
        tasks.spawn(async move {
            let mut count = 0;
            while begun.elapsed() < span && count < share {
                client.act().await?;
                count += 1;
            }
            Ok::<_, anyhow::Error>((count, client))
        });
    }
    let (mut count, mut clients) = (0, Vec::new());
    while let Some(ended) = tasks.join_next().await {
        let (done, client) = ended??;
        count += done;
        clients.push(client);
    }
    Ok((Done { count, span: begun.elapsed() }, clients))
}
