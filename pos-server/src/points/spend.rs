//! Points that are spent, given back, turned into balance, or given for a tap alone.

use super::PointsError;
use super::expire::expire_card;
use super::hold::{Cause, PROMISED, SPENT, lock, put, take};
use super::limit::{give, set_aside};
use super::running::Running;
use crate::db::Tx;
use crate::db::card::Card;
use crate::db::points::{PointsCard, PointsMove};
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::domain::id::{SaleId, StoreId};
use crate::domain::local::Local;
use crate::domain::time::Time;

/// Points that left a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// How many.
    pub points: i64,
    /// What the card holds now.
    pub held: i64,
}

/// What a card can spend now, locked until the commit: what is over is taken off first.
async fn ready(tx: &mut Tx, card: &Card, now: Time) -> Result<PointsCard, PointsError> {
    let mut points = lock(tx, card, now).await?;
    expire_card(tx, card, &mut points, now).await?;
    Ok(points)
}

/// Spends as many points as `decide` says of those the card holds, for a sale, by the tap `reference`.
/// None if it decides for none, or the tap was used. The caller holds the sale's lock.
pub async fn spend(
    tx: &mut Tx,
    card: &Card,
    sale: &Sale,
    reference: &str,
    decide: impl FnOnce(i64) -> Option<i64>,
    now: Time,
) -> Result<Option<Spent>, PointsError> {
    let cause = by_tap("spent", reference, Some(&sale.id), &sale.store_id, &sale.staff_name, now);
    off(tx, card, decide, &cause).await
}

/// Turns as many points as `decide` says into balance; what they become is the caller's to book.
pub async fn convert(
    tx: &mut Tx,
    card: &Card,
    store: &StoreId,
    reference: &str,
    who: &str,
    decide: impl FnOnce(i64) -> Option<i64>,
    now: Time,
) -> Result<Option<Spent>, PointsError> {
    off(tx, card, decide, &by_tap("converted", reference, None, store, who, now)).await
}

async fn off(
    tx: &mut Tx,
    card: &Card,
    decide: impl FnOnce(i64) -> Option<i64>,
    cause: &Cause,
) -> Result<Option<Spent>, PointsError> {
    let mut points = ready(tx, card, cause.now).await?;
    let wanted = decide(points.held).filter(|wanted| (1..=points.held).contains(wanted));
    let Some(wanted) = wanted else { return Ok(None) };
    let done = take(tx, &mut points, wanted, SPENT, cause).await?;
    Ok(done.then_some(Spent { points: wanted, held: points.held }))
}

/// Gives back the points that a tap spent on a sale, as new ones; false if they were given back before,
/// or none were spent. The caller holds the sale's lock.
pub async fn give_back(
    tx: &mut Tx,
    sale: &Sale,
    card_id: &str,
    reference: &str,
    who: &str,
    expires_ms: Option<i64>,
    now: Time,
) -> Result<bool, PointsError> {
    let Some(spent) = tx.points_move(card_id, "spent", reference).await? else { return Ok(false) };
    let Some(card) = tx.card(card_id).await? else { return Ok(false) };
    let mut points = lock(tx, &card, now).await?;
    let cause = by_tap("returned", reference, Some(&sale.id), &sale.store_id, who, now);
    put(tx, &mut points, spent.points, expires_ms, SPENT, &cause).await
}

/// Gives points for a tap without a purchase, if the programme does, its caps and its budget have room
/// and the card rested; answers what it got. The caller has proven the tap and used it up.
pub async fn tap(
    tx: &mut Tx,
    running: &Running,
    store: &Store,
    card: &Card,
    reference: &str,
    who: &str,
    now: Time,
) -> Result<Option<PointsMove>, PointsError> {
    let Some(rule) = running.rules.tap else { return Ok(None) };
    let mut points = ready(tx, card, now).await?;
    let local = Local::new(&store.time_zone);
    let today = local.day_start(now.0, 0);
    let (times, last) = tx.tap_points(&card.id, today).await?;
    if !rule.allows(times, last, now.0) {
        return Ok(None);
    }
    let since =
        crate::db::points::Since { day: local.date(now.0), year: String::new(), spent_ms: now.0 };
    let had = tx.had(&card.id, &since).await?;
    let by_taps = tx.had_by_taps(&card.id, today.0).await?;
    let room = running.rules.room(had.today + by_taps.0, had.ever + by_taps.1);
    if room.is_some_and(|room| room < rule.points) {
        return Ok(None);
    }
    let budget = tx.lock_budget(&running.programme.id).await?;
    let cause = by_tap("tap", reference, None, &store.id, who, now);
    if !set_aside(tx, &budget, rule.points, &cause).await? {
        return Ok(None);
    }
    give(tx, &budget.id, rule.points).await?;
    let expires = running.rules.expires_ms(now.0);
    put(tx, &mut points, rule.points, expires, PROMISED, &cause).await?;
    Ok(tx.points_move(&card.id, "tap", reference).await?)
}

fn by_tap(
    kind: &'static str,
    reference: &str,
    sale: Option<&SaleId>,
    store: &StoreId,
    who: &str,
    now: Time,
) -> Cause {
    Cause {
        kind,
        reference: reference.into(),
        sale: sale.cloned(),
        store: store.clone(),
        who: who.into(),
        now,
    }
}
