//! What the store's node pays, and invoices of it that are no sale's.

use std::collections::{HashMap, VecDeque};

use lightning_invoice::Bolt11Invoice;
use serde_json::{Value, json};

use super::World;
use crate::control::Goes;

/// Payments and invoices by their payment hash.
#[derive(Default)]
pub(crate) struct Ledger {
    /// How the next payments go; well, when nothing is said.
    pub(crate) next: VecDeque<Goes>,
    pub(crate) payments: HashMap<String, Payment>,
    pub(crate) drawn: HashMap<String, Drawn>,
}

/// A payment by the node.
#[derive(Clone)]
pub(crate) struct Payment {
    pub(crate) bolt11: String,
    pub(crate) msat: u64,
    pub(crate) status: &'static str,
    pub(crate) fee_msat: u64,
    pub(crate) created: i64,
    pub(crate) max_fee_sat: Option<u64>,
}

/// An invoice of the node.
pub(crate) struct Drawn {
    pub(crate) bolt11: String,
    pub(crate) preimage: String,
    pub(crate) msat: u64,
    pub(crate) expires: i64,
    pub(crate) paid: Option<i64>,
}

/// What a payment came to at once.
pub(crate) enum Came {
    Ok,
    Pending,
    NoRoute,
    Invalid,
}

impl World {
    /// Pays an invoice as the next payment is to go.
    pub(crate) fn pay_out(&mut self, bolt11: &str, max_fee_sat: Option<u64>) -> (String, Came) {
        let Ok(invoice) = bolt11.parse::<Bolt11Invoice>() else {
            return (String::new(), Came::Invalid);
        };
        let hash = invoice.payment_hash().to_string();
        let (msat, created) = (invoice.amount_milli_satoshis().unwrap_or(0), self.now());
        if self.lightning.payments.contains_key(&hash) {
            return (hash, Came::NoRoute);
        }
        let goes = self.lightning.next.pop_front().unwrap_or(Goes::Well { fee_msat: 0 });
        let (status, fee_msat, came) = match goes {
            Goes::Well { fee_msat } if max_fee_sat.is_some_and(|most| fee_msat > most * 1_000) => {
                ("Failed", 0, Came::NoRoute)
            }
            Goes::Well { fee_msat } => ("Complete", fee_msat, Came::Ok),
            Goes::Slowly => ("Pending", 0, Came::Pending),
            Goes::Wrong => ("Failed", 0, Came::NoRoute),
            Goes::Nowhere => return (hash, Came::NoRoute),
        };
        let bolt11 = bolt11.to_owned();
        let payment = Payment { bolt11, msat, status, fee_msat, created, max_fee_sat };
        self.lightning.payments.insert(hash.clone(), payment);
        (hash, came)
    }

    pub(crate) fn payment_json(&self, hash: &str) -> Option<Value> {
        let payment = self.lightning.payments.get(hash)?;
        Some(json!({
            "id": hash,
            "status": payment.status,
            "BOLT11": payment.bolt11,
            "paymentHash": hash,
            "preimage": "00".repeat(32),
            "createdAt": payment.created,
            "totalAmount": (payment.msat + payment.fee_msat).to_string(),
            "feeAmount": payment.fee_msat.to_string(),
        }))
    }

    /// Makes an invoice that holds the hash of a text.
    pub(crate) fn draw(&mut self, msat: u64, text: &str, seconds: i64) -> Result<String, String> {
        let now = self.now();
        let made = self.node.hashed(msat, text, now, seconds)?;
        let drawn = Drawn {
            bolt11: made.text,
            preimage: made.preimage,
            msat,
            expires: now + seconds,
            paid: None,
        };
        self.lightning.drawn.insert(made.hash.clone(), drawn);
        Ok(made.hash)
    }

    pub(crate) fn drawn_json(&self, hash: &str) -> Option<Value> {
        let drawn = self.lightning.drawn.get(hash)?;
        let over = self.now() >= drawn.expires;
        let status = match drawn.paid {
            Some(_) => "Paid",
            None if over => "Expired",
            None => "Unpaid",
        };
        let mut shown = json!({
            "id": hash,
            "status": status,
            "BOLT11": drawn.bolt11,
            "paymentHash": hash,
            "expiresAt": drawn.expires,
            "amount": drawn.msat.to_string(),
        });
        if let Some(at) = drawn.paid {
            shown["paidAt"] = at.into();
            shown["amountReceived"] = drawn.msat.to_string().into();
            shown["preimage"] = drawn.preimage.clone().into();
        }
        Some(shown)
    }
}
