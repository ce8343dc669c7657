//! Looks after top-ups by Lightning: asks the rail what came, where its stream tells nothing of them
//! or may have missed it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::till::card;

const TICK: Duration = Duration::from_secs(1);
/// How often one top-up is looked at.
const AGAIN: Duration = Duration::from_secs(5);
const BATCH: i64 = 20;

/// Looks until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !pause(&stop, TICK).await {
        if let Err(error) = round(&app).await {
            tracing::warn!(%error, "top-ups of cards could not be looked at");
        }
    }
}

/// Looks at the top-ups that are due for it, at most a batch. Of many workers one has each.
pub async fn round(app: &App) -> Result<(), DbError> {
    let now = app.now();
    let claimed = app.db.claim_drawn(now, now.after(AGAIN), BATCH).await?;
    join_all(claimed.iter().map(async |drawn| {
        if let Err(error) = card::look_at_drawn(app, drawn).await {
            tracing::warn!(top_up = drawn.id, %error, "a top-up could not be looked at");
        }
    }))
    .await;
    Ok(())
}
