//! Budgets: what they may give, and the books of it.

use super::hold::{BUDGET, Cause, ISSUED, PROMISED, book};
use super::{POINTS, PointsError};
use crate::db::Tx;
use crate::db::points::Budget;
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;
use crate::ledger::Posting;

/// Sets what a programme or an event may give in all, making its budget if there is none; none is no
/// limit. False if more is promised and given already.
pub async fn set_limit(
    tx: &mut Tx,
    id: &str,
    merchant: &MerchantId,
    store: &StoreId,
    most: Option<i64>,
    now: Time,
) -> Result<bool, PointsError> {
    tx.add_budget(id, merchant).await?;
    let before = tx.lock_budget(id).await?;
    if !tx.set_budget(id, most).await? {
        return Ok(false);
    }
    let left = |budget: &Budget| budget.left().unwrap_or(0);
    let more = left(&Budget { most, ..before.clone() }) - left(&before);
    let posting = Posting::new().debit(ISSUED, POINTS, more).credit(BUDGET, POINTS, more);
    let cause = Cause {
        kind: "budget",
        reference: id.into(),
        sale: None,
        store: store.clone(),
        who: String::new(),
        now,
    };
    book(tx, merchant, &cause, posting).await?;
    Ok(true)
}

/// The account that a budget takes its points from, and gets them back into.
fn source(budget: &Budget) -> &'static str {
    if budget.most.is_some() { BUDGET } else { ISSUED }
}

/// Sets points aside; false if the budget has not so many left. The caller holds its lock.
pub(super) async fn set_aside(
    tx: &mut Tx,
    budget: &Budget,
    points: i64,
    cause: &Cause,
) -> Result<bool, PointsError> {
    if points == 0 {
        return Ok(true);
    }
    if !tx.promise_points(&budget.id, points).await? {
        return Ok(false);
    }
    let posting =
        Posting::new().debit(source(budget), POINTS, points).credit(PROMISED, POINTS, points);
    book(tx, &budget.merchant_id, cause, posting).await?;
    Ok(true)
}

/// Frees points that were set aside.
pub(super) async fn free(
    tx: &mut Tx,
    budget: &str,
    points: i64,
    cause: &Cause,
) -> Result<(), PointsError> {
    if points == 0 {
        return Ok(());
    }
    let budget = tx.lock_budget(budget).await?;
    if !tx.release_points(&budget.id, points).await? {
        return Err(PointsError::Budget(budget.id));
    }
    let posting =
        Posting::new().debit(PROMISED, POINTS, points).credit(source(&budget), POINTS, points);
    book(tx, &budget.merchant_id, cause, posting).await
}

/// Counts points as given that were set aside; their posting is the card's.
pub(super) async fn give(tx: &mut Tx, budget: &str, points: i64) -> Result<(), PointsError> {
    if points == 0 || tx.spend_points(budget, points).await? {
        return Ok(());
    }
    Err(PointsError::Budget(budget.into()))
}

/// Takes points back into a budget; answers the account that they belong to then. Of `promise` they
/// are set aside again.
pub(super) async fn regain(
    tx: &mut Tx,
    budget: &str,
    points: i64,
    promise: bool,
) -> Result<&'static str, PointsError> {
    let budget = tx.lock_budget(budget).await?;
    if points > 0 && !tx.unspend_points(&budget.id, points, promise).await? {
        return Err(PointsError::Budget(budget.id));
    }
    Ok(if promise { PROMISED } else { source(&budget) })
}
