//! Settlement: money that a rail says arrived becomes exactly one payment, in one transaction with
//! attempt, sale, ledger, receipt number and event. Called twice, late, at once by two workers or
//! after a crash, it gives the same end, because:
//!
//! - a payment's key is (merchant, rail, reference), and its insert decides who was first;
//! - the sale's lock is held from reading what is due to writing what was credited;
//! - the place in the rail's stream moves in the same transaction.

use serde_json::json;

use super::TillError;
use super::card::drawn::{self, Put};
use super::finish::{head, write_back};
use super::found::{claimed, found};
use super::gone::{disowned, taken_back};
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::db::{DbError, Tx};
use crate::domain::id::{PaymentId, SaleId};
use crate::domain::money::Msat;
use crate::domain::settle::{Arrival, OfferFacts, SaleFacts, Split, marked, split};
use crate::domain::time::Time;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::{Cursor, Paid, RailName, Standing};
use crate::rails::Connected;

const SATOSHI: u64 = 1_000;

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It was kept before; nothing changed.
    Before,
    /// It is kept, and belongs to this sale.
    Kept(SaleId),
    /// It is on a card, for which it was meant.
    OnCard,
    /// It is kept as found money: no offer of ours has this name.
    Found,
}

/// Settles one payment that `connected` told of. With a `cursor`, the place in the stream moves
/// too. Nothing is lost if this fails: the rail tells of it again.
pub async fn settle(
    app: &App,
    connected: &Connected,
    paid: &Paid,
    cursor: Option<Cursor>,
) -> Result<Settled, TillError> {
    let now = app.now();
    let (merchant, rail) = (&connected.merchant_id, connected.rail.name().as_str());
    let mut tx = app.db.begin().await?;
    let settled = match tx.lock_sale_of_offer(merchant, rail, &paid.offer).await? {
        None => elsewhere(&mut tx, connected, paid, now).await?,
        Some(sale) => for_sale(&mut tx, connected, sale, paid, now).await?,
    };
    let claimed = claimed(&mut tx, connected, paid, now).await?;
    if let Some(cursor) = cursor {
        let (add, settle) = (index(cursor.add), index(cursor.settle));
        tx.advance_cursor(&connected.id, add, settle).await?;
    } else if settled == Settled::Before && !claimed {
        return Ok(settled);
    }
    tx.commit().await?;
    if let Settled::Kept(sale) = &settled {
        app.live.changed(sale);
        app.nudge.notify_one();
    }
    Ok(settled)
}

fn index(index: u64) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// Settles a payment that is no sale's: it is for a card, or found.
async fn elsewhere(
    tx: &mut Tx,
    connected: &Connected,
    paid: &Paid,
    now: Time,
) -> Result<Settled, TillError> {
    let (merchant, rail) = (&connected.merchant_id, connected.rail.name().as_str());
    let Some(drawn) = tx.lock_drawn(merchant, rail, &paid.offer).await? else {
        return found(tx, connected, paid, now).await;
    };
    let currency = tx.currency_of(&drawn.store_id).await?;
    match drawn::put(tx, &drawn, paid, &currency, now).await? {
        Put::Now => Ok(Settled::OnCard),
        Put::Before => Ok(Settled::Before),
        Put::Not => found(tx, connected, paid, now).await,
    }
}

/// Settles a payment of a sale, whose lock the caller holds.
async fn for_sale(
    tx: &mut Tx,
    connected: &Connected,
    mut sale: Sale,
    paid: &Paid,
    now: Time,
) -> Result<Settled, TillError> {
    let before = tx.payments_of(&sale.id).await?;
    let rail = connected.rail.name().as_str();
    let mut known =
        before.iter().find(|one| one.rail == rail && one.reference == paid.reference).cloned();
    // Read under the lock: nobody moves it meanwhile.
    let attempt = tx.attempt_by_reference(&sale.merchant_id, rail, &paid.offer).await?;
    let attempt = attempt.ok_or(DbError::NotFound)?;
    if paid.standing == Standing::Gone {
        return match known.as_mut() {
            Some(payment) => taken_back(tx, sale, attempt, payment, now).await,
            None => disowned(tx, sale, attempt, blank(connected, paid, now), now).await,
        };
    }
    if known.as_ref().is_some_and(|payment| payment.gone_ms.is_none()) {
        return Ok(Settled::Before);
    }
    let offer = offer_facts(&attempt, &before, paid.amount)?;
    let facts = SaleFacts { open: sale.state == "open", due: sale.due() };
    let split = match paid.standing {
        Standing::Marked => marked(facts, offer),
        _ => split(facts, offer, paid.amount, paid.at),
    };
    let again = known.is_some();
    let mut payment = known.unwrap_or_else(|| blank(connected, paid, now));
    belongs(&mut payment, &sale, &attempt);
    let split = take_again(&mut payment, split);
    let kept = match again {
        true => tx.regain_payment(&payment).await?,
        false => tx.add_payment(&payment).await?,
    };
    if !kept {
        return Ok(Settled::Before);
    }
    let ends = match split.arrival {
        // Nobody looked since it ran out: it is over all the same, and nothing waits for it.
        Arrival::Late if attempt.live() => Some("expired"),
        Arrival::Late => None,
        _ => Some("settled"),
    };
    if let Some(end) = ends.filter(|end| attempt.state != *end) {
        tx.move_attempt(&attempt.id, &attempt.state, end, now).await?;
    }
    let posting = arrival(&sale.currency, &owing(&payment));
    ledger::post(tx, head(&sale, Some(&payment.id), "payment.arrived"), posting, now).await?;
    let body = json!({
        "payment": payment.id, "kind": payment.kind, "msat": payment.msat,
        "credited": payment.credited, "owed": payment.owed, "owed_msat": payment.owed_msat,
    });
    tx.add_event(&sale.merchant_id, &sale.id, "payment.arrived", &body, now).await?;
    if split.credited > 0 {
        sale.credit(split.credited)?;
        sale = write_back(tx, sale, now).await?;
    }
    Ok(Settled::Kept(sale.id))
}

/// Writes whose payment it is.
pub(super) fn belongs(payment: &mut Payment, sale: &Sale, attempt: &Attempt) {
    payment.store_id = sale.store_id.clone();
    payment.sale_id = Some(sale.id.to_string());
    payment.attempt_id = Some(attempt.id.to_string());
    payment.currency = Some(sale.currency.clone());
}

/// A payment as the rail tells of it, found until it is somebody's.
pub(super) fn blank(connected: &Connected, paid: &Paid, now: Time) -> Payment {
    Payment {
        id: PaymentId::new(),
        rail: connected.rail.name().as_str().into(),
        reference: paid.reference.clone(),
        offer: paid.offer.clone(),
        merchant_id: connected.merchant_id.clone(),
        store_id: connected.store_id.clone(),
        connection_id: Some(connected.id.to_string()),
        sale_id: None,
        attempt_id: None,
        kind: "found".into(),
        // The merchant's word is no bitcoin.
        msat: if paid.standing == Standing::Marked { 0 } else { paid.amount.to_db() },
        currency: None,
        credited: 0,
        owed: 0,
        owed_msat: 0,
        given_back_ms: None,
        gone_ms: None,
        returned: 0,
        paid_ms: paid.at.0,
        received_ms: now.0,
    }
}

/// What the pure rules need to know of an offer, and the payments to it before one of `paid`.
pub(super) fn offer_facts(
    attempt: &Attempt,
    before: &[Payment],
    paid: Msat,
) -> Result<OfferFacts, TillError> {
    let mine = Some(attempt.id.as_str());
    let to_it = |one: &&Payment| one.attempt_id.as_deref() == mine && one.gone_ms.is_none();
    let before: Vec<&Payment> = before.iter().filter(to_it).collect();
    let asked = Msat::from_db(attempt.asked_msat)?;
    let mut facts = OfferFacts {
        amount: attempt.amount,
        asked,
        expires: Time(attempt.expires_ms),
        paid_before: !before.is_empty(),
        price: (attempt.amount, asked),
    };
    if attempt.rail != RailName::Btcpay.as_str() {
        return Ok(facts);
    }
    // An invoice of BTCPay's is paid in as many parts as its payer likes, until it is paid or
    // marked as such.
    let came = before.iter().map(|one| one.msat).fold(0_i64, i64::saturating_add);
    let came = Msat::from_db(came)?;
    let marked = before.iter().any(|one| one.kind == Arrival::Marked.as_str());
    if came < asked && !marked {
        let counted = |one: &&Payment| one.credited.saturating_add(one.owed);
        let counted = before.iter().map(counted).fold(0_i64, i64::saturating_add);
        facts.amount = facts.amount.saturating_sub(counted).max(0);
        facts.asked = asked.less(came);
        facts.paid_before = false;
    }
    // The chain carries whole satoshi: what it rounded up was asked for.
    let over = paid.less(facts.asked);
    if over.get() < SATOSHI {
        facts.asked = facts.asked.max(paid);
    }
    Ok(facts)
}

/// Writes a split into a payment's row.
pub(super) fn take_split(payment: &mut Payment, split: Split) {
    payment.kind = split.arrival.as_str().into();
    payment.credited = split.credited;
    payment.owed = split.owed;
    payment.owed_msat = split.owed_msat.to_db();
}

/// Writes a split into the row of a payment that may have counted before. What was given back of it
/// then is not owed twice, and stays known.
fn take_again(payment: &mut Payment, split: Split) -> Split {
    let given = if payment.given_back_ms.is_some() { payment.owed } else { 0 };
    let already = payment.returned.saturating_add(given);
    let left = split.less_given_back(already);
    let before = (payment.owed, payment.owed_msat);
    take_split(payment, left);
    if given > 0 && left.owed == 0 {
        (payment.owed, payment.owed_msat) = before;
    } else {
        payment.given_back_ms = None;
        payment.returned = already;
    }
    left
}

/// A payment as the books see it: what was given back is owed no more.
pub(super) fn owing(payment: &Payment) -> Payment {
    let owed_msat = if payment.given_back_ms.is_some() { 0 } else { payment.owed_msat };
    Payment { owed_msat, ..payment.clone() }
}

/// The books of a bitcoin payment: what is the payer's stays apart, in msat. The merchant's word
/// alone is booked as that.
pub(super) fn arrival(currency: &str, payment: &Payment) -> Posting {
    if payment.kind == Arrival::Marked.as_str() {
        return Posting::new().debit("marked", currency, payment.credited).credit(
            "customer",
            currency,
            payment.credited,
        );
    }
    Posting::new()
        .debit("lightning", MSAT, payment.msat)
        .credit("owed", MSAT, payment.owed_msat)
        .credit("conversion", MSAT, payment.msat - payment.owed_msat)
        .debit("conversion", currency, payment.credited)
        .credit("customer", currency, payment.credited)
}
