//! Forgets what nobody needs any more, and ends sales that were left open.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::points;
use crate::till::TillError;
use crate::till::void::void_abandoned;

const EVERY: Duration = Duration::from_secs(3600);
/// A page that repeats a request does so within this.
const ANSWERS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// A merchant who wonders what his BTCPay sent looks within this.
const DELIVERIES_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A tap that proved nothing is of no use to anybody the day after.
const TAPS_KEPT: Duration = Duration::from_secs(24 * 3600);

/// A sale that nobody paid or cancelled by the next day was walked away from.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 3600);
const BATCH: i64 = 500;

/// Sweeps until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !pause(&stop, EVERY).await {
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "not everything old could be swept");
        }
    }
}

/// Sweeps once.
pub async fn sweep(app: &App) -> Result<(), TillError> {
    let now = app.now();
    app.db.sweep_sessions(now).await?;
    app.db.sweep_answers(now.before(ANSWERS_KEPT)).await?;
    app.db.sweep_deliveries(now.before(DELIVERIES_KEPT)).await?;
    app.db.sweep_tickets(now.before(ANSWERS_KEPT)).await?;
    app.db.sweep_card_setups(now.before(DELIVERIES_KEPT)).await?;
    app.db.sweep_card_batches(now.before(DELIVERIES_KEPT)).await?;
    app.db.sweep_card_sessions(now).await?;
    app.db.sweep_card_taps(now.before(TAPS_KEPT)).await?;
    for sale in app.db.abandoned_sales(now.before(ABANDONED_AFTER), BATCH).await? {
        // One that cannot be ended holds up no other.
        if let Err(error) = void_abandoned(app, &sale.id).await {
            tracing::warn!(sale = %sale.id, %error, "a sale that was left open could not be ended");
        }
    }
    points::expire(&app.db, now, BATCH).await?;
    Ok(())
}
