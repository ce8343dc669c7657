//! Looks after offers: asks their rails behind the stream's back, ends those whose time is over,
//! and resolves those whose outcome is not known.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::till::watch;

/// How often an offer is looked at while the stream is there.
const AGAIN: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(500);
const BATCH: i64 = 50;

/// Looks until `stop`; at once when nudged.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    loop {
        let busy = match round(&app).await {
            Ok(count) => count == BATCH,
            Err(error) => {
                tracing::warn!(%error, "offers could not be looked at");
                false
            }
        };
        tokio::select! {
            () = app.nudge.notified() => {}
            stopped = pause(&stop, if busy { Duration::ZERO } else { TICK }) => if stopped { return }
        }
    }
}

/// Looks at the offers that are due for it, at most a batch; answers how many they were. Of many
/// workers one has each.
pub async fn round(app: &App) -> Result<i64, crate::db::DbError> {
    let now = app.now();
    let claimed = app.db.claim_checks(now, now.after(AGAIN), BATCH).await?;
    let count = i64::try_from(claimed.len()).unwrap_or(BATCH);
    for attempt in claimed {
        if let Err(error) = watch::look(app, &attempt, false).await {
            tracing::warn!(attempt = %attempt.id, %error, "an offer could not be looked at");
            continue;
        }
    }
    Ok(count)
}
