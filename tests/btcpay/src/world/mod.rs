//! What the server knows: its stores, keys, invoices and webhooks, all in memory.

pub(crate) mod boltcard;
pub(crate) mod clock;
mod create;
pub(crate) mod invoice;
mod json;
pub(crate) mod key;
pub(crate) mod lightning;
mod machine;
pub(crate) mod names;
mod node;
pub(crate) mod pay;
pub(crate) mod payout;
pub(crate) mod pull;
mod refund;
pub(crate) mod store;
pub(crate) mod webhook;

pub(crate) use create::{CreateError, NewInvoice};
pub(crate) use json::invoice_json;

use std::collections::HashMap;

use boltcard::Boltcard;
use clock::Clock;
use invoice::Invoice;
use key::Key;
use machine::Event;
use node::Node;
use payout::{Payout, Processor};
use pull::PullPayment;
use store::Store;
use webhook::{Switches, Webhook};

use crate::options::Options;

/// All state, behind one lock.
pub(crate) struct World {
    pub(crate) options: Options,
    /// Where the server is reached, base path and all.
    pub(crate) url: String,
    pub(crate) clock: Clock,
    pub(crate) user: String,
    pub(crate) synced: bool,
    pub(crate) stores: Vec<Store>,
    pub(crate) keys: Vec<Key>,
    /// In the order of their making.
    pub(crate) invoices: Vec<Invoice>,
    places: HashMap<String, usize>,
    pub(crate) pull_payments: Vec<PullPayment>,
    pub(crate) payouts: Vec<Payout>,
    pub(crate) processor: Processor,
    pub(crate) boltcards: Vec<Boltcard>,
    /// From which every card's keys come.
    pub(crate) issuer: [u8; 16],
    /// Invoices whose payment raises what a pull payment holds.
    pub(crate) top_ups: HashMap<String, String>,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) switches: Switches,
    /// How often the server was restarted, so to speak.
    pub(crate) restarts: u32,
    /// Webhooks made since their workers were last started.
    pub(crate) unattended: Vec<String>,
    /// What did not keep to the contract.
    pub(crate) faults: Vec<String>,
    node: Node,
    /// What its node pays and draws beside sales.
    pub(crate) lightning: lightning::Ledger,
}

impl World {
    pub(crate) fn new(options: Options, url: String) -> Self {
        let store = Store::new(names::store(), "Corner shop", &options);
        Self {
            clock: Clock::new(options.clock),
            url,
            user: names::long(),
            synced: options.synced,
            stores: vec![store],
            keys: Vec::new(),
            invoices: Vec::new(),
            places: HashMap::new(),
            pull_payments: Vec::new(),
            payouts: Vec::new(),
            processor: Processor::default(),
            boltcards: Vec::new(),
            issuer: rand::random(),
            top_ups: HashMap::new(),
            webhooks: Vec::new(),
            switches: Switches::default(),
            restarts: 0,
            unattended: Vec::new(),
            faults: Vec::new(),
            node: Node::new(),
            lightning: lightning::Ledger::default(),
            options,
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(crate) fn store(&self, id: &str) -> Option<&Store> {
        self.stores.iter().find(|store| store.id == id && !store.gone)
    }

    pub(crate) fn store_mut(&mut self, id: &str) -> Result<&mut Store, String> {
        let found = self.stores.iter_mut().find(|store| store.id == id);
        found.ok_or_else(|| format!("there is no store {id}"))
    }

    /// A key of the owner's with these permissions.
    pub(crate) fn add_key(
        &mut self,
        label: &str,
        permissions: Vec<String>,
        application: Option<(String, String)>,
    ) -> String {
        let key = names::api_key();
        self.keys.push(Key { key: key.clone(), label: label.to_owned(), permissions, application });
        key
    }

    pub(crate) fn invoice(&self, id: &str) -> Option<&Invoice> {
        self.places.get(id).map(|&at| &self.invoices[at])
    }

    fn place(&self, id: &str) -> Result<usize, String> {
        self.places.get(id).copied().ok_or_else(|| format!("there is no invoice {id}"))
    }

    /// An invoice to be changed without its state moving.
    pub(crate) fn invoice_mut(&mut self, id: &str) -> Result<&mut Invoice, String> {
        let at = self.place(id)?;
        Ok(&mut self.invoices[at])
    }

    /// Lets time do its work on all invoices.
    pub(crate) fn tick(&mut self) {
        let now = self.now();
        for at in 0..self.invoices.len() {
            if machine::is_due(&self.invoices[at], now) {
                self.update(at);
            }
        }
    }

    /// Moves one invoice as far as it goes, and tells of it.
    fn update(&mut self, at: usize) {
        let now = self.now();
        loop {
            let invoice = &mut self.invoices[at];
            let before = (invoice.status, invoice.additional);
            let events = machine::update(invoice, now);
            let still = before == (invoice.status, invoice.additional) && events.is_empty();
            self.tell(at, events);
            if still {
                return;
            }
        }
    }

    fn tell(&mut self, at: usize, events: Vec<Event>) {
        for event in events {
            let invoice = &self.invoices[at];
            let extra = (invoice.id.clone(), invoice.metadata.clone(), event.extra);
            let store = invoice.store.clone();
            self.publish(&store, event.kind, extra);
        }
    }

    /// Staff mark an invoice. False if it cannot be.
    pub(crate) fn mark(&mut self, id: &str, settled: bool) -> Result<bool, String> {
        let at = self.place(id)?;
        let event = machine::mark(&mut self.invoices[at], settled);
        let marked = event.is_some();
        self.tell(at, event.into_iter().collect());
        Ok(marked)
    }

    /// Ends an invoice's time now.
    pub(crate) fn expire(&mut self, id: &str) -> Result<(), String> {
        let at = self.place(id)?;
        let now = self.now();
        let invoice = &mut self.invoices[at];
        let over = (invoice.expires - now).max(0);
        invoice.expires -= over;
        invoice.monitored_until -= over;
        self.update(at);
        Ok(())
    }
}
