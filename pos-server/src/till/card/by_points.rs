//! Points as a tender: they pay all of a sale that they can, at their worth, with a tap.

use serde_json::json;

use super::super::finish::{head, write_back};
use super::super::once::Once;
use super::super::{Actor, TillError, begin, offer, watch};
use super::collect::{fit, used};
use super::pay::meanwhile;
use super::{first, refuse, take};
use crate::app::App;
use crate::card::{Place, Shown};
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::id::{AttemptId, PaymentId, SaleId};
use crate::domain::money::Money;
use crate::domain::points::{Paid, Price, Rules, Worth, pays};
use crate::domain::time::Time;
use crate::ledger::{self, Posting};
use crate::points;
use crate::rail::RailName;

/// Pays what is due with the points of the card behind `link`: all of it, or as much as they can, and
/// the rest stays due. Offers that are out are cancelled first, as for cash.
pub async fn pay_by_points(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    link: &str,
    once: &Once,
) -> Result<(), TillError> {
    let Some((sale, offers)) = begin(app, actor, id, once).await? else {
        return first(app, once).await.map(|_| ());
    };
    let running = points::running_at(&app.db, &actor.store).await?;
    let running = running.ok_or_else(|| TillError::refused("Points do not pay here."))?;
    let taken = take(app, actor, link, Place::Till).await?;
    let tap = &taken.shown;
    if sale.state != "open" {
        return refuse(app, once, &taken, "no sale", "This sale is not open any more.".into())
            .await;
    }
    let due = sale.due();
    let price = match price(app, actor, &running.rules, &sale) {
        Ok(price) => price,
        Err(why) => return refuse(app, once, &taken, "no price", why).await,
    };
    // Looked at before offers are cancelled, for the customer may pay another way yet.
    let card = app.db.card(&tap.card_id).await?;
    if let Err((why, words)) = fit(actor, &sale.money, &taken, card.as_ref(), app.now()) {
        return refuse(app, once, &taken, why, words).await;
    }
    let standing = match &card {
        Some(card) => points::standing(&app.db, card, app.now()).await?,
        None => None,
    };
    let held = standing.map_or(0, |standing| standing.held);
    let decide = |held: i64| pays(running.rules.worth, price, due, held);
    if decide(held).is_none() {
        let words = too_few(held);
        return refuse(app, once, &taken, "too few points", words).await;
    }
    watch::cancel(app, &offers).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let sale = tx.lock_sale(id).await?;
    if !once.keep(&mut tx, "", now).await? {
        drop(tx);
        return first(app, once).await.map(|_| ());
    }
    if let Some(why) = meanwhile(&mut tx, &sale, due).await? {
        drop(tx);
        return refuse(app, once, &taken, "paid another way", why.into()).await;
    }
    let card = match used(&mut tx, actor, &sale.money, &taken, now).await? {
        Ok(card) => card,
        Err((why, words)) => {
            drop(tx);
            return refuse(app, once, &taken, why, words).await;
        }
    };
    let (mut paid, name) = (None, reference(tap));
    let wanted = |held: i64| {
        paid = decide(held);
        paid.map(|paid| paid.points)
    };
    let spent = points::spend(&mut tx, &card, &sale, &name, wanted, now).await?;
    let (Some(paid), Some(_)) = (paid, spent) else {
        drop(tx);
        return refuse(app, once, &taken, "too few points", too_few(0)).await;
    };
    let sale = write(&mut tx, actor, sale, tap, paid, now).await?;
    tx.end_card_tap(&taken.id, "paid in points").await?;
    tx.commit().await?;
    app.live.changed(id);
    app.nudge.notify_one();
    if sale.state == "open" {
        offer::after_part(app, actor, id).await;
    }
    Ok(())
}

/// The name of a tap.
pub(super) fn reference(tap: &Shown) -> String {
    format!("{}:{}:{}", tap.card_id, tap.version, tap.counter)
}

fn too_few(held: i64) -> String {
    match held {
        0 => "There are no points on this card.".into(),
        held => format!("{held} points pay nothing of this."),
    }
}

/// What is due in bitcoin, where points are worth satoshi.
fn price(app: &App, actor: &Actor, rules: &Rules, sale: &Sale) -> Result<Option<Price>, String> {
    if matches!(rules.worth, Worth::Minor(_)) {
        return Ok(None);
    }
    let quote = app.quote(&actor.store)?;
    let currency = sale.currency().map_err(|error| error.to_string())?;
    let due = sale.due();
    let msat = quote.ask(Money::new(due, currency)).map_err(|error| error.to_string())?;
    Ok(Some(Price { minor: due, msat: msat.to_db() }))
}

async fn write(
    tx: &mut Tx,
    actor: &Actor,
    mut sale: Sale,
    tap: &Shown,
    paid: Paid,
    now: Time,
) -> Result<Sale, TillError> {
    let (attempt, payment) = rows(&sale, tap, paid.minor, now.0);
    tx.add_attempt(&attempt).await?;
    if !tx.add_payment(&payment).await? {
        return Err(TillError::refused("This tap paid before."));
    }
    let posting = Posting::new().debit("rewards", &sale.currency, paid.minor).credit(
        "customer",
        &sale.currency,
        paid.minor,
    );
    ledger::post(tx, head(&sale, Some(&payment.id), "points.paid"), posting, now).await?;
    let body = json!({
        "payment": payment.id, "kind": payment.kind, "msat": 0, "points": paid.points,
        "credited": payment.credited, "owed": 0, "owed_msat": 0, "by": actor.staff.name,
    });
    tx.add_event(&sale.merchant_id, &sale.id, "payment.arrived", &body, now).await?;
    sale.credit(paid.minor)?;
    sale.card_id.get_or_insert_with(|| tap.card_id.clone());
    write_back(tx, sale, now).await
}

fn rows(sale: &Sale, tap: &Shown, minor: i64, now_ms: i64) -> (Attempt, Payment) {
    let attempt = Attempt {
        id: AttemptId::new(),
        sale_id: sale.id.clone(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        rail: RailName::Points.as_str().into(),
        reference: reference(tap),
        state: "settled".into(),
        amount: minor,
        asked_msat: 0,
        request: None,
        quote: None,
        offered_ms: now_ms,
        expires_ms: now_ms,
        checked_ms: now_ms,
        next_check_ms: now_ms,
        ended_ms: Some(now_ms),
        cancelled_ms: None,
    };
    let payment = Payment {
        id: PaymentId::new(),
        rail: attempt.rail.clone(),
        reference: attempt.reference.clone(),
        offer: attempt.reference.clone(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        sale_id: Some(sale.id.to_string()),
        attempt_id: Some(attempt.id.to_string()),
        kind: "due".into(),
        msat: 0,
        currency: Some(sale.currency.clone()),
        credited: minor,
        owed: 0,
        owed_msat: 0,
        returned: 0,
        given_back_ms: None,
        gone_ms: None,
        paid_ms: now_ms,
        received_ms: now_ms,
    };
    (attempt, payment)
}
