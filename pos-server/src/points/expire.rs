//! Points that were not spent in time.

use super::PointsError;
use super::hold::{Cause, EXPIRED, HELD, book, lock, note};
use crate::db::card::Card;
use crate::db::points::PointsCard;
use crate::db::{Db, Tx};
use crate::domain::time::Time;
use crate::ledger::Posting;

/// Takes what is over off a card, each lot once. The caller holds the lock of its points.
pub async fn expire_card(
    tx: &mut Tx,
    card: &Card,
    points: &mut PointsCard,
    now: Time,
) -> Result<(), PointsError> {
    for lot in tx.lots(&card.id).await? {
        if lot.expires_ms.is_none_or(|at| at > now.0) {
            continue;
        }
        points.held -= lot.left_over;
        let cause = Cause {
            kind: "expired",
            reference: lot.id.clone(),
            sale: None,
            store: card.store_id.clone(),
            who: String::new(),
            now,
        };
        note(tx, points, lot.left_over, &cause).await?;
        tx.save_lot(&lot.id, 0).await?;
        tx.save_points(points).await?;
        let posting = Posting::new().debit(HELD, super::POINTS, lot.left_over).credit(
            EXPIRED,
            super::POINTS,
            lot.left_over,
        );
        book(tx, &card.merchant_id, &cause, posting).await?;
    }
    Ok(())
}

/// Takes what is over off at most `limit` cards, each in a transaction of its own; answers how many.
pub async fn expire(db: &Db, now: Time, limit: i64) -> Result<usize, PointsError> {
    let due = db.cards_to_expire(now, limit).await?;
    for id in &due {
        let mut tx = db.begin().await?;
        let Some(card) = tx.card(id).await? else { continue };
        let mut points = lock(&mut tx, &card, now).await?;
        expire_card(&mut tx, &card, &mut points, now).await?;
        tx.commit().await?;
    }
    Ok(due.len())
}
