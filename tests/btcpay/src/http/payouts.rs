//! Payouts, of a pull payment and of the store.

use rust_decimal::Decimal;
use serde_json::Value;

use super::call::{Answer, Call, done, forbidden, invalid, ok, problem};
use crate::world::key::CREATE_PULL_PAYMENTS;
use crate::world::payout::{Claim, ClaimError, Payout};

fn not_found() -> Answer {
    problem(404, "payout-not-found", "The payout was not found")
}

fn shown(call: &Call<'_>, mine: impl Fn(&Payout) -> bool) -> Answer {
    let cancelled = call.one("includeCancelled") == Some("true");
    let own = call.world.payouts.iter().filter(|payout| mine(payout));
    ok(own.filter(|payout| cancelled || payout.state != "Cancelled").map(Payout::json).collect())
}

fn claimed(call: &mut Call<'_>, store: &str, pull: Option<&str>, approved: bool) -> Answer {
    let body = std::mem::take(&mut call.body);
    match call.world.claim(&Claim { store, pull, body: &body, approved }) {
        Ok(id) => call.world.payout(&id).map_or_else(not_found, |payout| ok(payout.json())),
        Err(ClaimError::Code(code, words)) => problem(400, code, words),
        Err(ClaimError::Field(path, words)) => invalid(&[(path.to_owned(), words)]),
        Err(ClaimError::NoPullPayment) => {
            problem(404, "pullpayment-not-found", "The pull payment was not found")
        }
    }
}

pub(super) fn of_pull_payment(call: &mut Call<'_>) -> Answer {
    let pull = call.hole("pullPaymentId");
    if call.world.pull_payment(pull).is_none() {
        return problem(404, "pullpayment-not-found", "The pull payment was not found");
    }
    shown(call, |payout| payout.pull.as_deref() == Some(pull))
}

pub(super) fn one_of_pull_payment(call: &mut Call<'_>) -> Answer {
    let payout = call.world.payout(call.hole("payoutId"));
    let own = payout.filter(|one| one.pull.as_deref() == Some(call.hole("pullPaymentId")));
    own.map_or_else(not_found, |payout| ok(payout.json()))
}

/// Anybody who has the pull payment's identifier may.
pub(super) fn claim(call: &mut Call<'_>) -> Answer {
    let id = call.hole("pullPaymentId").to_owned();
    let store = call.world.pull_payment(&id).map(|pull| pull.store.clone()).unwrap_or_default();
    claimed(call, &store, Some(&id), false)
}

pub(super) fn list(call: &mut Call<'_>) -> Answer {
    shown(call, |payout| payout.store == call.store())
}

pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let store = call.store().to_owned();
    let approved = call.body["approved"] == true;
    if approved && !call.key.allows(CREATE_PULL_PAYMENTS, Some(&store)) {
        return forbidden(CREATE_PULL_PAYMENTS);
    }
    let pull = call.body["pullPaymentId"].as_str().map(str::to_owned);
    claimed(call, &store, pull.as_deref(), approved)
}

fn found<'a>(call: &'a Call<'_>) -> Option<&'a Payout> {
    call.world.payout(call.hole("payoutId")).filter(|payout| payout.store == call.store())
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    found(call).map_or_else(not_found, |payout| ok(payout.json()))
}

fn wrong_state() -> Answer {
    problem(400, "invalid-state", "The payout is not in a state that allows this")
}

pub(super) fn approve(call: &mut Call<'_>) -> Answer {
    let Some(payout) = found(call) else { return not_found() };
    let (id, currency) = (payout.id.clone(), payout.currency.clone());
    if payout.state != "AwaitingApproval" {
        return wrong_state();
    }
    if call.body["revision"].as_i64() != Some(payout.revision) {
        return problem(400, "old-revision", "The payout was changed since");
    }
    let fixed = call.body["rateRule"].as_str().and_then(|rule| rule.parse::<Decimal>().ok());
    let rate = fixed.or(call.world.store(call.store()).and_then(|store| store.rate(&currency)));
    let Some(rate) = rate else {
        return problem(400, "rate-unavailable", "Rate unavailable");
    };
    call.world.approve(&id, rate);
    get(call)
}

pub(super) fn cancel(call: &mut Call<'_>) -> Answer {
    let Some(id) = found(call).map(|payout| payout.id.clone()) else { return not_found() };
    if call.world.cancel_payout(&id) { done() } else { wrong_state() }
}

pub(super) fn mark_paid(call: &mut Call<'_>) -> Answer {
    set(call, "Completed", None)
}

pub(super) fn mark(call: &mut Call<'_>) -> Answer {
    let proof = Some(call.body["paymentProof"].clone()).filter(|proof| !proof.is_null());
    match call.body["state"].as_str() {
        Some("Cancelled") => cancel(call),
        Some("AwaitingPayment") => set(call, "AwaitingPayment", proof),
        Some("InProgress") => set(call, "InProgress", proof),
        Some("Completed") => set(call, "Completed", proof),
        _ => wrong_state(),
    }
}

fn set(call: &mut Call<'_>, state: &'static str, proof: Option<Value>) -> Answer {
    let Some(payout) = found(call) else { return not_found() };
    if !matches!(payout.state, "AwaitingPayment" | "InProgress") {
        return wrong_state();
    }
    let id = payout.id.clone();
    call.world.set_payout(&id, state, proof);
    done()
}
