//! Looks after payments of cards to other tills whose end is not known: asks the node of each by its
//! payment hash, however the process ended that sent it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::till::card;

const TICK: Duration = Duration::from_secs(1);
/// How often one payment is looked at.
const AGAIN: Duration = Duration::from_secs(5);
const BATCH: i64 = 20;

/// Looks until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !pause(&stop, TICK).await {
        if let Err(error) = round(&app).await {
            tracing::warn!(%error, "payments of cards could not be looked at");
        }
    }
}

/// Looks at the payments that are due for it, at most a batch. Of many workers one has each.
pub async fn round(app: &App) -> Result<(), DbError> {
    let now = app.now();
    let claimed = app.db.claim_payouts(now, now.after(AGAIN), BATCH).await?;
    join_all(claimed.iter().map(async |payout| {
        if let Err(error) = card::look(app, payout).await {
            tracing::warn!(payout = payout.id, %error, "a card's payment could not be looked at");
        }
    }))
    .await;
    Ok(())
}
