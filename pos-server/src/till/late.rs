//! Money that waits for a person's word: a late payment is added to its sale or given back, what
//! was too much is given back. In cash, from the drawer; that is on the receipt and in the books.

use serde_json::json;

use super::finish::{head, write_back};
use super::once::Once;
use super::settle::{offer_facts, take_split};
use super::{Actor, TillError, begin, cash, watch};
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::db::{DbError, Tx};
use crate::domain::id::SaleId;
use crate::domain::money::Msat;
use crate::domain::settle::credit;
use crate::ledger::{self, MSAT, Posting};
use crate::points;
use crate::rail::RailName;

/// Adds a late or extra payment to its open sale, at the price of its own offer; what is beyond
/// the due stays the payer's.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    payment: &str,
    once: &Once,
) -> Result<(), TillError> {
    let Some((_, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    watch::cancel(app, &offers).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    if !once.keep_alone(&mut tx, &app.db, now).await? {
        return Ok(());
    }
    let (mut payment, attempt) = find(&mut tx, &sale, payment).await?;
    if sale.state != "open" || sale.due() == 0 {
        return Err(TillError::refused("This sale needs no more money. Give it back instead."));
    }
    let attempt = attempt.ok_or(DbError::NotFound)?;
    let paid = Msat::from_db(payment.msat)?;
    let split = credit(sale.due(), offer_facts(&attempt, &[], paid)?, paid);
    let (kind, owed_before) = (payment.kind.clone(), payment.owed_msat);
    take_split(&mut payment, split);
    payment.kind = kind;
    if split.credited == 0 || !tx.credit_payment(&payment).await? {
        return Err(TillError::refused("This money was dealt with before. Look again."));
    }
    let freed = owed_before - payment.owed_msat;
    let posting = Posting::new()
        .debit("owed", MSAT, freed)
        .credit("conversion", MSAT, freed)
        .debit("conversion", &sale.currency, payment.credited)
        .credit("customer", &sale.currency, payment.credited);
    ledger::post(&mut tx, head(&sale, Some(&payment.id), "payment.added"), posting, now).await?;
    sale.credit(payment.credited)?;
    let body =
        json!({ "payment": payment.id, "credited": payment.credited, "by": actor.staff.name });
    tx.add_event(&sale.merchant_id, id, "payment.added", &body, now).await?;
    write_back(&mut tx, sale, now).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// Notes that the payer got back, in cash, what a payment brought too much; while the sale is open
/// also what it brought for the sale, which is due again then. Rounded to coins; the rounding is
/// booked.
pub async fn give_back(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    payment: &str,
    once: &Once,
) -> Result<(), TillError> {
    let Some((_, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    watch::cancel(app, &offers).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    if !once.keep_alone(&mut tx, &app.db, now).await? {
        return Ok(());
    }
    let (payment, _) = find(&mut tx, &sale, payment).await?;
    let uncredited = if sale.state == "open" { payment.credited } else { 0 };
    let minor = payment.owed + uncredited;
    if minor == 0 || !tx.give_back(&payment.id, uncredited, now).await? {
        return Err(TillError::refused("This was given back before, or is not owed."));
    }
    if payment.rail == RailName::Points.as_str() {
        sale.uncredit(uncredited)?;
        return points_back(app, actor, tx, sale, &payment, uncredited).await;
    }
    let coins = cash::rule(&actor.store).round(minor);
    let posting = Posting::new()
        .debit("owed", MSAT, payment.owed_msat)
        .credit("conversion", MSAT, payment.owed_msat)
        .debit("conversion", &sale.currency, payment.owed)
        .debit("customer", &sale.currency, uncredited)
        .credit("drawer", &sale.currency, coins)
        .credit("cash-rounding", &sale.currency, minor - coins);
    let reason = head(&sale, Some(&payment.id), "payment.given-back");
    ledger::post(&mut tx, reason, posting, now).await?;
    if uncredited > 0 {
        sale.uncredit(uncredited)?;
        if payment.rail == RailName::Cash.as_str() {
            sale.tendered -= uncredited;
        }
        tx.update_sale("open", &sale).await?;
    }
    let body = json!({ "payment": payment.id, "coins": coins, "by": actor.staff.name });
    tx.add_event(&sale.merchant_id, id, "payment.given-back", &body, now).await?;
    let detail = format!("{} of payment {}", sale.currency()?.write(coins), payment.id);
    tx.audit(&sale.merchant_id, &actor.staff.name, "payment.given-back", &detail, now).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// Points that paid a part go back onto their card, as new ones.
async fn points_back(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    sale: Sale,
    payment: &Payment,
    uncredited: i64,
) -> Result<(), TillError> {
    let now = app.now();
    let running = points::running(&mut tx, &sale).await?;
    let expires = running.and_then(|running| running.rules.expires_ms(now.0));
    let (card, who) = (payment.reference.split(':').next().unwrap_or_default(), &actor.staff.name);
    let name = &payment.reference;
    if !points::give_back(&mut tx, &sale, card, name, who, expires, now).await? {
        return Err(TillError::refused("This was given back before, or is not owed."));
    }
    let posting = Posting::new().debit("customer", &sale.currency, uncredited).credit(
        "rewards",
        &sale.currency,
        uncredited,
    );
    let reason = head(&sale, Some(&payment.id), "payment.given-back");
    ledger::post(&mut tx, reason, posting, now).await?;
    tx.update_sale("open", &sale).await?;
    let body = json!({ "payment": payment.id, "coins": 0, "by": who });
    tx.add_event(&sale.merchant_id, &sale.id, "payment.given-back", &body, now).await?;
    let detail = format!("points for {}", sale.currency()?.write(uncredited));
    tx.audit(&sale.merchant_id, who, "payment.given-back", &detail, now).await?;
    tx.commit().await?;
    app.live.changed(&sale.id);
    Ok(())
}

async fn find(
    tx: &mut Tx,
    sale: &Sale,
    payment: &str,
) -> Result<(Payment, Option<Attempt>), TillError> {
    let payments = tx.payments_of(&sale.id).await?;
    let payment = payments.into_iter().find(|one| one.id.as_str() == payment);
    let payment = payment.ok_or(DbError::NotFound)?;
    let attempts = tx.attempts_of(&sale.id).await?;
    let id = payment.attempt_id.clone();
    let attempt = attempts.into_iter().find(|one| Some(one.id.as_str()) == id.as_deref());
    Ok((payment, attempt))
}
