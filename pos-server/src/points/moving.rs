//! A card that takes another one's place.

use super::PointsError;
use super::hold::{Cause, HELD, OWED, book, lock, note, take_lots};
use crate::db::Tx;
use crate::db::card::Card;
use crate::db::points::PointsCard;
use crate::domain::time::Time;
use crate::ledger::Posting;

/// Moves everything about points from one card of a merchant to another of his, of the same kind of
/// money: what is held and owed with its dates, the birthday, and what counts for limits and tiers.
/// Nothing happens the second time. The caller holds the locks of both cards' rows.
pub async fn move_all(
    tx: &mut Tx,
    from: &Card,
    to: &Card,
    who: &str,
    now: Time,
) -> Result<(), PointsError> {
    if from.id == to.id || from.merchant_id != to.merchant_id || from.money != to.money {
        return Ok(());
    }
    // Always in one order, or two who move crosswise wait for each other.
    let (old, new) = if from.id < to.id {
        let old = lock(tx, from, now).await?;
        (old, lock(tx, to, now).await?)
    } else {
        let new = lock(tx, to, now).await?;
        (lock(tx, from, now).await?, new)
    };
    let empty = PointsCard { held: 0, owed: 0, birthday: None, ..old.clone() };
    // What one holds pays what the other owes.
    let (held, owed) = (old.held.saturating_add(new.held), old.owed.saturating_add(new.owed));
    let settled = held.min(owed);
    let full = PointsCard {
        held: held - settled,
        owed: owed - settled,
        birthday: new.birthday.clone().or_else(|| old.birthday.clone()),
        ..new
    };
    tx.save_points(&empty).await?;
    tx.save_points(&full).await?;
    tx.move_lots(&from.id, &to.id).await?;
    take_lots(tx, &to.id, settled).await?;
    tx.move_earnings(&from.id, &to.id).await?;
    let moved = old.held.max(old.owed);
    if moved > 0 {
        let out = cause("moved_out", &to.id, from, who, now);
        note(tx, &empty, moved, &out).await?;
        let into = cause("moved_in", &from.id, to, who, now);
        note(tx, &full, moved, &into).await?;
        let posting =
            Posting::new().debit(HELD, super::POINTS, settled).credit(OWED, super::POINTS, settled);
        book(tx, &to.merchant_id, &into, posting).await?;
    }
    Ok(())
}

fn cause(kind: &'static str, other: &str, card: &Card, who: &str, now: Time) -> Cause {
    Cause {
        kind,
        reference: other.into(),
        sale: None,
        store: card.store_id.clone(),
        who: who.into(),
        now,
    }
}
