//! What customers, the chain and bad luck do, from Rust.

use rand::seq::SliceRandom;
use serde::Deserialize;

use super::Control;
use crate::plan::Fault;
use crate::shared::{Seen, lock};
use crate::world::pay::Transaction;
use crate::world::webhook::Switches;

/// How much a Lightning payment brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// What is asked.
    Exact,
    /// So many per cent of it.
    Percent(u64),
    /// So many millisatoshi.
    Msat(u64),
}

impl Pay {
    pub(super) fn of(self, asked: u64) -> u64 {
        match self {
            Self::Exact => asked,
            Self::Percent(percent) => asked.saturating_mul(percent) / 100,
            Self::Msat(msat) => msat,
        }
    }
}

/// A transaction of the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Chain {
    /// Nothing for exactly what is due.
    pub sats: Option<u64>,
    /// How deep it is already.
    pub confirmations: u32,
    /// Whether it says that it may be replaced.
    pub replaceable: bool,
}

impl Control {
    /// Pays an invoice, named by its id or by a BOLT11 of it. Gives the payment's id, which is its
    /// hash, and the preimage.
    pub fn pay_lightning(&self, invoice: &str, how: Pay) -> Result<(String, String), String> {
        self.shared.with(|world| {
            world.tick();
            world.pay_lightning(invoice, |asked| how.of(asked))
        })
    }

    /// Sends so many satoshi to an invoice's address. Gives the payment's id.
    pub fn pay_chain(&self, invoice: &str, sats: u64, conf: u32) -> Result<String, String> {
        let how = Chain { sats: Some(sats), confirmations: conf, replaceable: false };
        self.pay_chain_with(invoice, how)
    }

    /// Sends a transaction to an invoice's address. Gives the payment's id.
    pub fn pay_chain_with(&self, invoice: &str, how: Chain) -> Result<String, String> {
        let Chain { sats, confirmations, replaceable } = how;
        self.shared.with(|world| {
            world.tick();
            world.pay_chain(invoice, Transaction { sats, confirmations, replaceable })
        })
    }

    /// Buries a payment under so many more blocks.
    pub fn confirm(&self, payment: &str, blocks: u32) -> Result<(), String> {
        self.shared.with(|world| world.confirm(payment, blocks))
    }

    /// Takes an unconfirmed payment back.
    pub fn double_spend(&self, payment: &str) -> Result<(), String> {
        self.shared.with(|world| world.double_spend(payment))
    }

    /// Ends an invoice's time to be paid now.
    pub fn expire(&self, invoice: &str) -> Result<(), String> {
        self.shared.with(|world| {
            let id = world.find_invoice(invoice)?;
            world.expire(&id)
        })
    }

    /// Marks an invoice as staff do in BTCPay: settled, or else invalid.
    pub fn mark(&self, invoice: &str, settled: bool) -> Result<(), String> {
        let marked = self.shared.with(|world| {
            let id = world.find_invoice(invoice)?;
            world.mark(&id, settled)
        });
        match marked? {
            true => Ok(()),
            false => Err("it cannot be marked so".to_owned()),
        }
    }

    /// Stands the clock still there, in seconds since 1970.
    pub fn set_clock(&self, at: i64) {
        self.shared.with(|world| {
            world.clock.set(at);
            world.tick();
        });
    }

    /// Moves the clock: a running one is then so many seconds off, forwards or backwards.
    pub fn advance(&self, seconds: i64) {
        self.shared.with(|world| {
            world.clock.advance(seconds);
            world.tick();
        });
    }

    /// The server's time, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.shared.with(|world| world.now())
    }

    /// Makes requests fail: those whose path, or method and path, fit a pattern in which `*` stands
    /// for anything; the next so many, or all until [`Self::heal`].
    pub fn fail(&self, path: &str, fault: Fault, times: Option<u32>) {
        lock(&self.shared.plan).add(path, fault, times);
    }

    /// Closes every connection unanswered, until told otherwise.
    pub fn down(&self, down: bool) {
        lock(&self.shared.plan).down = down;
    }

    /// Ends all that was to fail.
    pub fn heal(&self) {
        lock(&self.shared.plan).clear();
    }

    /// Sets what is odd about deliveries; those held are released if they no longer are.
    pub fn webhooks(&self, switches: Switches) {
        self.shared.with(|world| {
            world.switches = switches;
            world.webhooks.iter().for_each(|webhook| webhook.wake.notify_one());
        });
    }

    /// Lets held deliveries go, in their order or shuffled.
    pub fn release(&self, shuffled: bool) {
        self.shared.with(|world| {
            world.switches.hold = false;
            for webhook in &mut world.webhooks {
                if shuffled {
                    webhook.queue.make_contiguous().shuffle(&mut rand::rng());
                }
                webhook.wake.notify_one();
            }
        });
    }

    /// BTCPay is restarted: what was to be delivered, or delivered again, is forgotten.
    pub fn drop_deliveries(&self) {
        self.shared.with(|world| {
            world.restarts += 1;
            world.webhooks.iter_mut().for_each(|webhook| webhook.queue.clear());
        });
    }

    /// What did not keep to the contract: requests, answers, webhooks.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.shared.with(|world| world.faults.clone())
    }

    /// All requests of the API, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }
}
