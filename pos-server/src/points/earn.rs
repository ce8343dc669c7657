//! A sale that is paid: what was promised goes onto the card.

use serde_json::json;

use super::hold::{Cause, lock, put};
use super::limit::{free, give};
use super::promise::promise;
use super::running::running;
use super::{PointsError, hold};
use crate::db::Tx;
use crate::db::points::Earning;
use crate::db::sale::Sale;
use crate::domain::points::{Rules, share};
use crate::domain::rate::Quote;
use crate::domain::time::Time;

/// How `payment.rail` is called where points paid.
const BY_POINTS: &str = "points";

/// Gives what a paid sale earns, once, whatever repeats; answers it if there is a card and a programme.
/// What was paid in points earns nothing. Costs nothing for a sale without a card. The caller holds the
/// sale's lock.
pub async fn earn(
    tx: &mut Tx,
    sale: &Sale,
    quote: Option<&Quote>,
    now: Time,
) -> Result<Option<Earning>, PointsError> {
    let Some(card_id) = &sale.card_id else { return Ok(None) };
    let (mut earning, rules) = match tx.earning(&sale.id).await? {
        Some(earning) if earning.state != "promised" => return Ok(Some(earning)),
        Some(earning) => (earning, rules(tx, sale).await?),
        None => {
            let Some(running) = running(tx, sale).await? else { return Ok(None) };
            let Some(card) = tx.card(card_id).await? else { return Ok(None) };
            (promise(tx, &running, sale, &card, quote, now).await?, Some(running.rules))
        }
    };
    let Some(card) = tx.card(&earning.card_id).await? else { return Ok(None) };
    let mut points = lock(tx, &card, now).await?;
    settle(tx, sale, &mut earning, now).await?;
    let all = earning.all();
    if all > 0 {
        let expires = rules.and_then(|rules| rules.expires_ms(now.0));
        let cause = cause("earned", sale, &earning, now);
        put(tx, &mut points, all, expires, hold::PROMISED, &cause).await?;
        let body = json!({ "points": all, "held": points.held, "event": earning.event_id });
        tx.add_event(&sale.merchant_id, &sale.id, "points.earned", &body, now).await?;
    }
    tx.save_earning("promised", &earning).await?;
    Ok(Some(earning))
}

/// The rules that stand now, for when points expire; a programme that was ended since keeps its word,
/// and then they do not.
async fn rules(tx: &mut Tx, sale: &Sale) -> Result<Option<Rules>, PointsError> {
    Ok(running(tx, sale).await?.map(|running| running.rules))
}

/// Cuts the promise down to what was not paid in points, frees the rest, and counts it as given.
async fn settle(
    tx: &mut Tx,
    sale: &Sale,
    earning: &mut Earning,
    now: Time,
) -> Result<(), PointsError> {
    let payments = tx.payments_of(&sale.id).await?;
    let by_points = payments.iter().filter(|one| one.rail == BY_POINTS);
    let by_points = by_points.fold(0_i64, |all, one| all.saturating_add(one.credited));
    let total = sale.total.saturating_add(sale.rounding);
    let rest = total.saturating_sub(earning.by_points);
    let more = by_points.saturating_sub(earning.by_points);
    let was = earning.clone();
    earning.points = share(was.points, rest, more);
    earning.net = share(was.net, rest, more);
    earning.by_points = by_points;
    if earning.points == 0 {
        (earning.sign_up, earning.birthday) = (0, 0);
    }
    let cause = cause("cut", sale, earning, now);
    free(tx, &earning.budget_id, was.points - earning.points, &cause).await?;
    let bonus = earning.sign_up + earning.birthday;
    free(tx, &earning.bonus_id, was.sign_up + was.birthday - bonus, &cause).await?;
    give(tx, &earning.budget_id, earning.points).await?;
    give(tx, &earning.bonus_id, bonus).await?;
    earning.times += 1;
    earning.state = "earned".into();
    Ok(())
}

/// Why points of a sale move; each turn of it by a name of its own.
pub(super) fn cause(kind: &'static str, sale: &Sale, earning: &Earning, now: Time) -> Cause {
    let turn = if kind == "earned" { earning.times } else { earning.times.max(1) };
    Cause {
        kind,
        reference: format!("{}:{turn}", sale.id),
        sale: Some(sale.id.clone()),
        store: sale.store_id.clone(),
        who: sale.staff_name.clone(),
        now,
    }
}
