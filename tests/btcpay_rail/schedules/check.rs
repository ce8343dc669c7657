//! What must be true at rest: what BTCPay counts is in our books, each payment once, and nothing
//! else is.

use std::collections::{BTreeMap, BTreeSet};

use pos_server::db::attempt::Attempt;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::world::World;
use crate::sale::books::{Books, look_in};

/// A payment by its name, and its millisatoshi; a mark has none.
type Counted = BTreeSet<(String, i64)>;

fn msat(text: &Value) -> i64 {
    let bitcoin: Decimal = text.as_str().unwrap().parse().unwrap();
    (bitcoin * Decimal::from(100_000_000_000_u64)).trunc().to_i64().unwrap()
}

impl World {
    pub(super) async fn check(&mut self) -> Vec<String> {
        let mut desk = look_in(&self.bar.house.fresh.url).await;
        let books = Books::read(&mut desk, &self.bar.store.merchant_id).await;
        let mut faults = std::mem::take(&mut self.faults);
        faults.extend(books.faults());
        faults.extend(self.bar.btcpay.faults());
        faults.extend(self.made_twice());
        for request in &self.requests {
            match &request.answer {
                Some(answer) => faults.extend(request.lie(answer, &self.shop(0), &mut desk).await),
                None => faults.push(format!("never answered: {request:?}")),
            }
        }
        for attempt in books.attempts.iter().filter(|one| one.rail == "btcpay") {
            if attempt.live() || attempt.state == "lost" {
                faults.push(format!("it is not over: {attempt:?}"));
            }
            let theirs = self.counted(attempt);
            let mine = books.payments.iter().filter(|one| {
                one.attempt_id.as_deref() == Some(attempt.id.as_str()) && one.gone_ms.is_none()
            });
            let mine: Vec<(String, i64)> =
                mine.map(|one| (one.reference.clone(), one.msat)).collect();
            let ours: Counted = mine.iter().cloned().collect();
            if ours != theirs || ours.len() != mine.len() {
                let why = format!("BTCPay counts {theirs:?}, we {mine:?}: {attempt:?}");
                faults.push(why);
            }
        }
        if let Some(stray) = books.payments.iter().find(|one| one.attempt_id.is_none()) {
            faults.push(format!("found, and of no offer: {stray:?}"));
        }
        faults
    }

    /// No order has two invoices.
    fn made_twice(&self) -> Option<String> {
        let mut made: BTreeMap<String, usize> = BTreeMap::new();
        for invoice in self.bar.btcpay.invoices() {
            *made.entry(invoice["metadata"]["orderId"].to_string()).or_default() += 1;
        }
        made.into_iter().find(|(_, times)| *times > 1).map(|twice| format!("made twice: {twice:?}"))
    }

    /// What BTCPay counts for an offer, by its own words alone.
    fn counted(&self, attempt: &Attempt) -> Counted {
        let Some(id) = self.invoice(attempt) else { return Counted::new() };
        let head = self.bar.btcpay.invoice(&id).unwrap();
        let methods = self.bar.btcpay.payment_methods(&id).unwrap();
        let methods = methods.as_array().unwrap();
        let payments = || methods.iter().flat_map(|one| one["payments"].as_array().unwrap());
        let marked = head["additionalStatus"] == "Marked";
        let invalid = head["status"] == "Invalid";
        if invalid && marked && attempt.cancelled_ms.is_none() {
            return Counted::new();
        }
        let counts = |one: &&Value| one["status"] == "Settled";
        let mut counted: Counted = payments()
            .filter(counts)
            .map(|one| (one["id"].as_str().unwrap().to_owned(), msat(&one["value"])))
            .collect();
        let asked = methods.iter().map(|one| msat(&one["amount"])).min().unwrap();
        let came: i64 = counted.iter().map(|(_, msat)| msat).sum();
        if marked && !invalid && came < asked {
            counted.insert((format!("{id}:marked"), 0));
        }
        counted
    }
}
