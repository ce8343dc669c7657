//! Asking a rail what became of an offer: when its stream may have missed something, when the
//! offer ran out, and before it is replaced.

use std::time::Duration;

use serde_json::json;

use super::TillError;
use super::settle::settle;
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::rail::{RailError, Status};
use crate::rails::Connected;

/// How long a rail may take to answer a question.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Looks at one attempt, cancels it at the rail if its time or its sale is over, and writes what
/// is true.
pub async fn look(app: &App, attempt: &Attempt, give_up: bool) -> Result<(), TillError> {
    let own = attempt.connection_id.as_deref().and_then(|id| app.rails.get(id));
    // Connected anew since: the same node may know it, another one proves nothing by not knowing.
    let stands_in = || {
        let connected = app.rails.of_store(&attempt.store_id);
        connected.filter(|connected| connected.rail.name().as_str() == attempt.rail)
    };
    let is_own = own.is_some();
    let connected = own.or_else(stands_in);
    let sale = app.db.sale(&attempt.merchant_id, &attempt.sale_id).await?;
    let over = app.now().0 >= attempt.expires_ms;
    let end_it = give_up || over || sale.state != "open";
    let Some(connected) = connected else {
        return unknown(app, attempt, over, "The wallet it was made with is not connected.").await;
    };
    match ask(&connected, &attempt.reference, end_it).await {
        Err(error) => return unknown(app, attempt, over, &error.to_string()).await,
        Ok(Status::Paid(payments)) => {
            for paid in &payments {
                settle(app, &connected, paid, None).await?;
            }
        }
        Ok(Status::Seen) => moved(app, attempt, "seen", "payment.seen").await?,
        Ok(Status::Open) if end_it => {
            return unknown(app, attempt, over, "It could not be cancelled.").await;
        }
        Ok(Status::Unknown) if !is_own => {
            return unknown(app, attempt, over, "Another wallet is connected since.").await;
        }
        // Seen a moment ago and open again: the payment was given up on its way.
        Ok(Status::Open) => moved(app, attempt, "offered", "offer.open").await?,
        Ok(Status::Closed | Status::Unknown) => {
            let to = if over { "expired" } else { "cancelled" };
            moved(app, attempt, to, if over { "offer.expired" } else { "offer.cancelled" }).await?;
        }
    }
    Ok(())
}

/// Cancels offers. Afterwards each is settled, closed, or not known.
pub async fn cancel(app: &App, offers: &[Attempt]) -> Result<(), TillError> {
    for attempt in offers {
        look(app, attempt, true).await?;
    }
    Ok(())
}

async fn ask(connected: &Connected, reference: &str, end_it: bool) -> Result<Status, RailError> {
    let answer = async {
        match connected.rail.status(reference).await? {
            Status::Open if end_it => connected.rail.cancel(reference).await,
            other => Ok(other),
        }
    };
    let silent = || RailError::Unreachable("no answer in time".into());
    tokio::time::timeout(ANSWER_LIMIT, answer).await.unwrap_or_else(|_| Err(silent()))
}

/// While an offer can be paid anyway, a rail that is silent changes nothing; after that its
/// outcome is not known, and is said to be so.
async fn unknown(app: &App, attempt: &Attempt, over: bool, why: &str) -> Result<(), TillError> {
    tracing::warn!(attempt = %attempt.id, why, "a rail did not say what became of an offer");
    if over {
        moved(app, attempt, "unknown", "offer.unknown").await?;
    }
    Ok(())
}

async fn moved(app: &App, attempt: &Attempt, to: &str, kind: &str) -> Result<(), TillError> {
    if attempt.state == to {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.lock_sale(&attempt.sale_id).await?;
    if tx.move_attempt(&attempt.id, &attempt.state, to, now).await? {
        let body = json!({ "attempt": attempt.id });
        tx.add_event(&attempt.merchant_id, &attempt.sale_id, kind, &body, now).await?;
        tx.commit().await?;
        app.live.changed(&attempt.sale_id);
    }
    Ok(())
}

/// Notes that a rail's stream saw a payment on its way.
pub async fn seen(app: &App, connected: &Connected, offer: &str) -> Result<(), TillError> {
    let rail = connected.rail.name().as_str();
    let attempt = app.db.find_attempt(&connected.merchant_id, rail, offer).await?;
    match attempt {
        Some(attempt) if attempt.state == "offered" => {
            moved(app, &attempt, "seen", "payment.seen").await
        }
        _ => Ok(()),
    }
}

/// Looks again at an offer that a rail's stream says is closed.
pub async fn closed(app: &App, connected: &Connected, offer: &str) -> Result<(), TillError> {
    let rail = connected.rail.name().as_str();
    let attempt = app.db.find_attempt(&connected.merchant_id, rail, offer).await?;
    if let Some(attempt) = attempt.filter(Attempt::live) {
        look(app, &attempt, false).await?;
    }
    Ok(())
}
