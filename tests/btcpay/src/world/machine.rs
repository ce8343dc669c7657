//! How an invoice moves: BTCPay's watcher, one step after the other until nothing moves.

use serde_json::{Value, json};

use super::invoice::{Additional, Invoice, Payment, PaymentStatus, Status};

/// Something to tell the webhooks.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) kind: &'static str,
    pub(crate) extra: Value,
}

impl Event {
    pub(crate) fn new(kind: &'static str, extra: Value) -> Self {
        Self { kind, extra }
    }

    /// Of a payment: seen, or confirmed.
    pub(crate) fn of_payment(kind: &'static str, invoice: &Invoice, payment: &Payment) -> Self {
        let extra = json!({
            "afterExpiration": matches!(invoice.status, Status::Expired | Status::Invalid),
            "paymentMethodId": payment.method.id(),
            "payment": payment.json(),
        });
        Self::new(kind, extra)
    }
}

/// Whether time alone moves it.
pub(crate) fn is_due(invoice: &Invoice, now: i64) -> bool {
    match invoice.status {
        Status::New => invoice.expires <= now,
        Status::Processing => invoice.monitored_until < now,
        _ => false,
    }
}

/// Settles the payments that have waited long enough, then moves the invoice.
pub(crate) fn update(invoice: &mut Invoice, now: i64) -> Vec<Event> {
    let mut events = confirm(invoice);
    expire(invoice, now, &mut events);
    count(invoice, &mut events);
    recount(invoice);
    settle(invoice, now, &mut events);
    events
}

fn confirm(invoice: &mut Invoice) -> Vec<Event> {
    let ready: Vec<usize> = (0..invoice.payments.len())
        .filter(|&at| {
            let payment = &invoice.payments[at];
            payment.status == PaymentStatus::Processing
                && payment.confirmations >= invoice.confirmations(payment.replaceable)
        })
        .collect();
    let mut events = Vec::new();
    for at in ready {
        invoice.payments[at].status = PaymentStatus::Settled;
        let payment = &invoice.payments[at];
        events.push(Event::of_payment("InvoicePaymentSettled", invoice, payment));
    }
    events
}

fn expire(invoice: &mut Invoice, now: i64, events: &mut Vec<Event>) {
    if invoice.status != Status::New || invoice.expires > now {
        return;
    }
    invoice.status = Status::Expired;
    let partly = invoice.additional == Additional::PaidPartial;
    events.push(Event::new("InvoiceExpired", json!({ "partiallyPaid": partly })));
    if partly {
        events.push(Event::new("InvoiceExpiredPaidPartial", json!({})));
    }
}

/// What the payments make of an invoice that waits for them, or waited.
fn count(invoice: &mut Invoice, events: &mut Vec<Event>) {
    let paid = is_paid(invoice);
    match invoice.status {
        Status::New if paid => {
            invoice.status = Status::Processing;
            let over = invoice.is_over(invoice.paid());
            invoice.additional = if over { Additional::PaidOver } else { Additional::None };
            events.push(Event::new("InvoiceProcessing", json!({ "overPaid": over })));
        }
        Status::Expired if paid && invoice.additional != Additional::PaidLate => {
            invoice.additional = Additional::PaidLate;
            events.push(Event::new("InvoicePaidAfterExpiration", json!({})));
        }
        // Never back to none: BTCPay does not look again when a part is taken back.
        Status::New | Status::Expired if !paid && !invoice.paid().is_zero() => {
            invoice.additional = Additional::PaidPartial;
        }
        _ => {}
    }
}

/// A payment that was taken back takes the state back.
fn recount(invoice: &mut Invoice) {
    if invoice.status != Status::Processing {
        return;
    }
    if !is_paid(invoice) {
        invoice.status = Status::New;
        let none = invoice.paid().is_zero();
        invoice.additional = if none { Additional::None } else { Additional::PaidPartial };
    } else if invoice.is_over(invoice.paid()) {
        invoice.additional = Additional::PaidOver;
    } else {
        invoice.additional = Additional::None;
    }
}

fn settle(invoice: &mut Invoice, now: i64, events: &mut Vec<Event>) {
    if invoice.status != Status::Processing {
        return;
    }
    if invoice.covers(invoice.confirmed()) {
        invoice.status = Status::Settled;
        let over = invoice.additional == Additional::PaidOver;
        let extra = json!({ "manuallyMarked": false, "overPaid": over });
        events.push(Event::new("InvoiceSettled", extra));
    } else if invoice.monitored_until < now {
        invoice.status = Status::Invalid;
        events.push(Event::new("InvoiceInvalid", json!({ "manuallyMarked": false })));
    }
}

fn is_paid(invoice: &Invoice) -> bool {
    invoice.covers(invoice.paid())
}

/// Staff decide. Nothing if this state cannot become that one.
pub(crate) fn mark(invoice: &mut Invoice, settled: bool) -> Option<Event> {
    let (can, status) = match settled {
        true => (invoice.can_mark_settled(), Status::Settled),
        false => (invoice.can_mark_invalid(), Status::Invalid),
    };
    if !can {
        return None;
    }
    invoice.status = status;
    invoice.additional = Additional::Marked;
    Some(match settled {
        // The mark takes the place of `PaidOver`, so that the event never says it.
        true => Event::new("InvoiceSettled", json!({ "manuallyMarked": true, "overPaid": false })),
        false => Event::new("InvoiceInvalid", json!({ "manuallyMarked": true })),
    })
}
