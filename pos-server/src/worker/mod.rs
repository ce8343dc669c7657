//! The bounded loops. None of them holds anything that matters: any may die at any instruction,
//! and the next, or another replica's, carries on from the database.

mod backing;
mod btcpay_price;
mod card_payouts;
mod card_top_ups;
mod connect;
mod deliveries;
mod hints;
mod listen;
mod offers;
mod rates;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;

pub use card_payouts::round as look_at_payouts;
pub use card_top_ups::round as look_at_top_ups;
pub use connect::connect_rails;
pub use deliveries::read_deliveries;
pub use listen::{run as follow_rail, take};
pub use offers::round;
pub use sweep::sweep;

/// Starts every loop; they end soon after `stop`, with what is in hand finished.
#[must_use]
pub fn start(app: &Arc<App>, stop: &CancellationToken) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(connect::run(app.clone(), stop.clone()));
    loops.spawn(offers::run(app.clone(), stop.clone()));
    loops.spawn(deliveries::run(app.clone(), stop.clone()));
    loops.spawn(btcpay_price::run(app.clone(), stop.clone()));
    loops.spawn(card_payouts::run(app.clone(), stop.clone()));
    loops.spawn(card_top_ups::run(app.clone(), stop.clone()));
    loops.spawn(rates::run(app.clone(), stop.clone()));
    loops.spawn(sweep::run(app.clone(), stop.clone()));
    loops.spawn(backing::run(app.clone(), stop.clone()));
    loops.spawn(hints::run(app.clone(), stop.clone()));
    loops
}

/// Waits for `span`; true if it is time to stop.
async fn pause(stop: &CancellationToken, span: Duration) -> bool {
    tokio::time::timeout(span, stop.cancelled()).await.is_ok()
}

/// Longer after each failure in a row, from a quarter of a second to `longest`.
fn backoff(failures: u32, longest: Duration) -> Duration {
    let span = Duration::from_millis(250).saturating_mul(1u32 << failures.min(10));
    span.min(longest)
}
