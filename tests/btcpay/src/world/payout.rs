//! Payouts: claimed from a pull payment or made by the store, approved, paid.

use lightning_invoice::Bolt11Invoice;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::refund::decimal;
use super::{World, names};

const MSAT: u64 = 100_000_000_000;

/// What the store's Lightning processor does with payouts that are approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Processor {
    /// It pays them at once.
    #[default]
    Pays,
    /// It finds no route, and cancels them.
    Fails,
    /// It begins, and does not come to an end.
    Stays,
    /// There is none: they wait.
    Off,
}

/// A payout.
#[derive(Debug, Clone)]
pub(crate) struct Payout {
    pub(crate) id: String,
    pub(crate) revision: i64,
    pub(crate) pull: Option<String>,
    pub(crate) store: String,
    pub(crate) made: i64,
    pub(crate) destination: String,
    pub(crate) currency: String,
    /// In the currency; negative for a top-up.
    pub(crate) asked: Decimal,
    /// In bitcoin, once it is approved.
    pub(crate) paid: Option<Decimal>,
    pub(crate) method: String,
    pub(crate) state: &'static str,
    pub(crate) proof: Option<Value>,
    pub(crate) metadata: Map<String, Value>,
}

/// Why a payout is none.
pub(crate) enum ClaimError {
    /// A code of the document, and its words.
    Code(&'static str, &'static str),
    /// A field of the request is wrong.
    Field(&'static str, String),
    NoPullPayment,
}

/// What is asked for.
pub(crate) struct Claim<'a> {
    pub(crate) store: &'a str,
    pub(crate) pull: Option<&'a str>,
    pub(crate) body: &'a Value,
    pub(crate) approved: bool,
}

/// Bitcoin that a BOLT11 asks for; nothing where the destination is none.
pub(crate) fn asked_by(destination: &str) -> Result<Option<Decimal>, String> {
    let text = destination.trim().to_lowercase();
    if !text.starts_with("lnbc") && !text.starts_with("lntb") {
        return Ok(None);
    }
    let read: Result<Bolt11Invoice, _> = text.parse();
    let invoice = read.map_err(|_| "A valid BOLT11 invoice was not provided".to_owned())?;
    let msat = invoice.amount_milli_satoshis().ok_or("Only invoices with an amount")?;
    Ok(Some(Decimal::from(msat) / Decimal::from(MSAT)))
}

impl World {
    /// One unit of `currency` in bitcoin.
    fn unit(&self, store: &str, currency: &str) -> Option<Decimal> {
        self.store(store)?.rate(currency).map(|rate| Decimal::ONE / rate)
    }

    /// Makes a payout, and has it paid if it is approved. Gives its id.
    pub(crate) fn claim(&mut self, claim: &Claim<'_>) -> Result<String, ClaimError> {
        use ClaimError::{Code, Field};
        let body = claim.body;
        let method = body["payoutMethodId"].as_str().unwrap_or_default().to_owned();
        if !matches!(method.as_str(), "BTC-LN" | "BTC-CHAIN") {
            return Err(Field("payoutMethodId", "Invalid payment method".to_owned()));
        }
        let pull = match claim.pull {
            Some(id) => Some(self.pull_payment(id).cloned().ok_or(ClaimError::NoPullPayment)?),
            None => None,
        };
        let destination = body["destination"].as_str().unwrap_or_default().to_owned();
        let invoiced = asked_by(&destination).map_err(|why| Field("destination", why))?;
        if destination.is_empty() {
            return Err(Field("destination", "The destination is invalid".to_owned()));
        }
        let currency = pull.as_ref().map_or("BTC", |pull| pull.currency.as_str()).to_owned();
        let unit = self.unit(claim.store, &currency).unwrap_or(Decimal::ONE);
        let named = decimal(&body["amount"]);
        let asked = match (invoiced.map(|bitcoin| (bitcoin / unit).round_dp(11)), named) {
            (Some(own), Some(named)) if own.round_dp(8) != named.round_dp(8) => {
                let words = format!("Amount is implied in destination ({own})");
                return Err(Field("amount", words));
            }
            (Some(own), _) => own,
            (None, Some(named)) if named > Decimal::ZERO => named,
            _ => return Err(Field("amount", "Amount too small".to_owned())),
        };
        if let Some(pull) = &pull {
            let now = self.now();
            if pull.archived {
                return Err(Code("archived", "The pull payment has been archived"));
            }
            if pull.expires.is_some_and(|end| end <= now) {
                return Err(Code("expired", "This pull payment is expired"));
            }
            if pull.starts > now {
                return Err(Code("not-started", "This pull payment has not started yet"));
            }
            if !pull.takes(&method) {
                let words = "The payment method is not supported";
                return Err(Code("payment-method-not-supported", words));
            }
        }
        let ends = |payout: &&Payout| matches!(payout.state, "Completed" | "Cancelled");
        let mut open = self.payouts.iter().filter(|payout| !ends(payout));
        if invoiced.is_some() && open.any(|payout| payout.destination == destination) {
            return Err(Code("duplicate-destination", "This destination is already used"));
        }
        if pull.as_ref().is_some_and(|pull| self.remaining(pull) < asked) {
            return Err(Code("overdraft", "The claim would exceed what is left"));
        }
        let id = names::long();
        self.payouts.push(Payout {
            id: id.clone(),
            revision: 0,
            pull: pull.as_ref().map(|pull| pull.id.clone()),
            store: claim.store.to_owned(),
            made: self.now(),
            destination,
            currency,
            asked,
            paid: None,
            method,
            state: "AwaitingApproval",
            proof: None,
            metadata: body["metadata"].as_object().cloned().unwrap_or_default(),
        });
        self.tell_payout(&id, "PayoutCreated");
        if claim.approved || pull.is_some_and(|pull| pull.approves) {
            self.approve(&id, Decimal::ONE / unit);
        }
        Ok(id)
    }

    pub(crate) fn payout(&self, id: &str) -> Option<&Payout> {
        self.payouts.iter().find(|payout| payout.id == id)
    }

    fn payout_mut(&mut self, id: &str) -> Option<&mut Payout> {
        self.payouts.iter_mut().find(|payout| payout.id == id)
    }

    /// Approves a payout at so many units of its currency for one bitcoin, and has it paid.
    pub(crate) fn approve(&mut self, id: &str, rate: Decimal) {
        let processor = self.processor;
        let Some(payout) = self.payout_mut(id) else { return };
        payout.paid = Some((payout.asked / rate).round_dp(11));
        payout.state = "AwaitingPayment";
        let by_lightning = payout.method == "BTC-LN";
        self.tell_payout(id, "PayoutApproved");
        if by_lightning {
            self.process(id, processor);
        }
    }

    /// What a processor does with a payout that waits.
    pub(crate) fn process(&mut self, id: &str, processor: Processor) {
        match processor {
            Processor::Off => {}
            Processor::Stays => self.set_payout(id, "InProgress", None),
            Processor::Fails => {
                self.cancel_payout(id);
            }
            Processor::Pays => {
                let destination = self.payout(id).map(|payout| payout.destination.clone());
                let destination = destination.unwrap_or_default();
                // An invoice of our own is paid; another node's is for the test to pay.
                let own = self.pay_lightning(&destination, |asked| asked).ok();
                let proof = own.map(|(hash, preimage)| {
                    json!({ "proofType": "PayoutLightningBlob", "id": hash, "preimage": preimage })
                });
                self.set_payout(id, "Completed", proof);
            }
        }
    }

    pub(crate) fn set_payout(&mut self, id: &str, state: &'static str, proof: Option<Value>) {
        if let Some(payout) = self.payout_mut(id) {
            payout.state = state;
            payout.proof = proof.or(payout.proof.take());
            self.tell_payout(id, "PayoutUpdated");
        }
    }

    /// An invoice of the top-up page was paid: what its pull payment holds grows, by a payout of
    /// less than nothing.
    pub(super) fn top_up(&mut self, invoice: &str) {
        let Some(pull) = self.top_ups.remove(invoice) else { return };
        let paid = self.invoice(invoice).map(|invoice| invoice.paid()).unwrap_or_default();
        let Some(pull) = self.pull_payment(&pull).cloned() else { return };
        let unit = self.unit(&pull.store, &pull.currency).unwrap_or(Decimal::ONE);
        self.payouts.push(Payout {
            id: names::long(),
            revision: 0,
            pull: Some(pull.id),
            store: pull.store,
            made: self.now(),
            destination: format!("Top-up {invoice}"),
            currency: pull.currency,
            asked: -(paid / unit).round_dp(11),
            paid: Some(-paid),
            method: "BTC-LN".to_owned(),
            state: "Completed",
            proof: None,
            metadata: Map::new(),
        });
    }

    /// False if it is being paid, or was.
    pub(crate) fn cancel_payout(&mut self, id: &str) -> bool {
        let state = self.payout(id).map(|payout| payout.state);
        let can = matches!(state, Some("AwaitingApproval" | "AwaitingPayment"));
        if can {
            self.set_payout(id, "Cancelled", None);
        }
        can
    }

    fn tell_payout(&mut self, id: &str, kind: &str) {
        let Some(payout) = self.payout(id) else { return };
        let event = json!({
            "payoutId": payout.id,
            "pullPaymentId": payout.pull,
            "payoutState": payout.state,
        });
        let store = payout.store.clone();
        self.queue(&store, kind, event);
    }
}

impl Payout {
    pub(crate) fn json(&self) -> Value {
        let mut shown = json!({
            "id": self.id,
            "revision": self.revision,
            "date": self.made.to_string(),
            "destination": self.destination,
            "originalCurrency": self.currency,
            "originalAmount": self.asked.normalize().to_string(),
            "payoutCurrency": "BTC",
            "payoutAmount": self.paid.map(|paid| paid.normalize().to_string()),
            "payoutMethodId": self.method,
            "state": self.state,
            "metadata": self.metadata,
        });
        if let Some(pull) = &self.pull {
            shown["pullPaymentId"] = json!(pull);
        }
        if let Some(proof) = &self.proof {
            shown["paymentProof"] = proof.clone();
        }
        shown
    }
}
