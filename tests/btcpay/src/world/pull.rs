//! Pull payments: money set aside, for whoever has the identifier.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::refund::decimal;
use super::{World, names};

const LIGHTNING: &str = "BTC-LN";
const LONGEST_NAME: usize = 50;

/// Money set aside for whoever has its identifier.
#[derive(Debug, Clone)]
pub(crate) struct PullPayment {
    pub(crate) id: String,
    pub(crate) store: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) currency: String,
    pub(crate) amount: Decimal,
    pub(crate) approves: bool,
    pub(crate) archived: bool,
    /// How it can be claimed; every way if none is named.
    pub(crate) methods: Vec<String>,
    pub(crate) starts: i64,
    pub(crate) expires: Option<i64>,
}

impl PullPayment {
    pub(crate) fn takes(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|own| own == method)
    }

    /// Whether cards and wallets can draw on it by LNURL.
    pub(crate) fn by_lnurl(&self) -> bool {
        matches!(self.currency.as_str(), "BTC" | "SATS") && self.takes(LIGHTNING)
    }

    pub(crate) fn running(&self, now: i64) -> bool {
        !self.archived && self.starts <= now && self.expires.is_none_or(|end| now < end)
    }
}

/// What is wrong with a body, field by field.
type Faults = Vec<(String, String)>;

impl World {
    /// Sets money aside as a request asks for it.
    pub(crate) fn set_aside(&mut self, store: &str, asked: &Value) -> Result<Value, Faults> {
        let mut faults = Faults::new();
        let mut add =
            |path: &str, message: &str| faults.push((path.to_owned(), message.to_owned()));
        let amount = decimal(&asked["amount"]).unwrap_or_default();
        if amount <= Decimal::ZERO {
            add("amount", "The amount should more than 0.");
        }
        let name = asked["name"].as_str().unwrap_or_default();
        if name.chars().count() > LONGEST_NAME {
            add("name", "The name should be maximum 50 characters.");
        }
        let currency = asked["currency"].as_str().unwrap_or_default().trim().to_uppercase();
        if currency.is_empty() {
            add("currency", "This field is required");
        }
        let methods: Vec<String> = asked["payoutMethods"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let there = self.store(store).map(|store| store.payment_methods()).unwrap_or_default();
        for (at, method) in methods.iter().enumerate() {
            let known = there.as_array().into_iter().flatten();
            if !known.into_iter().any(|one| one["paymentMethodId"] == method.as_str()) {
                add(&format!("payoutMethods[{at}]"), "Invalid or unsupported payment method");
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let pull = PullPayment {
            id: names::long(),
            store: store.to_owned(),
            name: name.to_owned(),
            description: asked["description"].as_str().map(str::to_owned),
            currency,
            amount,
            approves: asked["autoApproveClaims"] == true,
            archived: false,
            methods,
            starts: asked["startsAt"].as_i64().unwrap_or_else(|| self.now()),
            expires: asked["expiresAt"].as_i64(),
        };
        let shown = self.pull_payment_json(&pull);
        self.pull_payments.push(pull);
        Ok(shown)
    }

    pub(crate) fn pull_payment(&self, id: &str) -> Option<&PullPayment> {
        self.pull_payments.iter().find(|pull| pull.id == id)
    }

    /// What can still be claimed, in its currency.
    pub(crate) fn remaining(&self, pull: &PullPayment) -> Decimal {
        let own = self.payouts.iter().filter(|payout| payout.pull.as_deref() == Some(&pull.id));
        let gone = own.filter(|payout| payout.state != "Cancelled").map(|payout| payout.asked);
        pull.amount - gone.sum::<Decimal>()
    }

    /// Puts it away: what was not being paid yet is cancelled.
    pub(crate) fn put_away(&mut self, store: &str, id: &str) -> bool {
        let mut all = self.pull_payments.iter_mut();
        let Some(pull) = all.find(|pull| pull.id == id && pull.store == store) else {
            return false;
        };
        pull.archived = true;
        let own = self.payouts.iter().filter(|payout| payout.pull.as_deref() == Some(id));
        for payout in own.map(|payout| payout.id.clone()).collect::<Vec<_>>() {
            self.cancel_payout(&payout);
        }
        true
    }

    pub(crate) fn pull_payment_json(&self, pull: &PullPayment) -> Value {
        json!({
            "id": pull.id,
            "name": pull.name,
            "description": pull.description,
            "currency": pull.currency,
            "amount": pull.amount.normalize().to_string(),
            "BOLT11Expiration": "30",
            "autoApproveClaims": pull.approves,
            "archived": pull.archived,
            "viewLink": format!("{}/pull-payments/{}", self.url, pull.id),
        })
    }
}
