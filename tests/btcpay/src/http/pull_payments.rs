//! Pull payments, and the cards that draw on them.

use serde_json::{Value, json};

use super::call::{Answer, Call, done, forbidden, invalid, ok, problem};
use crate::world::key::CREATE_PULL_PAYMENTS;

fn not_found() -> Answer {
    problem(404, "pullpayment-not-found", "The pull payment was not found")
}

pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let archived = call.one("includeArchived") == Some("true");
    let own = call.world.pull_payments.iter().rev();
    let own = own.filter(|pull| pull.store == call.store() && (archived || !pull.archived));
    ok(own.map(|pull| call.world.pull_payment_json(pull)).collect())
}

pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let store = call.store().to_owned();
    let approves = call.body["autoApproveClaims"] == true;
    if approves && !call.key.allows(CREATE_PULL_PAYMENTS, Some(&store)) {
        return forbidden(CREATE_PULL_PAYMENTS);
    }
    match call.world.set_aside(&store, &call.body) {
        Ok(made) => ok(made),
        Err(wrong) => invalid(&wrong),
    }
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let pull = call.world.pull_payment(call.hole("pullPaymentId"));
    pull.map_or_else(not_found, |pull| ok(call.world.pull_payment_json(pull)))
}

pub(super) fn archive(call: &mut Call<'_>) -> Answer {
    let (store, id) = (call.store().to_owned(), call.hole("pullPaymentId").to_owned());
    if call.world.put_away(&store, &id) { done() } else { not_found() }
}

pub(super) fn lnurl(call: &mut Call<'_>) -> Answer {
    let Some(pull) = call.world.pull_payment(call.hole("pullPaymentId")) else {
        return not_found();
    };
    if !pull.by_lnurl() {
        return problem(400, "lnurl-not-supported", "LNURL not supported for this pull payment");
    }
    let page = format!("{}/BTC/lnurl/withdraw/pp/{}", call.world.url, pull.id);
    let uri = page.split_once("://").map_or("", |(_, rest)| rest);
    ok(json!({ "lnurlBech32": bech32(&page), "lnurlUri": format!("lnurlw://{uri}") }))
}

fn bech32(page: &str) -> String {
    use bitcoin::bech32::{Bech32, Hrp, encode_upper};
    let hrp = Hrp::parse_unchecked("lnurl");
    encode_upper::<Bech32>(hrp, page.as_bytes()).unwrap_or_default()
}

/// Links a chip, or gives the keys of one that is linked.
pub(super) fn register(call: &mut Call<'_>) -> Answer {
    let id = call.hole("pullPaymentId").to_owned();
    let Some(pull) = call.world.pull_payment(&id) else { return not_found() };
    if !pull.by_lnurl() {
        let words = "This pull payment currency should be BTC or SATS and accept lightning";
        return problem(400, "lnurl-not-supported", words);
    }
    let mut asked: Value = call.body.clone();
    // Links of the card app have it behind the question mark.
    if let Some(how) = call.one("onExisting") {
        asked["onExisting"] = json!(how);
    }
    match call.world.register(&id, &asked) {
        Ok(written) => ok(written),
        Err((path, words)) => invalid(&[(path.to_owned(), words.to_owned())]),
    }
}
