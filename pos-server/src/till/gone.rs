//! Money that a rail told of and counts no more: double-spent on the chain, or marked invalid by
//! the merchant at BTCPay. It is taken out of the sale and the books, and never forgotten.

use serde_json::json;

use super::TillError;
use super::finish::{head, reopen};
use super::settle::{Settled, arrival, belongs, owing};
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::time::Time;
use crate::ledger::{self, Posting};

/// Takes a payment back whose sale the caller has locked; a sale that it paid is open again.
pub(super) async fn taken_back(
    tx: &mut Tx,
    mut sale: Sale,
    attempt: Attempt,
    payment: &mut Payment,
    now: Time,
) -> Result<Settled, TillError> {
    if payment.gone_ms.is_some() || !tx.lose_payment(&payment.id, now).await? {
        return Ok(Settled::Before);
    }
    let posting = undone(&sale.currency, payment);
    ledger::post(tx, head(&sale, Some(&payment.id), "payment.gone"), posting, now).await?;
    tx.move_attempt(&attempt.id, &attempt.state, "failed", now).await?;
    let was = sale.state.clone();
    if payment.credited > 0 {
        if was == "paid" {
            reopen(tx, &mut sale, now).await?;
        }
        sale.uncredit(payment.credited)?;
        tx.update_sale(&was, &sale).await?;
    }
    tell(tx, &sale, payment, now).await?;
    Ok(Settled::Kept(sale.id))
}

/// Keeps a payment that was disowned before we heard of it; it counts nowhere.
pub(super) async fn disowned(
    tx: &mut Tx,
    sale: Sale,
    attempt: Attempt,
    mut payment: Payment,
    now: Time,
) -> Result<Settled, TillError> {
    belongs(&mut payment, &sale, &attempt);
    payment.kind = "gone".into();
    if !tx.add_payment(&payment).await? {
        return Ok(Settled::Before);
    }
    tx.lose_payment(&payment.id, now).await?;
    tell(tx, &sale, &payment, now).await?;
    Ok(Settled::Kept(sale.id))
}

async fn tell(tx: &mut Tx, sale: &Sale, payment: &Payment, now: Time) -> Result<(), TillError> {
    let body = json!({ "payment": payment.id, "credited": payment.credited, "msat": payment.msat });
    tx.add_event(&sale.merchant_id, &sale.id, "payment.gone", &body, now).await?;
    let detail = format!("{} of sale {}", sale.currency()?.write(payment.credited), sale.id);
    tx.audit(&sale.merchant_id, &payment.rail, "payment.gone", &detail, now).await?;
    Ok(())
}

/// What its arrival, and what was done with it since, left in the books, the other way round. What
/// the payer got back in cash meanwhile stays booked: the drawer misses it.
fn undone(currency: &str, payment: &Payment) -> Posting {
    arrival(currency, &owing(payment)).reversed()
}
