//! Who pays the node's offers: a customer with any wallet there is, and with bad luck.

use pos_server::domain::money::Msat;
use pos_server::domain::time::{Clock, Time};
use pos_server::rail::{Notice, Paid, Standing};

use super::{Node, State};

/// How an offer is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// What was asked.
    Exact,
    /// These millisatoshi in place of it.
    Msat(u64),
    /// After its end.
    Late,
    /// Though it is paid already.
    Again,
}

impl Node {
    /// Pays an offer; nothing if it cannot be paid so.
    pub(crate) fn try_pay(&self, reference: &str, how: How) -> Option<Paid> {
        let paid = self.state().pay(reference, how, self.0.clock.now());
        self.changed();
        paid
    }

    #[track_caller]
    pub(crate) fn pay_as(&self, reference: &str, how: How) -> Paid {
        let truth = self.truth(reference);
        self.try_pay(reference, how).unwrap_or_else(|| panic!("{how:?} cannot be: {truth:?}"))
    }

    #[track_caller]
    pub(crate) fn pay(&self, reference: &str) -> Paid {
        self.pay_as(reference, How::Exact)
    }

    /// Money for an offer that is none of ours: the merchant's own invoice.
    pub(crate) fn receive(&self, sats: u64) -> Paid {
        let now = self.0.clock.now();
        let amount = Msat::from_sat(sats).unwrap();
        let reference = self.state().add(amount, Time(i64::MAX));
        self.state().pay(&reference, How::Exact, now).unwrap();
        self.changed();
        self.state().settled.last().unwrap().clone()
    }

    /// A payment sets out: seen, not final. False if it cannot.
    pub(crate) fn set_out(&self, reference: &str) -> bool {
        let now = self.0.clock.now();
        let mut state = self.state();
        let payable = state.payable(reference, now);
        if payable {
            state.invoice(reference).unwrap().on_its_way = true;
            state.news.push(Notice::Seen { offer: reference.into() });
        }
        drop(state);
        self.changed();
        payable
    }

    /// What is on its way arrives.
    pub(crate) fn arrive(&self, reference: &str) -> Option<Paid> {
        let mut state = self.state();
        let invoice = state.invoice(reference).filter(|invoice| invoice.on_its_way)?;
        invoice.on_its_way = false;
        let asked = invoice.asked;
        let paid = state.settle(reference, asked, self.0.clock.now());
        drop(state);
        self.changed();
        Some(paid)
    }

    /// What is on its way goes back to the customer.
    pub(crate) fn turn_back(&self, reference: &str) {
        if let Some(invoice) = self.state().invoice(reference) {
            invoice.on_its_way = false;
        }
        self.changed();
    }

    pub(crate) fn on_their_way(&self) -> Vec<String> {
        let state = self.state();
        let moving = |place: &usize| state.invoices[*place].on_its_way;
        let names = state.places.iter().filter(|(_, place)| moving(place));
        let mut names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }
}

impl State {
    /// Open to a payment that was not made yet.
    fn payable(&mut self, reference: &str, now: Time) -> bool {
        self.invoice(reference).is_some_and(|invoice| {
            let free = !invoice.cancelled && !invoice.on_its_way && invoice.payments.is_empty();
            free && now < invoice.expires
        })
    }

    pub(super) fn pay(&mut self, reference: &str, how: How, now: Time) -> Option<Paid> {
        let payable = self.payable(reference, now);
        let strict = self.strict;
        let invoice = self.invoice(reference)?;
        let (asked, expires) = (invoice.asked, invoice.expires);
        let paid = !invoice.payments.is_empty();
        let free = !invoice.cancelled && !invoice.on_its_way;
        let (may, amount, at) = match how {
            How::Exact => (payable, asked, now),
            How::Msat(msat) => (payable && msat > 0, Msat::new(msat).ok()?, now),
            How::Late => (free && !paid && !strict, asked, now.max(Time(expires.0 + 1000))),
            How::Again => (free && paid && !strict, asked, now),
        };
        may.then(|| self.settle(reference, amount, at))
    }

    pub(super) fn settle(&mut self, reference: &str, amount: Msat, at: Time) -> Paid {
        let invoice = self.invoice(reference).expect("an invoice");
        let nth = invoice.payments.len();
        let offer = reference.to_owned();
        let reference = if nth == 0 { offer.clone() } else { format!("{offer}-{}", nth + 1) };
        let paid = Paid { offer, reference, amount, at, standing: Standing::Settled };
        invoice.payments.push(paid.clone());
        self.settled.push(paid.clone());
        paid
    }
}
