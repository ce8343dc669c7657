//! Looks after what cards at BTCPay were asked for, what was promised to them, and what was set aside
//! for none.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::backing;
use crate::domain::time::Time;
use crate::till::card::{look_at_claims, look_at_points_payouts};

const TICK: Duration = Duration::from_secs(1);
/// A leave that ended this long ago is used by nobody any more.
const UNUSED_AFTER: Duration = Duration::from_secs(3600);
const UNUSED_EVERY: Duration = Duration::from_secs(600);

/// Looks until `stop`.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut swept = Time(0);
    while !pause(&stop, TICK).await {
        if let Err(error) = look_at_claims(&app).await {
            tracing::warn!(%error, "taps of cards at BTCPay could not be looked at");
        }
        if let Err(error) = backing::look_at_grants(&app).await {
            tracing::warn!(%error, "payouts to cards at BTCPay could not be looked at");
        }
        if let Err(error) = look_at_points_payouts(&app).await {
            tracing::warn!(%error, "payouts of points could not be looked at");
        }
        let now = app.now();
        if now.since(swept) >= UNUSED_EVERY {
            swept = now;
            if let Err(error) = backing::put_unused_away(&app, now.before(UNUSED_AFTER)).await {
                tracing::warn!(%error, "money set aside for no card could not be put away");
            }
        }
    }
}
