//! Reads what BTCPay's webhooks brought: each is a hint that an invoice changed, which is then
//! fetched anew. What is about nothing of ours is kept for the owner to see.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::pause;
use crate::app::App;
use crate::db::DbError;
use crate::db::delivery::Delivery;
use crate::domain::time::Time;
use crate::till::watch::{self, Whose};

const TICK: Duration = Duration::from_secs(1);
const BATCH: i64 = 16;
/// Longer than any look takes; whoever dies meanwhile leaves it to another.
const LEASE: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(300);
/// A payment cannot be quicker than the page that asks for it, but a message can be quicker than
/// the row that it is about.
const LOOKS_FOR_OURS: i64 = 3;

/// Reads until `stop`; at once when woken.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) {
    loop {
        match read_deliveries(&app).await {
            Ok(BATCH) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "webhook deliveries could not be read"),
        }
        tokio::select! {
            () = app.deliveries.notified() => {}
            stopped = pause(&stop, TICK) => if stopped { return }
        }
    }
}

/// Reads the deliveries that are due, at most a batch, side by side; answers how many they were.
pub async fn read_deliveries(app: &App) -> Result<i64, DbError> {
    let now = app.now();
    let claimed = app.db.claim_deliveries(now, now.after(LEASE), BATCH).await?;
    join_all(claimed.iter().map(async |delivery| {
        if let Err(error) = read(app, delivery).await {
            tracing::warn!(delivery = delivery.original_id, %error, "a delivery stays to be read");
        }
    }))
    .await;
    Ok(i64::try_from(claimed.len()).unwrap_or(BATCH))
}

async fn read(app: &App, delivery: &Delivery) -> Result<(), DbError> {
    let now = app.now();
    let keep = async |words: &str| app.db.file_delivery(delivery, "kept", words, now).await;
    let later =
        async |why: &str, next: Time| app.db.file_delivery(delivery, "new", why, next).await;
    if delivery.kind.starts_with("Payout") {
        let Some(connected) = app.rails.get(&delivery.connection_id) else {
            return keep("This BTCPay is no longer connected.").await;
        };
        // What it says is a hint: what cards wait for is looked at anew.
        app.db.hurry_claims(&connected.merchant_id, now).await?;
        app.db.hurry_grants(&connected.merchant_id, now).await?;
        return app.db.file_delivery(delivery, "done", "", now).await;
    }
    let Some(invoice) = &delivery.invoice else {
        return keep("It is about no invoice.").await;
    };
    let Some(connected) = app.rails.get(&delivery.connection_id) else {
        return keep("This BTCPay is no longer connected.").await;
    };
    match watch::changed(app, &connected, invoice).await {
        Ok(Whose::Ours) => app.db.file_delivery(delivery, "done", "", now).await,
        Ok(Whose::Trial) => keep("It tried this connection out.").await,
        Ok(Whose::Nobodys) if delivery.tries < LOOKS_FOR_OURS => {
            later("No such offer yet.", now.after(TICK)).await
        }
        Ok(Whose::Nobodys) => keep("No till made this invoice.").await,
        Err(error) => later(&error.to_string(), now.after(wait(delivery.tries))).await,
    }
}

fn wait(tries: i64) -> Duration {
    let doubled = 1u32.checked_shl(u32::try_from(tries).unwrap_or(31)).unwrap_or(u32::MAX);
    TICK.saturating_mul(doubled).min(LONGEST)
}
