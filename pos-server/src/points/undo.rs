//! What takes points back: money that does not count any more, a sale that is cancelled, a refund.

use serde_json::json;

use super::PointsError;
use super::earn::cause;
use super::hold::{Cause, book, lock, take_earned};
use super::limit::{free, regain};
use crate::db::Tx;
use crate::db::points::Earning;
use crate::db::sale::Sale;
use crate::domain::points::taken_back;
use crate::domain::time::Time;
use crate::ledger::Posting;

/// Takes all back that a sale earned, for its money was taken back; it is promised again, and earned
/// again if the sale is paid again. What was spent since the card owes. The caller holds the sale's
/// lock.
pub async fn reopen(tx: &mut Tx, sale: &Sale, now: Time) -> Result<(), PointsError> {
    let Some(mut earning) = earned(tx, sale).await? else { return Ok(()) };
    let Some(card) = tx.card(&earning.card_id).await? else { return Ok(()) };
    let mut points = lock(tx, &card, now).await?;
    forget_refunds(&mut earning);
    let all = earning.all();
    if all > 0 {
        regain(tx, &earning.budget_id, earning.points, true).await?;
        let to = regain(tx, &earning.bonus_id, earning.sign_up + earning.birthday, true).await?;
        let cause = cause("taken_back", sale, &earning, now);
        take_earned(tx, &mut points, (all, earning.at_ms), to, &cause).await?;
        let body = json!({ "points": all, "held": points.held, "owed": points.owed });
        tx.add_event(&sale.merchant_id, &sale.id, "points.taken-back", &body, now).await?;
    }
    earning.state = "promised".into();
    tx.save_earning("earned", &earning).await?;
    Ok(())
}

/// What was taken back for refunds is not promised again: of the purchase's points first, then of the
/// bonuses.
fn forget_refunds(earning: &mut Earning) {
    let mut rest = earning.clawed;
    for part in [&mut earning.points, &mut earning.sign_up, &mut earning.birthday] {
        let off = rest.min(*part);
        *part -= off;
        rest -= off;
    }
    (earning.clawed, earning.refunded) = (0, 0);
}

/// Frees what was promised for a sale that comes to nothing. The caller holds the sale's lock.
pub async fn release(tx: &mut Tx, sale: &Sale, now: Time) -> Result<(), PointsError> {
    if sale.card_id.is_none() {
        return Ok(());
    }
    let Some(mut earning) = tx.earning(&sale.id).await? else { return Ok(()) };
    if earning.state != "promised" {
        return Ok(());
    }
    let cause = cause("released", sale, &earning, now);
    free(tx, &earning.budget_id, earning.points, &cause).await?;
    free(tx, &earning.bonus_id, earning.sign_up + earning.birthday, &cause).await?;
    earning.state = "released".into();
    tx.save_earning("promised", &earning).await?;
    Ok(())
}

/// Takes back the share of `refunded` minor units that went back to the payer: of all refunds together,
/// rounded down, and everything once everything went back. Each `reference` counts once. Answers how
/// many points it took. The caller holds the sale's lock.
pub async fn refund(
    tx: &mut Tx,
    sale: &Sale,
    refunded: i64,
    reference: &str,
    who: &str,
    now: Time,
) -> Result<i64, PointsError> {
    let Some(mut earning) = earned(tx, sale).await? else { return Ok(0) };
    let Some(card) = tx.card(&earning.card_id).await? else { return Ok(0) };
    let mut points = lock(tx, &card, now).await?;
    let total = sale.total.saturating_add(sale.rounding);
    let so_far = earning.refunded.saturating_add(refunded.max(0)).min(total);
    let due = taken_back(earning.all(), total, so_far) - earning.clawed;
    if refunded <= 0 || !tx.add_points_refund(&sale.id, reference, refunded, due, now).await? {
        return Ok(0);
    }
    if due > 0 {
        // Of the purchase's points first, then of the bonuses.
        let own = due.min(earning.points.saturating_sub(earning.clawed).max(0));
        let mut cause = Cause { who: who.into(), ..cause("refunded", sale, &earning, now) };
        cause.reference = format!("{}:{reference}", sale.id);
        let to = regain(tx, &earning.budget_id, own, false).await?;
        let bonus_to = regain(tx, &earning.bonus_id, due - own, false).await?;
        take_earned(tx, &mut points, (due, earning.at_ms), to, &cause).await?;
        if to != bonus_to {
            let shift = Posting::new().debit(to, super::POINTS, due - own).credit(
                bonus_to,
                super::POINTS,
                due - own,
            );
            book(tx, &sale.merchant_id, &cause, shift).await?;
        }
        let body = json!({ "points": due, "held": points.held, "owed": points.owed });
        tx.add_event(&sale.merchant_id, &sale.id, "points.taken-back", &body, now).await?;
    }
    earning.refunded = so_far;
    earning.clawed += due;
    tx.save_earning("earned", &earning).await?;
    Ok(due)
}

async fn earned(tx: &mut Tx, sale: &Sale) -> Result<Option<Earning>, PointsError> {
    if sale.card_id.is_none() {
        return Ok(None);
    }
    Ok(tx.earning(&sale.id).await?.filter(|earning| earning.state == "earned"))
}
