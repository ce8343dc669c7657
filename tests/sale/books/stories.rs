//! Receipt numbers and the story of each sale.

use std::collections::BTreeMap;

use pos_server::db::payment::Payment;

use super::{Books, EventRow};

impl Books {
    pub(super) fn story_faults(&self) -> Vec<String> {
        let mut faults = self.receipt_faults();
        let mut stories: BTreeMap<&str, Vec<&EventRow>> = BTreeMap::new();
        for event in &self.events {
            stories.entry(&event.sale_id).or_default().push(event);
        }
        for sale in &self.sales {
            let story = stories.remove(sale.id.as_str()).unwrap_or_default();
            let numbered = story.iter().zip(1..).all(|(event, seq)| event.seq == seq);
            if !numbered {
                faults.push(format!("the story of sale {} has gaps: {story:?}", sale.id));
            }
            let count = |kind: &str| story.iter().filter(|event| event.kind == kind).count();
            let payments = |cash: bool| {
                self.payments_of(sale).filter(|one| (one.rail == "cash") == cash).count()
            };
            faults.extend(self.payments_of(sale).filter_map(|one| retold(one, &story)));
            let reopened = count("sale.reopened");
            let gone = count("payment.gone") > 0;
            let back = self.payments_of(sale).filter(|one| one.given_back_ms.is_some()).count();
            let told = [
                ("sale.opened", 1),
                ("sale.paid", usize::from(sale.state == "paid") + reopened),
                ("sale.voided", usize::from(sale.state == "voided")),
                ("payment.arrived", if gone { count("payment.arrived") } else { payments(false) }),
                ("cash.taken", payments(true)),
                ("payment.given-back", if gone { count("payment.given-back") } else { back }),
            ];
            for (kind, times) in told {
                if count(kind) != times {
                    let told = count(kind);
                    faults.push(format!("{kind} told {told} times, not {times}: {sale:?}"));
                }
            }
        }
        faults.extend(stories.keys().map(|sale| format!("a story without a sale: {sale}")));
        faults
    }

    /// One, two, three on each till, as many as were paid there.
    fn receipt_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for till in &self.tills {
            let of_till = self.sales.iter().filter(|sale| sale.till_id == till.id);
            let mut numbers: Vec<i64> = of_till.filter_map(|sale| sale.receipt_number).collect();
            numbers.sort_unstable();
            if numbers != (1..till.next_receipt).collect::<Vec<_>>() {
                let next = till.next_receipt;
                faults.push(format!("till {}: receipts {numbers:?}, next {next}", till.prefix));
            }
        }
        faults
    }
}

/// A payment arrives as often as it went, and once more while it counts; one that was disowned
/// before it was heard of went first.
fn retold(payment: &Payment, story: &[&EventRow]) -> Option<String> {
    let told = |kind: &str| {
        let mine =
            |event: &&&EventRow| event.kind == kind && event.body.contains(payment.id.as_str());
        story.iter().filter(mine).count()
    };
    let (arrived, gone) = (told("payment.arrived"), told("payment.gone"));
    let balance = if payment.gone_ms.is_some() { arrived + 1 } else { arrived };
    let right = gone == 0 || balance == gone + 1 || balance == gone;
    (!right).then(|| format!("arrived {arrived} times, gone {gone} times: {payment:?}"))
}
