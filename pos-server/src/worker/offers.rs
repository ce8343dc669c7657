//! Looks after offers: asks their rails behind the stream's back, ends those whose time is over,
//! and resolves those whose outcome is not known.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::db::attempt::NextLook;
use crate::domain::time::Time;
use crate::rail::RailName;
use crate::till::watch;

/// How often an offer is looked at while the stream is there.
const AGAIN: Duration = Duration::from_secs(10);
/// How often BTCPay is asked when its webhook is silent.
const QUICK: Duration = Duration::from_secs(3);
/// A webhook that was heard within this is taken to be well.
const WELL: Duration = Duration::from_secs(600);
const TICK: Duration = Duration::from_millis(500);
const BATCH: i64 = 50;
/// Rounds under way at once: one that waits for a silent rail does not hold up the next.
const ROUNDS_MAX: usize = 8;

/// Looks until `stop`; at once when nudged.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut rounds = JoinSet::new();
    loop {
        if rounds.len() < ROUNDS_MAX {
            rounds.spawn(rounds_while_full(app.clone()));
        }
        tokio::select! {
            () = app.nudge.notified() => {}
            stopped = pause(&stop, TICK) => if stopped { break }
        }
        while rounds.try_join_next().is_some() {}
    }
    while rounds.join_next().await.is_some() {}
}

async fn rounds_while_full(app: Arc<App>) {
    loop {
        match round(&app).await {
            Ok(BATCH) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(%error, "offers could not be looked at");
                return;
            }
        }
    }
}

/// Looks at the offers that are due for it, at most a batch, side by side; answers how many they
/// were. Of many workers one has each.
pub async fn round(app: &App) -> Result<i64, DbError> {
    let now = app.now();
    let (usual, btcpay) = (now.after(AGAIN), now.after(btcpay_again(app)));
    let claimed = app.db.claim_checks(now, NextLook { usual, btcpay }, BATCH).await?;
    join_all(claimed.iter().map(async |attempt| {
        if let Err(error) = watch::look(app, attempt, false).await {
            tracing::warn!(attempt = %attempt.id, %error, "an offer could not be looked at");
        }
    }))
    .await;
    Ok(i64::try_from(claimed.len()).unwrap_or(BATCH))
}

/// Slowly while webhooks arrive, and quickly when they stop.
fn btcpay_again(app: &App) -> Duration {
    let paired = app.rails.all().into_iter().filter(|one| one.rail.name() == RailName::Btcpay);
    let heard = paired.map(|one| app.rails.last_heard(&one.id));
    let well = |at: Time| app.now().since(at) < WELL;
    if heard.into_iter().all(|at| at.is_some_and(well)) { AGAIN } else { QUICK }
}
