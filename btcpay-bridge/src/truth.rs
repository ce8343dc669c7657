//! What an invoice's head and its payments together prove. Statuses alone prove nothing: an
//! invoice is paid by the payments that it shows, or by the merchant's own mark, said as such.

use btcpay_client::invoice::{
    AdditionalStatus, Invoice, InvoicePaymentMethod, InvoiceStatus, Payment, PaymentStatus,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A payment that BTCPay counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// BTCPay's name for it: the payment hash, or transaction and output. For a mark, the
    /// invoice's number and the word.
    pub id: String,
    /// How much arrived; for a mark, what was still missing.
    pub msat: u64,
    /// Unix seconds at which BTCPay saw it.
    pub at: i64,
    /// No payment: the merchant's mark.
    pub marked: bool,
}

/// What is true of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It can be paid, and nothing came.
    Open,
    /// Something is on its way, and nothing final came.
    Seen,
    /// These came, at least one.
    Paid(Vec<Part>),
    /// BTCPay calls it invalid.
    Refuted {
        /// Somebody marked it so, perhaps we.
        by_hand: bool,
        /// What it holds all the same.
        standing: Vec<Part>,
    },
    /// It can no longer be paid, and nothing came.
    Closed,
    /// BTCPay contradicts itself: nothing is concluded.
    Unsure(String),
}

/// What a look at an invoice found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What is true of it.
    pub truth: Truth,
    /// A payment is on its way that is not final: it wants another look, whatever is true now.
    pub coming: bool,
}

/// Whether a payment is on its way that is not final, whatever else is true: it will settle, or be
/// double-spent, and the invoice's head may show neither.
#[must_use]
pub fn coming(methods: &[InvoicePaymentMethod]) -> bool {
    let mut all = methods.iter().flat_map(|method| &method.payments);
    all.any(|payment| payment.status == PaymentStatus::Processing)
}

/// Bitcoin as BTCPay writes it, in millisatoshi; none if it is no such amount.
pub(crate) fn msat(bitcoin: Decimal) -> Option<u64> {
    const MSAT: u64 = 100_000_000_000;
    let exact = bitcoin.checked_mul(Decimal::from(MSAT))?;
    if exact.is_sign_negative() { None } else { exact.trunc().to_u64() }
}

/// Reads an invoice with all its payments.
#[must_use]
pub fn read(invoice: &Invoice, methods: &[InvoicePaymentMethod]) -> Truth {
    let all = || methods.iter().flat_map(|method| &method.payments);
    let with = |status: PaymentStatus| all().filter(move |payment| payment.status == status);
    if let Some(strange) = all().find(|payment| part(payment).is_none()) {
        return Truth::Unsure(format!("payment {} has an impossible amount", strange.id));
    }
    let mut settled: Vec<Part> = with(PaymentStatus::Settled).filter_map(part).collect();
    let on_its_way: Vec<Part> = with(PaymentStatus::Processing).filter_map(part).collect();
    let marked = invoice.additional_status == AdditionalStatus::Marked;
    match &invoice.status {
        InvoiceStatus::Settled if marked => {
            settled.extend(on_its_way);
            settled.extend(mark(invoice, methods, &settled));
            Truth::Paid(settled)
        }
        InvoiceStatus::Invalid => Truth::Refuted { by_hand: marked, standing: settled },
        _ if !settled.is_empty() => Truth::Paid(settled),
        // Final at no confirmation, and then double-spent.
        InvoiceStatus::Settled if on_its_way.is_empty() && all().next().is_some() => {
            Truth::Refuted { by_hand: false, standing: settled }
        }
        InvoiceStatus::Settled => {
            Truth::Unsure("BTCPay says settled, and shows no settled payment".into())
        }
        _ if !on_its_way.is_empty() => Truth::Seen,
        InvoiceStatus::New => Truth::Open,
        InvoiceStatus::Expired => Truth::Closed,
        InvoiceStatus::Processing => {
            Truth::Unsure("BTCPay says processing, and shows no payment".into())
        }
        unknown => Truth::Unsure(format!("BTCPay says “{unknown}”")),
    }
}

fn part(payment: &Payment) -> Option<Part> {
    let (id, at) = (payment.id.clone(), payment.received_date.seconds());
    Some(Part { id, msat: msat(payment.value)?, at, marked: false })
}

/// What the merchant's mark stands for: the part of the price that no payment covers.
fn mark(invoice: &Invoice, methods: &[InvoicePaymentMethod], came: &[Part]) -> Option<Part> {
    // The chain asks for whole satoshi: the least of what is asked pays it.
    let asked = methods.iter().filter_map(|method| method.amount.and_then(msat)).min();
    let came: u64 = came.iter().map(|part| part.msat).sum();
    let missing = asked.map_or(u64::from(came == 0), |asked| asked.saturating_sub(came));
    (missing > 0).then(|| Part {
        id: format!("{}:marked", invoice.id),
        msat: missing,
        at: invoice.created_time.seconds(),
        marked: true,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
