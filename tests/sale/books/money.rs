//! Payments, what they did to sales, and that none is missing.

use std::collections::{BTreeMap, HashMap, HashSet};

use pos_server::db::attempt::Attempt;
use pos_server::db::payment::Payment;
use pos_server::db::sale::Sale;
use pos_server::rail::{Paid, Status};

use super::super::node::Node;
use super::Books;

/// What a payment is worth in minor units at the price of its offer, dust dropped.
fn worth(attempt: &Attempt, msat: i64) -> i128 {
    let [amount, asked, msat] = [attempt.amount, attempt.asked_msat, msat].map(i128::from);
    let priced = |msat: i128| if asked == 0 { 0 } else { msat * amount / asked };
    let within = if msat >= asked { amount } else { priced(msat) };
    within + priced((msat - asked).max(0))
}

impl Books {
    pub(super) fn payments_of<'a>(&'a self, sale: &'a Sale) -> impl Iterator<Item = &'a Payment> {
        self.payments.iter().filter(|one| one.sale_id.as_deref() == Some(sale.id.as_str()))
    }

    pub(super) fn money_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for sale in &self.sales {
            faults.extend(self.sale_fault(sale).map(|why| format!("sale {}: {why}", sale.id)));
        }
        let attempts: HashMap<&str, &Attempt> =
            self.attempts.iter().map(|one| (one.id.as_str(), one)).collect();
        for payment in &self.payments {
            let attempt = payment.attempt_id.as_deref().and_then(|id| attempts.get(id));
            let fault = self.payment_fault(payment, attempt.copied());
            faults.extend(fault.map(|why| format!("payment {}: {why}: {payment:?}", payment.id)));
        }
        faults
    }

    fn sale_fault(&self, sale: &Sale) -> Option<String> {
        let credited: i64 = self.payments_of(sale).map(|payment| payment.credited).sum();
        if credited != sale.credited {
            return Some(format!("{} credited, its payments say {credited}", sale.credited));
        }
        let cash = || self.payments_of(sale).filter(|payment| payment.rail == "cash");
        let drawer: i64 = cash().map(|payment| payment.credited).sum();
        if sale.tendered - sale.change_given != drawer {
            let (taken, change) = (sale.tendered, sale.change_given);
            return Some(format!("{taken} taken, {change} handed back, {drawer} kept"));
        }
        let step = self.steps[sale.store_id.as_str()];
        if 2 * sale.rounding.abs() > step || (sale.rounding != 0 && cash().next().is_none()) {
            return Some(format!("rounded by {}", sale.rounding));
        }
        let asked = sale.total + sale.rounding;
        let closed = sale.closed_ms.is_some();
        let numbered = sale.receipt_number.is_some();
        // Paid once, and the money taken back since: the number stays.
        let reopened = self.says_of(sale, "sale.reopened");
        let right = match sale.state.as_str() {
            "open" => {
                credited < asked
                    && (sale.rounding == 0 || reopened)
                    && !closed
                    && numbered == reopened
            }
            "paid" => credited == asked && closed && numbered,
            "voided" => credited == 0 && closed && numbered == reopened,
            _ => false,
        };
        (!right).then(|| format!("{} with {credited} of {asked}: {sale:?}", sale.state))
    }

    fn payment_fault(&self, payment: &Payment, attempt: Option<&Attempt>) -> Option<&'static str> {
        if payment.credited < 0 || payment.owed < 0 || payment.owed_msat < 0 {
            return Some("below zero");
        }
        let Some(attempt) = attempt else {
            // Found by a node, and BTCPay's after all.
            let claimed = payment.kind == "gone" && payment.gone_ms.is_some();
            let found = (payment.kind == "found" || claimed) && payment.sale_id.is_none();
            let untouched = payment.credited == 0 && payment.owed == 0 && payment.owed_msat == 0;
            return (!found || !untouched).then_some("of no offer, and not just found");
        };
        if payment.sale_id.as_deref() != Some(attempt.sale_id.as_str()) {
            return Some("for another sale than its offer");
        }
        if payment.rail == "cash" {
            let back = payment.given_back_ms.is_some();
            let whole = payment.credited + payment.owed == attempt.amount;
            return (!whole || (payment.owed > 0) != back).then_some("not the cash that was taken");
        }
        if payment.rail == "btcpay" {
            if let Some(fault) = self.part_fault(payment, attempt) {
                return Some(fault);
            }
            if payment.gone_ms.is_some() || payment.kind == "marked" {
                return None;
            }
        }
        let sum = i128::from(payment.credited) + i128::from(payment.owed);
        if payment.rail != "btcpay" && sum != worth(attempt, payment.msat) {
            return Some("credited and owed are not what it is worth");
        }
        if payment.owed_msat > payment.msat {
            return Some("more is owed than came");
        }
        if payment.credited == 0
            && payment.given_back_ms.is_none()
            && payment.owed_msat != payment.msat
        {
            return Some("nothing was credited, so all of it is owed");
        }
        let unasked = matches!(payment.kind.as_str(), "late" | "extra") && payment.credited > 0;
        if unasked && !self.says("payment.added", payment.id.as_str()) {
            return Some("credited unasked");
        }
        None
    }

    fn says_of(&self, sale: &Sale, kind: &str) -> bool {
        self.events.iter().any(|event| event.kind == kind && event.sale_id == sale.id.as_str())
    }

    /// A payment of a rail that takes back, and takes parts.
    fn part_fault(&self, payment: &Payment, attempt: &Attempt) -> Option<&'static str> {
        let sum = payment.credited + payment.owed + payment.returned;
        if payment.gone_ms.is_some() {
            // What the payer got back in cash before stays known, so that it is not owed twice.
            let owed = (payment.owed, payment.owed_msat) == (0, 0);
            let settled = owed || payment.given_back_ms.is_some();
            let nothing = payment.credited == 0 && settled && payment.kind == "gone";
            return (!nothing).then_some("gone, and still counted");
        }
        if payment.kind == "marked" {
            let word = payment.msat == 0 && payment.owed_msat == 0 && sum <= attempt.amount;
            return (!word).then_some("a mark, and counted as bitcoin");
        }
        let mine = |one: &&Payment| one.attempt_id == payment.attempt_id;
        let parts = i128::try_from(self.payments.iter().filter(mine).count()).unwrap();
        // Less than a satoshi over is the rounding of the chain, and one is rounded in each part.
        let sat = 1 + i128::from(attempt.amount) * 1_000 / i128::from(attempt.asked_msat);
        let off = i128::from(sum) - worth(attempt, payment.msat);
        (off.abs() > parts + sat).then_some("credited and owed are not what it is worth")
    }

    fn says(&self, kind: &str, id: &str) -> bool {
        self.events.iter().any(|event| event.kind == kind && event.body.contains(id))
    }

    /// Everything that arrived at the nodes is one payment each, and nothing else is.
    pub(super) fn arrival_faults(&self, nodes: &[&Node]) -> Vec<String> {
        let mut faults = Vec::new();
        let mut rows: BTreeMap<&str, Vec<&Payment>> = BTreeMap::new();
        for payment in self.payments.iter().filter(|payment| payment.rail != "cash") {
            rows.entry(&payment.reference).or_default().push(payment);
        }
        for paid in nodes.iter().flat_map(|node| node.settled()) {
            match rows.remove(paid.reference.as_str()).as_deref() {
                None => faults.push(format!("lost: {paid:?}")),
                Some([one]) if same(one, &paid) => {}
                Some(rows) => faults.push(format!("told {paid:?}, kept {rows:?}")),
            }
        }
        faults.extend(rows.into_values().map(|rows| format!("nobody paid {rows:?}")));
        faults
    }

    /// No offer is left that could still be paid or of which nothing is known; what we say is over
    /// is over at the node.
    pub(super) fn waiting_faults(&self, nodes: &[&Node]) -> Vec<String> {
        let mut faults = Vec::new();
        let paid: HashSet<&str> =
            self.payments.iter().filter_map(|one| one.attempt_id.as_deref()).collect();
        for attempt in self.attempts.iter().filter(|one| one.rail != "cash") {
            let truth = nodes.iter().map(|node| node.truth(&attempt.reference));
            let truth = truth.into_iter().find(|truth| *truth != Status::Unknown);
            let over = !attempt.live() && attempt.ended_ms.is_some();
            let ours = over && (attempt.state != "settled" || paid.contains(attempt.id.as_str()));
            let theirs = !matches!(truth, Some(Status::Open | Status::Seen));
            if !ours || !theirs {
                faults.push(format!("{} at us, {truth:?} at the node: {attempt:?}", attempt.state));
            }
        }
        faults
    }
}

fn same(row: &Payment, paid: &Paid) -> bool {
    row.offer == paid.offer && row.msat == paid.amount.to_db() && row.paid_ms == paid.at.0
}
