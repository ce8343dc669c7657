//! What goes on a card and off it: the card's row, its lots, the move and the posting, all at once.

use super::{POINTS, PointsError};
use crate::db::Tx;
use crate::db::card::Card;
use crate::db::ledger::PostingRow;
use crate::db::points::{PointsCard, PointsLot, PointsMove};
use crate::domain::id::{MerchantId, PostingId, SaleId, StoreId};
use crate::domain::time::Time;
use crate::ledger::{self, Posting};

/// What holders may spend.
pub(super) const HELD: &str = "points-held";
/// What holders owe: taken back after it was spent.
pub(super) const OWED: &str = "points-owed";
/// Set aside for sales that are open.
pub(super) const PROMISED: &str = "points-promised";
/// What budgets with a limit have left.
pub(super) const BUDGET: &str = "points-budget";
/// Where points come from, and budgets without a limit take them.
pub(super) const ISSUED: &str = "points-issued";
/// Spent at the till, or turned into balance.
pub(super) const SPENT: &str = "points-spent";
/// Gone by time.
pub(super) const EXPIRED: &str = "points-expired";

/// Why points move.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    /// A word of `points_move.kind`.
    pub(super) kind: &'static str,
    /// What it hangs on, once for each card and kind.
    pub(super) reference: String,
    /// The sale it is about.
    pub(super) sale: Option<SaleId>,
    /// Where.
    pub(super) store: StoreId,
    /// Who did it.
    pub(super) who: String,
    /// When.
    pub(super) now: Time,
}

/// A card's points, locked until the commit. A chip that was set up anew is somebody else's card: what
/// its last holder had, or owed, is gone.
pub(super) async fn lock(tx: &mut Tx, card: &Card, now: Time) -> Result<PointsCard, PointsError> {
    let points = tx.lock_points(card, now).await?;
    if points.created_ms >= card.created_ms {
        return Ok(points);
    }
    let fresh = PointsCard {
        held: 0,
        owed: 0,
        birthday: None,
        created_ms: card.created_ms,
        ..points.clone()
    };
    take_lots(tx, &card.id, points.held).await?;
    tx.begin_points_anew(&fresh).await?;
    let gone = points.held.max(points.owed);
    let cause = Cause {
        kind: "expired",
        reference: format!("anew:{}", card.created_ms),
        sale: None,
        store: card.store_id.clone(),
        who: String::new(),
        now,
    };
    if gone > 0 && note(tx, &fresh, gone, &cause).await? {
        let posting = Posting::new()
            .debit(HELD, POINTS, points.held)
            .credit(OWED, POINTS, points.owed)
            .credit(EXPIRED, POINTS, points.held - points.owed);
        book(tx, &card.merchant_id, &cause, posting).await?;
    }
    Ok(fresh)
}

/// Puts points on a card: what it owes first, the rest to be spent until `expires_ms`. False if the
/// same was done before, and then nothing changed.
pub(super) async fn put(
    tx: &mut Tx,
    card: &mut PointsCard,
    points: i64,
    expires_ms: Option<i64>,
    from: &str,
    cause: &Cause,
) -> Result<bool, PointsError> {
    let settled = points.min(card.owed);
    let gained = points - settled;
    let after = PointsCard {
        held: card.held.saturating_add(gained),
        owed: card.owed - settled,
        ..card.clone()
    };
    if !note(tx, &after, points, cause).await? {
        return Ok(false);
    }
    tx.save_points(&after).await?;
    if gained > 0 {
        let lot = PointsLot {
            id: uuid::Uuid::now_v7().to_string(),
            card_id: card.card_id.clone(),
            at_ms: cause.now.0,
            expires_ms,
            left_over: gained,
        };
        tx.add_lot(&lot).await?;
    }
    let posting = Posting::new()
        .debit(from, POINTS, points)
        .credit(OWED, POINTS, settled)
        .credit(HELD, POINTS, gained);
    book(tx, &card.merchant_id, cause, posting).await?;
    *card = after;
    Ok(true)
}

/// Takes points off a card, the oldest first; what it does not hold any more it owes. False if the same
/// was done before, and then nothing changed.
pub(super) async fn take(
    tx: &mut Tx,
    card: &mut PointsCard,
    points: i64,
    to: &str,
    cause: &Cause,
) -> Result<bool, PointsError> {
    let off = points.min(card.held);
    let short = points - off;
    let after =
        PointsCard { held: card.held - off, owed: card.owed.saturating_add(short), ..card.clone() };
    if !note(tx, &after, points, cause).await? {
        return Ok(false);
    }
    tx.save_points(&after).await?;
    take_lots(tx, &card.card_id, off).await?;
    let posting = Posting::new()
        .debit(HELD, POINTS, off)
        .debit(OWED, POINTS, short)
        .credit(to, POINTS, points);
    book(tx, &card.merchant_id, cause, posting).await?;
    *card = after;
    Ok(true)
}

/// Takes points back that a sale earned: off the card, unless it is another holder's since.
pub(super) async fn take_earned(
    tx: &mut Tx,
    card: &mut PointsCard,
    (points, earned_ms): (i64, i64),
    to: &str,
    cause: &Cause,
) -> Result<(), PointsError> {
    if earned_ms >= card.created_ms {
        take(tx, card, points, to, cause).await?;
        return Ok(());
    }
    // They were written off when the card began anew.
    let posting = Posting::new().debit(EXPIRED, POINTS, points).credit(to, POINTS, points);
    book(tx, &card.merchant_id, cause, posting).await
}

/// Takes points out of the oldest lots.
pub(super) async fn take_lots(tx: &mut Tx, card: &str, points: i64) -> Result<(), PointsError> {
    let mut rest = points;
    if rest == 0 {
        return Ok(());
    }
    for lot in tx.lots(card).await? {
        let off = rest.min(lot.left_over);
        tx.save_lot(&lot.id, lot.left_over - off).await?;
        rest -= off;
        if rest == 0 {
            return Ok(());
        }
    }
    Err(PointsError::Budget(format!("of the lots of card {}", short(card))))
}

fn short(card: &str) -> &str {
    card.get(..8).unwrap_or(card)
}

/// Writes down a move; false if it was written before.
pub(super) async fn note(
    tx: &mut Tx,
    after: &PointsCard,
    points: i64,
    cause: &Cause,
) -> Result<bool, PointsError> {
    let done = PointsMove {
        id: uuid::Uuid::now_v7().to_string(),
        card_id: after.card_id.clone(),
        money: after.money.clone(),
        merchant_id: after.merchant_id.clone(),
        store_id: cause.store.clone(),
        kind: cause.kind.into(),
        reference: cause.reference.clone(),
        sale_id: cause.sale.as_ref().map(ToString::to_string),
        points,
        held: after.held,
        owed: after.owed,
        who: cause.who.clone(),
        at_ms: cause.now.0,
    };
    Ok(tx.add_points_move(&done).await?)
}

/// Posts what a cause does to the books.
pub(super) async fn book(
    tx: &mut Tx,
    merchant: &MerchantId,
    cause: &Cause,
    posting: Posting,
) -> Result<(), PointsError> {
    let head = PostingRow {
        id: PostingId::new(),
        merchant_id: merchant.clone(),
        store_id: cause.store.clone(),
        sale_id: cause.sale.clone(),
        payment_id: None,
        reason: format!("points.{}", cause.kind.replace('_', "-")),
    };
    Ok(ledger::post(tx, head, posting, cause.now).await?)
}
