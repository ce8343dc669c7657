//! Invoices.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::call::{Answer, Call, done, forbidden, invalid, ok, problem};
use crate::world::invoice::Invoice;
use crate::world::key::{CREATE_INVOICE, CREATE_PULL_PAYMENTS};
use crate::world::{CreateError, NewInvoice, invoice_json};

/// The shortest time to pay that is let through, in minutes.
const SHORTEST: f64 = 0.5;

fn not_found() -> Answer {
    problem(404, "invoice-not-found", "The invoice was not found")
}

/// The path's invoice, if it is of the path's store.
fn found<'a>(call: &'a Call<'_>) -> Option<&'a Invoice> {
    let invoice = call.world.invoice(call.hole("invoiceId"));
    invoice.filter(|invoice| invoice.store == call.store())
}

/// Does something to the path's invoice, and shows it.
fn with(call: &mut Call<'_>, change: impl FnOnce(&mut Invoice, Value)) -> Option<Value> {
    let id = found(call)?.id.clone();
    let body = std::mem::take(&mut call.body);
    change(call.world.invoice_mut(&id).ok()?, body);
    call.world.invoice(&id).map(|invoice| invoice_json(call.world, invoice))
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    match found(call) {
        Some(invoice) => {
            let mut shown = invoice_json(call.world, invoice);
            if call.one("includePaymentMethods") == Some("true") {
                shown["paymentMethods"] = invoice.methods_json(true);
            }
            ok(shown)
        }
        None => not_found(),
    }
}

pub(super) fn methods(call: &mut Call<'_>) -> Answer {
    let accounted_only = call.one("onlyAccountedPayments") != Some("false");
    found(call).map_or_else(not_found, |invoice| ok(invoice.methods_json(accounted_only)))
}

pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let changed = with(call, |invoice, body| invoice.metadata = map(&body["metadata"]));
    changed.map_or_else(not_found, ok)
}

pub(super) fn archive(call: &mut Call<'_>) -> Answer {
    with(call, |invoice, _| invoice.archived = true).map_or_else(not_found, |_| done())
}

pub(super) fn unarchive(call: &mut Call<'_>) -> Answer {
    if found(call).is_some_and(|invoice| !invoice.archived) {
        return problem(400, "already-unarchived", "Invoice is already unarchived");
    }
    with(call, |invoice, _| invoice.archived = false).map_or_else(not_found, ok)
}

pub(super) fn mark(call: &mut Call<'_>) -> Answer {
    let Some(id) = found(call).map(|invoice| invoice.id.clone()) else { return not_found() };
    match call.world.mark(&id, call.body["status"] == "Settled") {
        Ok(true) => get(call),
        _ => {
            let message =
                "Status can only be marked to invalid or settled within certain conditions.";
            invalid(&[("status".to_owned(), message.to_owned())])
        }
    }
}

pub(super) fn refund(call: &mut Call<'_>) -> Answer {
    let Some(invoice) = found(call) else { return not_found() };
    if !invoice.can_refund() {
        return problem(400, "non-refundable", "Cannot refund this invoice");
    }
    let id = invoice.id.clone();
    let approves = call.key.allows(CREATE_PULL_PAYMENTS, Some(call.store()));
    match call.world.refund(&id, &call.body, approves) {
        Ok(pull) => ok(pull),
        Err((path, message)) => invalid(&[(path.to_owned(), message)]),
    }
}

pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let (orders, statuses) = (call.all("orderId"), call.all("status"));
    let (from, to) = (call.number("startDate"), call.number("endDate"));
    let text = call.one("textSearch").map(str::to_lowercase);
    let archived = call.one("includeArchived") == Some("true");
    let methods = call.one("includePaymentMethods") == Some("true");
    let fits = |invoice: &&Invoice| {
        invoice.store == call.store()
            && (archived || !invoice.archived)
            && (orders.is_empty() || orders.contains(&invoice.order()))
            && (statuses.is_empty() || statuses.contains(&&*format!("{:?}", invoice.status)))
            && from.is_none_or(|from| invoice.created >= from)
            && to.is_none_or(|to| invoice.created <= to)
            && text.as_ref().is_none_or(|text| invoice.mentions(text))
    };
    let count = |name: &str| call.number(name).and_then(|number| usize::try_from(number).ok());
    let shown = |invoice: &Invoice| {
        let mut shown = invoice_json(call.world, invoice);
        if methods {
            shown["paymentMethods"] = invoice.methods_json(true);
        }
        shown
    };
    let newest_first = call.world.invoices.iter().rev().filter(fits);
    let page = newest_first.skip(count("skip").unwrap_or(0));
    ok(page.take(count("take").unwrap_or(usize::MAX)).map(shown).collect())
}

pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let (amount, wrong) = checked(&call.body);
    if !wrong.is_empty() {
        return invalid(&wrong);
    }
    let body = &call.body;
    let terms = body["additionalSearchTerms"].as_array().into_iter().flatten();
    let new = NewInvoice {
        amount,
        currency: body["currency"].as_str().filter(|name| !name.is_empty()).map(str::to_owned),
        metadata: map(&body["metadata"]),
        checkout: body["checkout"].clone(),
        receipt: body["receipt"].clone(),
        terms: terms.filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    let store = call.store().to_owned();
    match call.world.create(&store, new) {
        Ok(id) => {
            let invoice = call.world.invoice(&id).map(|made| invoice_json(call.world, made));
            invoice.map_or_else(not_found, ok)
        }
        Err(CreateError::NoStore) => forbidden(CREATE_INVOICE),
        Err(CreateError::Refused(message)) => problem(400, "generic-error", &message),
    }
}

/// The amount asked for, and what the server's code would not take.
fn checked(body: &Value) -> (Option<Decimal>, Vec<(String, String)>) {
    let mut wrong = Vec::new();
    let mut add = |path: &str, message: &str| wrong.push((path.to_owned(), message.to_owned()));
    let amount = body["amount"].as_str().and_then(|text| text.parse::<Decimal>().ok());
    if amount.is_some_and(|amount| amount < Decimal::ZERO) {
        add("amount", "The amount should be 0 or more.");
    }
    if amount.is_some_and(|amount| amount > Decimal::from(u64::MAX)) {
        add("amount", &format!("The amount should less than {}.", u64::MAX));
    }
    let checkout = &body["checkout"];
    for (at, name) in checkout["paymentMethods"].as_array().into_iter().flatten().enumerate() {
        if !matches!(name.as_str(), Some("BTC-CHAIN" | "BTC-LN" | "BTC-LNURL")) {
            add(&format!("checkout.paymentMethods[{at}]"), "Invalid PaymentMethodId");
        }
    }
    if checkout["expirationMinutes"].as_f64().is_some_and(|minutes| minutes < SHORTEST) {
        add("checkout.expirationMinutes", "Expiration time must be at least 30 seconds");
    }
    (amount, wrong)
}

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
