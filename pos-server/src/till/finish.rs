//! What closing a sale does, inside the transaction that brought the last of the money.

use serde_json::json;

use super::TillError;
use crate::db::Tx;
use crate::db::ledger::PostingRow;
use crate::db::sale::Sale;
use crate::domain::cart::Priced;
use crate::domain::id::{PaymentId, PostingId};
use crate::domain::money::MoneyError;
use crate::domain::time::Time;
use crate::ledger::{self, Posting};
use crate::points;

/// Writes the sale back after money was credited; when nothing is due any more it is paid: it
/// gets its receipt number and its place in the books. The caller holds the sale's lock.
pub(super) async fn write_back(tx: &mut Tx, mut sale: Sale, now: Time) -> Result<Sale, TillError> {
    if sale.due() > 0 {
        tx.update_sale("open", &sale).await?;
        return Ok(sale);
    }
    sale.state = "paid".into();
    sale.closed_ms = Some(now.0);
    // A sale that was paid before, and had its money taken back, keeps its number.
    if sale.receipt_number.is_none() {
        sale.receipt_number = Some(tx.take_receipt_number(&sale.till_id).await?);
    }
    tx.update_sale("open", &sale).await?;
    ledger::post(tx, head(&sale, None, "sale.paid"), booking(&sale)?, now).await?;
    let body = json!({ "receipt": sale.receipt_number, "total": sale.total });
    tx.add_event(&sale.merchant_id, &sale.id, "sale.paid", &body, now).await?;
    points::earn(tx, &sale, None, now).await?;
    // Offers still out are cancelled at their rail at the next look, which is now.
    tx.look_now(&sale.id, now).await?;
    Ok(sale)
}

/// Takes a paid sale back to open, out of the books: money that paid it counts no more. The caller
/// holds its lock, and writes it.
pub(super) async fn reopen(tx: &mut Tx, sale: &mut Sale, now: Time) -> Result<(), TillError> {
    let booked = booking(sale)?.reversed();
    ledger::post(tx, head(sale, None, "sale.reopened"), booked, now).await?;
    points::reopen(tx, sale, now).await?;
    sale.state = "open".into();
    sale.closed_ms = None;
    let body = json!({ "receipt": sale.receipt_number });
    tx.add_event(&sale.merchant_id, &sale.id, "sale.reopened", &body, now).await?;
    Ok(())
}

fn booking(sale: &Sale) -> Result<Posting, TillError> {
    let priced: Priced = serde_json::from_str(&sale.cart)
        .map_err(|_| crate::db::DbError::Unreadable(format!("cart of sale {}", sale.id)))?;
    let tax = priced.taxes.iter().try_fold(0_i64, |all, sum| all.checked_add(sum.tax));
    let tax = tax.ok_or(MoneyError::TooLarge)?;
    let net = sale.bill.checked_sub(tax).ok_or(MoneyError::TooLarge)?;
    let unit = &sale.currency;
    Ok(Posting::new()
        .debit("customer", unit, sale.credited)
        .credit("sales", unit, net)
        .credit("tax", unit, tax)
        .credit("tips", unit, sale.tip)
        .credit("cash-rounding", unit, sale.rounding))
}

/// The head of a posting about a sale.
pub(super) fn head(sale: &Sale, payment: Option<&PaymentId>, reason: &str) -> PostingRow {
    PostingRow {
        id: PostingId::new(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        sale_id: Some(sale.id.clone()),
        payment_id: payment.cloned(),
        reason: reason.into(),
    }
}
