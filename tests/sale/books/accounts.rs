//! The ledger: zero in each posting and unit, and each account holds what its name says.

use std::collections::BTreeMap;

use pos_server::db::payment::Payment;

use super::{Books, Entry};

const MSAT: &str = "msat";

impl Books {
    /// Debits less credits of an account.
    pub(crate) fn balance(&self, account: &str, unit: &str) -> i128 {
        let of_account = |entry: &&Entry| entry.account == account && entry.unit == unit;
        self.entries.iter().filter(of_account).map(Entry::signed).sum()
    }

    pub(super) fn account_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut postings: BTreeMap<(&str, &str), i128> = BTreeMap::new();
        let mut customers: BTreeMap<&str, i128> = BTreeMap::new();
        for entry in &self.entries {
            *postings.entry((&entry.posting_id, &entry.unit)).or_default() += entry.signed();
            if entry.account == "customer" {
                let sale = entry.sale_id.as_deref().unwrap_or_default();
                *customers.entry(sale).or_default() -= entry.signed();
            }
        }
        let off = postings.into_iter().filter(|(_, sum)| *sum != 0);
        faults.extend(off.map(|((id, unit), sum)| format!("posting {id} is off {sum} {unit}")));
        for sale in &self.sales {
            let holds = customers.get(sale.id.as_str()).copied().unwrap_or_default();
            let should = if sale.state == "open" { i128::from(sale.credited) } else { 0 };
            if holds != should {
                faults.push(format!("customer holds {holds}, not {should}, of {sale:?}"));
            }
        }
        let mut stores: Vec<&str> = self.tills.iter().map(|till| till.store_id.as_str()).collect();
        stores.sort_unstable();
        stores.dedup();
        for store in stores {
            faults.extend(self.store_faults(store));
        }
        faults
    }

    fn store_faults(&self, store: &str) -> Vec<String> {
        let mut holds: BTreeMap<(&str, &str), i128> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.store_id == store) {
            *holds.entry((&entry.account, &entry.unit)).or_default() += entry.signed();
        }
        let mut faults = Vec::new();
        let mut check = |account: &str, unit: &str, should: i128| {
            let holds = holds.get(&(account, unit)).copied().unwrap_or_default();
            if holds != should {
                faults.push(format!("{account} holds {holds} {unit}, not {should}"));
            }
        };
        let counts = |one: &&Payment| one.store_id.as_str() == store && one.gone_ms.is_none();
        let payments = || self.payments.iter().filter(counts);
        let msat = |of: &mut dyn Iterator<Item = i64>| of.map(i128::from).sum::<i128>();
        let lightning = payments().filter(|one| one.rail != "card");
        let away = || self.away.iter().filter(|(at, ..)| at == store);
        let spent = msat(&mut away().map(|(_, spent, _, came)| came - spent));
        check("lightning", MSAT, msat(&mut lightning.map(|one| one.msat)) + spent);
        check("cards-out", MSAT, -msat(&mut away().map(|(_, _, under_way, _)| *under_way)));
        let found = payments().filter(|one| one.kind == "found");
        check("found", MSAT, -msat(&mut found.map(|one| one.msat)));
        let owed = payments().filter(|one| one.given_back_ms.is_none());
        check("owed", MSAT, -msat(&mut owed.map(|one| one.owed_msat)));
        let sales = || self.sales.iter().filter(|one| one.store_id.as_str() == store);
        let Some(unit) = sales().map(|sale| sale.currency.as_str()).next() else { return faults };
        let paid = || sales().filter(|sale| sale.state == "paid");
        check("tips", unit, -msat(&mut paid().map(|sale| sale.tip)));
        let drawer = self
            .events
            .iter()
            .filter(|event| sales().any(|sale| sale.id.as_str() == event.sale_id));
        let drawer = drawer.map(|event| match event.kind.as_str() {
            "cash.taken" => i128::from(event.number("credited")),
            "payment.given-back" => -i128::from(event.number("coins")),
            _ => 0,
        });
        // Cash that went onto cards belongs to no sale.
        let onto_cards = self.entries.iter().filter(|entry| {
            entry.store_id == store && entry.account == "drawer" && entry.sale_id.is_none()
        });
        check("drawer", unit, drawer.sum::<i128>() + onto_cards.map(Entry::signed).sum::<i128>());
        faults
    }
}
