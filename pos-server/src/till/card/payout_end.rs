//! The end of a card's payment. It is paid or failed when the node says so of its hash, and never by
//! silence; until then what was reserved stays reserved, and is looked for again and again.

use std::sync::Arc;
use std::time::Duration;

use super::super::TillError;
use super::payout::{head, moved, never_sent};
use crate::app::App;
use crate::db::card::{CardMove, Payout};
use crate::db::{DbError, Kind};
use crate::domain::money::Msat;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::RailError;
use crate::rail::purse::{Fate, Order};
use crate::rails::Connected;

/// While whoever sends it is at it, nobody else looks.
const SENDER_HAS: Duration = Duration::from_secs(60);
/// What a node had on its way in from us when we let go of it, it knows by then.
const UNHEARD: Duration = Duration::from_secs(60);

/// Gives a reserved payment to the node, and writes down what came of it. Nobody waits for this to
/// end: whatever is not written, the worker finds out.
pub(super) async fn send(app: Arc<App>, payout: Payout, connected: Connected, order: Order) {
    if let Err(error) = try_send(&app, &payout, &connected, &order).await {
        tracing::warn!(payout = payout.id, %error, "what became of a card's payment was not written");
    }
}

/// The same, saying what could not be written.
pub(super) async fn try_send(
    app: &App,
    payout: &Payout,
    connected: &Connected,
    order: &Order,
) -> Result<(), TillError> {
    let Some(purse) = connected.rail.purse() else { return Ok(()) };
    let now = app.now();
    if !app.db.send_payout(&payout.id, now, now.after(SENDER_HAS)).await? {
        return Ok(());
    }
    let payout = Payout { state: "sent".into(), ..payout.clone() };
    match purse.pay(order).await {
        Ok(Fate::Paid { fee }) => end(app, &payout, "paid", fee, "").await.map(drop),
        Ok(Fate::Failed(words)) | Err(RailError::Refused(words)) => {
            end(app, &payout, "failed", Msat::ZERO, &words).await.map(drop)
        }
        Ok(Fate::Pending) => Ok(app.db.leave_payout(&payout.id, true, "", app.now()).await?),
        Ok(Fate::Absent) => {
            Ok(app.db.leave_payout(&payout.id, false, "The node forgot it.", app.now()).await?)
        }
        Err(RailError::Unreachable(why)) => {
            Ok(app.db.leave_payout(&payout.id, false, &why, app.now()).await?)
        }
    }
}

/// Looks at a payment whose end is not known, as often as the worker likes.
pub async fn look(app: &App, payout: &Payout) -> Result<(), TillError> {
    if payout.state == "reserved" {
        return never_sent(app, payout).await;
    }
    let own = Some(payout.connection_id.as_str());
    let connected = app.rails.that_made(own, &payout.store_id, &payout.rail);
    let is_own = connected.as_ref().is_some_and(|(_, is_own)| *is_own);
    let Some(purse) = connected.as_ref().and_then(|(connected, _)| connected.rail.purse()) else {
        return Ok(app.db.doubt_payout(&payout.id, "Its node is not connected.").await?);
    };
    match purse.fate(&payout.payment_hash).await {
        Ok(Fate::Paid { fee }) => end(app, payout, "paid", fee, "").await.map(drop),
        Ok(Fate::Failed(words)) => end(app, payout, "failed", Msat::ZERO, &words).await.map(drop),
        Ok(Fate::Pending) => Ok(()),
        Ok(Fate::Absent) if is_own && never_reached(app, payout) => {
            end(app, payout, "failed", Msat::ZERO, "The card service was interrupted.")
                .await
                .map(drop)
        }
        Ok(Fate::Absent) => {
            Ok(app.db.doubt_payout(&payout.id, "Its node does not know it.").await?)
        }
        Err(error) => Ok(app.db.doubt_payout(&payout.id, &error.to_string()).await?),
    }
}

/// Whether a payment that its node does not know can also not reach it any more. Whoever was sending
/// it said that he let go of it, a while ago; or died, and there is no other process (SQLite is one
/// machine's); or the invoice has ended, which no node pays then. One that the node took and does not
/// know any more is never counted as not paid.
fn never_reached(app: &App, payout: &Payout) -> bool {
    let now = app.now();
    let since = |ms: i64| now.since(crate::domain::time::Time(ms));
    match payout.left_ms {
        Some(_) if payout.state == "sent" => false,
        Some(left) => since(left) >= UNHEARD,
        None => {
            let died = app.db.kind() == Kind::Sqlite && payout.holder != app.replica;
            died || since(payout.expires_ms) >= UNHEARD
        }
    }
}

/// Ends a payment once, as `paid` for a fee or `failed`: what was reserved and not used goes back to
/// the card, and to its limit for that day. False if it had ended before.
pub(super) async fn end(
    app: &App,
    payout: &Payout,
    state: &str,
    fee: Msat,
    why: &str,
) -> Result<bool, TillError> {
    let now = app.now();
    let payout = Payout { fee_msat: fee.to_db(), why: why.to_owned(), ..payout.clone() };
    let store = app.db.store(&payout.merchant_id, &payout.store_id).await?;
    let mut tx = app.db.begin().await?;
    if !tx.end_payout(&payout, state, now).await? {
        return Ok(false);
    }
    let spent = match state {
        "paid" => payout.msat.checked_add(payout.fee_msat).ok_or(DbError::NotFound)?,
        _ => 0,
    };
    let returned = payout.reserved().saturating_sub(spent).max(0);
    // A node that went beyond the limit did so at the shop's cost: the holder never agreed to it.
    let beyond = spent.saturating_sub(payout.reserved()).max(0);
    if returned > 0 {
        let card_id = tx.card_now(&payout.card_id).await?;
        let holds = tx.return_to_card(&card_id, returned, &payout.day).await?;
        let back = moved(&payout, &store, "returned", returned, holds, now);
        tx.add_card_move(&CardMove { card_id, ..back }).await?;
    }
    let posting = Posting::new()
        .debit("cards-out", MSAT, payout.reserved())
        .debit("fees", MSAT, beyond)
        .credit("lightning", MSAT, spent)
        .credit("cards", MSAT, returned);
    let reason = if state == "paid" { "card.paid-away" } else { "card.returned" };
    ledger::post(&mut tx, head(&payout, reason), posting, now).await?;
    tx.commit().await?;
    Ok(true)
}
