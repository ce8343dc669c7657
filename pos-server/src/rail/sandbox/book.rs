//! What the journal adds up to: each invoice with its payments, and all payments in order.

use std::collections::{HashMap, VecDeque};

use super::journal::{Added, Arrival, Entry, Hash};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::{Notice, Paid, Standing, Status};

/// News that streams have not fetched by then is lost; a look-up tells the same.
const NEWS_MAX: usize = 256;

/// An invoice and what became of it.
pub(super) struct Record {
    pub(super) amount: Msat,
    pub(super) expires_at: Time,
    pub(super) preimage: Hash,
    pub(super) cancelled: bool,
    /// A payment is on its way.
    pub(super) pending: bool,
    /// Places in [`Book::settled`].
    payments: Vec<u32>,
}

impl Record {
    pub(super) fn is_paid(&self) -> bool {
        !self.payments.is_empty()
    }
}

/// All invoices, all payments.
#[derive(Default)]
pub(super) struct Book {
    records: HashMap<Hash, Record>,
    /// Every settled payment; the settle index of each is its place, counted from one.
    settled: Vec<Arrival>,
    /// Payments on their way.
    pending: Vec<Arrival>,
    /// What is told once and not replayed.
    news: VecDeque<Notice>,
    /// How many news were dropped from the front.
    news_gone: u64,
    changes: u64,
}

impl Book {
    /// Believes an entry. One that makes no sense (an unknown invoice) changes nothing.
    pub(super) fn apply(&mut self, entry: &Entry) {
        self.changes += 1;
        match entry {
            Entry::Added(Added { hash, preimage, amount, expires_at }) => {
                let record = Record {
                    amount: *amount,
                    expires_at: *expires_at,
                    preimage: *preimage,
                    cancelled: false,
                    pending: false,
                    payments: Vec::new(),
                };
                self.records.insert(*hash, record);
            }
            Entry::Seen(arrival) => {
                let Some(record) = self.records.get_mut(&arrival.hash) else { return };
                record.pending = true;
                self.pending.push(*arrival);
                self.tell(Notice::Seen { offer: hex::encode(arrival.hash) });
            }
            Entry::Paid(arrival) => {
                let Some(record) = self.records.get_mut(&arrival.hash) else { return };
                record.pending = false;
                record.payments.push(u32::try_from(self.settled.len()).unwrap_or(u32::MAX));
                self.pending.retain(|pending| pending.hash != arrival.hash);
                self.settled.push(*arrival);
            }
            Entry::Cancelled { hash } => {
                let Some(record) = self.records.get_mut(hash) else { return };
                record.cancelled = true;
                record.pending = false;
                self.pending.retain(|pending| pending.hash != *hash);
                self.tell(Notice::Closed { offer: hex::encode(hash) });
            }
        }
    }

    fn tell(&mut self, notice: Notice) {
        self.news.push_back(notice);
        if self.news.len() > NEWS_MAX {
            self.news.pop_front();
            self.news_gone += 1;
        }
    }

    /// How many entries were believed.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Invoices made.
    pub(super) fn added(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn record(&self, hash: &Hash) -> Option<&Record> {
        self.records.get(hash)
    }

    /// The payment on its way that is due first, if it is due.
    pub(super) fn next_due(&self, now: Time) -> Option<Arrival> {
        self.pending.iter().filter(|pending| pending.at <= now).min_by_key(|due| due.at).copied()
    }

    /// When the next payment on its way is due.
    pub(super) fn due_at(&self) -> Option<Time> {
        self.pending.iter().map(|pending| pending.at).min()
    }

    /// What is true of an invoice.
    pub(super) fn status(&self, hash: &Hash, now: Time) -> Status {
        match self.records.get(hash) {
            None => Status::Unknown,
            Some(record) if record.is_paid() => Status::Paid(self.payments(hash)),
            Some(record) if record.cancelled => Status::Closed,
            Some(record) if record.pending => Status::Seen,
            Some(record) if record.expires_at <= now => Status::Closed,
            Some(_) => Status::Open,
        }
    }

    /// All payments of an invoice, in order.
    pub(super) fn payments(&self, hash: &Hash) -> Vec<Paid> {
        let places = self.records.get(hash).map(|record| &record.payments[..]).unwrap_or_default();
        places.iter().filter_map(|place| self.payment(usize::try_from(*place).ok()?)).collect()
    }

    /// The payment after `index` others.
    pub(super) fn payment(&self, index: usize) -> Option<Paid> {
        let arrival = self.settled.get(index)?;
        let places = &self.records.get(&arrival.hash)?.payments;
        let nth = places.iter().position(|place| usize::try_from(*place) == Ok(index))?;
        let offer = hex::encode(arrival.hash);
        let reference = if nth == 0 { offer.clone() } else { format!("{offer}-{}", nth + 1) };
        let (amount, at) = (arrival.amount, arrival.at);
        Some(Paid { offer, reference, amount, at, standing: Standing::Settled })
    }

    /// News after the first `seen`, oldest first, and how many there are then.
    pub(super) fn news_after(&self, seen: u64) -> (impl Iterator<Item = &Notice>, u64) {
        let skip = usize::try_from(seen.saturating_sub(self.news_gone)).unwrap_or(usize::MAX);
        (self.news.iter().skip(skip), self.news_count())
    }

    /// How many news there ever were.
    pub(super) fn news_count(&self) -> u64 {
        self.news_gone + u64::try_from(self.news.len()).unwrap_or(0)
    }

    /// Drops the news: what a journal says at the start is old.
    pub(super) fn forget_news(&mut self) {
        self.news_gone = self.news_count();
        self.news.clear();
    }

    /// Invoices with a payment on its way.
    pub(super) fn on_their_way(&self) -> impl Iterator<Item = String> {
        self.pending.iter().map(|pending| hex::encode(pending.hash))
    }
}
