//! Cash: taken in part or whole, rounded to coins that exist, with change.

use std::time::Duration;

use serde_json::json;

use super::finish::{head, write_back};
use super::once::Once;
use super::{Actor, TillError, begin, offer, watch};
use crate::app::App;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::domain::cash::{CashRule, CashTaken};
use crate::domain::id::{AttemptId, PaymentId, SaleId};
use crate::domain::money::Msat;
use crate::ledger::{self, Posting};
use crate::rail::cash::Cash;
use crate::rail::{Ask, Rail, RailName};

/// The store's rule for cash.
#[must_use]
pub fn rule(store: &Store) -> CashRule {
    CashRule { step: store.cash_step, tie_up: store.cash_tie_up == 1 }
}

/// Takes `received` (minor units) for a sale. Enough closes it; less is a part, and the rest stays
/// due. Lightning offers that are out are cancelled first: if one was paid in that moment, nothing
/// is taken and the sale shows it. A rail that is silent does not hold cash up while its offer has
/// time left: what is paid to that one later is too much, kept, and owed to its payer.
pub async fn take(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    received: i64,
    once: &Once,
) -> Result<(), TillError> {
    let Some((sale, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    let due = sale.due();
    if received < 0 || received > actor.store.sale_cap.saturating_mul(10) {
        return Err(TillError::refused("That is not an amount of cash."));
    }
    let taken = rule(&actor.store).take(due, received);
    if sale.state == "open" && taken.credited == 0 && due + taken.rounding > 0 {
        return Err(TillError::refused("Type how much cash you were given."));
    }
    watch::cancel(app, &offers).await?;
    let ask = Ask::plain(Msat::ZERO, "", Duration::ZERO);
    let drawer = Cash.offer(&ask).await.map_err(|error| TillError::Refused(error.to_string()))?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    if !once.keep_alone(&mut tx, &app.db, now).await? {
        return Ok(());
    }
    if sale.state != "open" || sale.due() != due {
        return Err(TillError::refused(
            "Money came another way in this moment, so no cash was taken. Look at what is left.",
        ));
    }
    for attempt in tx.attempts_of(id).await? {
        let words = match attempt.state.as_str() {
            "unknown" => {
                "We don’t know yet whether this was paid: checking. Do not take cash for it."
            }
            "seen" => "A payment is on its way. Do not take cash for it.",
            _ => continue,
        };
        return Err(TillError::refused(words));
    }
    let (attempt, payment) = rows(&sale, &drawer.reference, taken, now.0);
    tx.add_attempt(&attempt).await?;
    tx.add_payment(&payment).await?;
    let posting = Posting::new().debit("drawer", &sale.currency, taken.credited).credit(
        "customer",
        &sale.currency,
        taken.credited,
    );
    ledger::post(&mut tx, head(&sale, Some(&payment.id), "cash.taken"), posting, now).await?;
    sale.rounding += taken.rounding;
    sale.credit(taken.credited)?;
    sale.tendered += received;
    sale.change_given += taken.change;
    let body = json!({
        "payment": payment.id, "received": received, "credited": taken.credited,
        "change": taken.change, "rounding": taken.rounding, "by": actor.staff.name,
    });
    tx.add_event(&sale.merchant_id, id, "cash.taken", &body, now).await?;
    let sale = write_back(&mut tx, sale, now).await?;
    tx.commit().await?;
    app.live.changed(id);
    app.nudge.notify_one();
    if sale.state == "open" {
        offer::after_part(app, actor, id).await;
    }
    Ok(())
}

fn rows(sale: &Sale, reference: &str, taken: CashTaken, now_ms: i64) -> (Attempt, Payment) {
    let attempt = Attempt {
        id: AttemptId::new(),
        sale_id: sale.id.clone(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        rail: RailName::Cash.as_str().into(),
        reference: reference.into(),
        state: "settled".into(),
        amount: taken.credited,
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
        reference: reference.into(),
        offer: reference.into(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        sale_id: Some(sale.id.to_string()),
        attempt_id: Some(attempt.id.to_string()),
        kind: "due".into(),
        msat: 0,
        currency: Some(sale.currency.clone()),
        credited: taken.credited,
        owed: 0,
        owed_msat: 0,
        given_back_ms: None,
        gone_ms: None,
        returned: 0,
        paid_ms: now_ms,
        received_ms: now_ms,
    };
    (attempt, payment)
}
