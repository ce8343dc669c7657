//! Points that become balance at BTCPay, by a payout of the store's. They leave the card first, and
//! come back only if the payout is known to be cancelled; as long as nobody knows they are on their
//! way.

use super::PointsError;
use super::hold::{Cause, SPENT, lock, put};
use super::spend::convert;
use crate::db::Tx;
use crate::db::card::Card;
use crate::db::points::PointsPayout;
use crate::domain::id::StoreId;
use crate::domain::time::Time;

/// What became of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The balance is there.
    Completed,
    /// It will never be: the points are the holder's again, until then.
    Cancelled {
        /// Epoch milliseconds at which they expire, if they do.
        expires_ms: Option<i64>,
    },
    /// Nobody knows yet.
    Unknown,
}

/// A payout that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its id, a UUID, by which BTCPay is told of it too.
    pub id: String,
    /// How many points.
    pub points: i64,
    /// What they become, millisatoshi.
    pub msat: i64,
}

/// Takes points off a card for a payout, by the tap `reference`; none if it holds fewer or the tap was
/// used. The caller has proven the tap and used it up.
pub async fn reserve(
    tx: &mut Tx,
    card: &Card,
    store: &StoreId,
    wanted: Wanted,
    reference: &str,
    who: &str,
    now: Time,
) -> Result<Option<PointsPayout>, PointsError> {
    let Wanted { id, points, msat } = wanted;
    let decide = |held: i64| (held >= points).then_some(points);
    if convert(tx, card, store, reference, who, decide, now).await?.is_none() {
        return Ok(None);
    }
    let payout = PointsPayout {
        id,
        card_id: card.id.clone(),
        merchant_id: card.merchant_id.clone(),
        store_id: store.clone(),
        state: "reserved".into(),
        points,
        msat,
        reference: None,
        created_ms: now.0,
        changed_ms: now.0,
    };
    tx.add_points_payout(&payout).await?;
    Ok(Some(payout))
}

/// Notes that BTCPay took a payout, and by which name it knows it; false if it is final.
pub async fn sent(tx: &mut Tx, id: &str, reference: &str, now: Time) -> Result<bool, PointsError> {
    Ok(tx.move_points_payout(id, "sent", Some(reference), now).await?)
}

/// Notes what became of a payout; cancelled, its points go back onto the card, once. False if it was
/// final before.
pub async fn finish(tx: &mut Tx, id: &str, ended: Ended, now: Time) -> Result<bool, PointsError> {
    let state = match ended {
        Ended::Completed => "completed",
        Ended::Cancelled { .. } => "cancelled",
        Ended::Unknown => "unknown",
    };
    if !tx.move_points_payout(id, state, None, now).await? {
        return Ok(false);
    }
    let Ended::Cancelled { expires_ms } = ended else { return Ok(true) };
    let payout = tx.points_payout(id).await?;
    let Some(card) = tx.card(&payout.card_id).await? else { return Ok(true) };
    let mut points = lock(tx, &card, now).await?;
    let cause = Cause {
        kind: "returned",
        reference: payout.id,
        sale: None,
        store: payout.store_id,
        who: "BTCPay".into(),
        now,
    };
    put(tx, &mut points, payout.points, expires_ms, SPENT, &cause).await?;
    Ok(true)
}
