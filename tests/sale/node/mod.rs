//! The merchant's node as the tests script it: it keeps the seam of `rail`, and its memory outlives
//! us. `customer` pays, `wire` is how one server reaches it, `line` what its stream tells.

mod customer;
mod gate;
mod line;
mod wire;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use pos_server::domain::money::Msat;
use pos_server::domain::time::{Clock, Time};
use pos_server::rail::{Ask, Notice, Offer, Paid, RailError, Status};
use tokio::sync::watch;

use super::clock::Hand;

pub(crate) use customer::How;
pub(crate) use gate::{Ticket, gated};
pub(crate) use line::Line;
pub(crate) use wire::Wire;

/// What a server asks of the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Offer,
    Status,
    Cancel,
}

/// How the next call of a kind goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It is done, and the answer lost.
    Lose,
    /// It never arrives.
    Break,
    /// It is answered no, in these words.
    Refuse(&'static str),
    /// It is never answered.
    Hang,
}

/// The node. Clones are the same node.
#[derive(Clone)]
pub(crate) struct Node(Arc<Shared>);

struct Shared {
    clock: Arc<Hand>,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    name: u64,
    invoices: Vec<Invoice>,
    places: HashMap<String, usize>,
    /// All payments; the settle index of each is its place, counted from one.
    settled: Vec<Paid>,
    /// What is told once, to who listens.
    news: Vec<Notice>,
    down: bool,
    strict: bool,
    faults: HashMap<Call, VecDeque<Fault>>,
    /// Offers that are paid in the moment in which they are to be cancelled.
    quick: HashSet<String>,
    calls: Vec<(Call, String)>,
}

struct Invoice {
    asked: Msat,
    expires: Time,
    cancelled: bool,
    on_its_way: bool,
    payments: Vec<Paid>,
}

impl Node {
    pub(crate) fn new(clock: &Arc<Hand>) -> Self {
        static NAMES: AtomicU64 = AtomicU64::new(1);
        let name = NAMES.fetch_add(1, Ordering::Relaxed);
        let state = Mutex::new(State { name, ..State::default() });
        let changes = watch::channel(0).0;
        Self(Arc::new(Shared { clock: clock.clone(), state, changes }))
    }

    /// As LND: nothing is paid late or twice, what is on its way cannot be cancelled, and a stream
    /// from the very beginning tells nothing of before.
    pub(crate) fn be_strict(&self) {
        self.state().strict = true;
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.state().strict
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.state().down = down;
    }

    /// Makes the next call of a kind go wrong, after those that were told so before.
    pub(crate) fn next(&self, call: Call, fault: Fault) {
        self.state().faults.entry(call).or_default().push_back(fault);
    }

    /// The customer pays in the very moment in which the offer is to be cancelled.
    pub(crate) fn pay_when_cancelled(&self, reference: &str) {
        self.state().quick.insert(reference.to_owned());
    }

    pub(crate) fn behave(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.quick.clear();
        state.down = false;
    }

    /// Every payment there is, in the order of their settle index.
    pub(crate) fn settled(&self) -> Vec<Paid> {
        self.state().settled.clone()
    }

    /// What is true of an offer.
    pub(crate) fn truth(&self, reference: &str) -> Status {
        self.state().status(reference, self.0.clock.now())
    }

    /// Offers that can be paid or have a payment on its way.
    pub(crate) fn payable(&self) -> Vec<String> {
        let (state, now) = (self.state(), self.0.clock.now());
        let live = |name: &&String| matches!(state.status(name, now), Status::Open | Status::Seen);
        let mut names: Vec<String> = state.places.keys().filter(live).cloned().collect();
        names.sort();
        names
    }

    /// Every offer ever made, the oldest first.
    pub(crate) fn offers(&self) -> Vec<String> {
        let state = self.state();
        let mut names: Vec<String> = state.places.keys().cloned().collect();
        names.sort();
        names
    }

    /// How often a kind of call came, answered or not.
    pub(crate) fn count(&self, call: Call) -> usize {
        self.state().calls.iter().filter(|(kind, _)| *kind == call).count()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn changed(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }
}

impl State {
    fn invoice(&mut self, reference: &str) -> Option<&mut Invoice> {
        let place = *self.places.get(reference)?;
        self.invoices.get_mut(place)
    }

    fn add(&mut self, asked: Msat, expires: Time) -> String {
        let place = self.invoices.len();
        let reference = format!("{:032x}{place:032x}", self.name);
        let payments = Vec::new();
        let invoice = Invoice { asked, expires, cancelled: false, on_its_way: false, payments };
        self.invoices.push(invoice);
        self.places.insert(reference.clone(), place);
        reference
    }

    fn offer(&mut self, ask: &Ask, now: Time) -> Result<Offer, RailError> {
        if ask.amount == Msat::ZERO {
            return Err(RailError::Refused("an invoice over nothing cannot be made".into()));
        }
        let expires_at = now.after(ask.expires_in);
        let reference = self.add(ask.amount, expires_at);
        let request = Some(format!("lnbcrt1{reference}"));
        Ok(Offer { reference, request, expires_at, priced: None, confirmations: None })
    }

    fn status(&self, reference: &str, now: Time) -> Status {
        let invoice = self.places.get(reference).and_then(|place| self.invoices.get(*place));
        match invoice {
            None => Status::Unknown,
            Some(invoice) if !invoice.payments.is_empty() => Status::Paid(invoice.payments.clone()),
            Some(invoice) if invoice.cancelled => Status::Closed,
            Some(invoice) if invoice.on_its_way => Status::Seen,
            Some(invoice) if invoice.expires <= now => Status::Closed,
            Some(_) => Status::Open,
        }
    }

    fn cancel(&mut self, reference: &str, now: Time) -> Result<Status, RailError> {
        let strict = self.strict;
        if self.quick.remove(reference) {
            self.pay(reference, How::Exact, now);
        }
        let mut closed = false;
        if let Some(invoice) = self.invoice(reference) {
            if invoice.on_its_way && strict {
                return Err(RailError::Refused("invoice accepted: cannot be canceled".into()));
            }
            if invoice.payments.is_empty() && !invoice.cancelled {
                (invoice.cancelled, invoice.on_its_way, closed) = (true, false, true);
            }
        }
        if closed && !strict {
            self.news.push(Notice::Closed { offer: reference.into() });
        }
        Ok(self.status(reference, now))
    }
}
