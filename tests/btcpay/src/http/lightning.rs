//! The store's Lightning node: paying, and invoices past the store's own.

use super::call::{Answer, Call, invalid, ok, problem};
use crate::world::lightning::Came;

pub(super) fn pay(call: &mut Call<'_>) -> Answer {
    let bolt11 = call.body["BOLT11"].as_str().unwrap_or_default().to_owned();
    let most = call.body["maxFeeFlat"].as_str().and_then(|text| text.parse().ok());
    let (hash, came) = call.world.pay_out(&bolt11, most);
    let shown = call.world.payment_json(&hash);
    match (came, shown) {
        (Came::Invalid, _) => {
            let message = "The BOLT11 invoice was invalid.";
            invalid(&[("BOLT11".to_owned(), message.to_owned())])
        }
        (Came::Ok, Some(shown)) => ok(shown),
        (Came::Pending, Some(shown)) => Answer { status: 202, body: Some(shown) },
        _ => problem(400, "could-not-find-route", "Impossible to find a route to the peer"),
    }
}

pub(super) fn payment(call: &mut Call<'_>) -> Answer {
    let message = "Impossible to find a lightning payment with this payment hash";
    let none = || problem(404, "payment-not-found", message);
    call.world.payment_json(call.hole("paymentHash")).map_or_else(none, ok)
}

pub(super) fn draw(call: &mut Call<'_>) -> Answer {
    let text = call.body["description"].as_str().unwrap_or_default().to_owned();
    let msat = call.body["amount"].as_str().and_then(|text| text.parse().ok());
    let (Some(msat), Some(seconds)) = (msat, call.body["expiry"].as_i64()) else {
        return invalid(&[("amount".to_owned(), "Amount is missing".to_owned())]);
    };
    match call.world.draw(msat, &text, seconds) {
        Ok(hash) => call.world.drawn_json(&hash).map_or_else(none, ok),
        Err(message) => problem(400, "generic-error", &message),
    }
}

pub(super) fn drawn(call: &mut Call<'_>) -> Answer {
    call.world.drawn_json(call.hole("id")).map_or_else(none, ok)
}

fn none() -> Answer {
    problem(404, "invoice-not-found", "Impossible to find a lightning invoice with this id")
}
