//! The practice node as a purse: it pays the practice invoices of this installation, at once and for
//! nothing, so that a practice card can be tried at another practice shop.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use hex::FromHex;

use super::journal::{Added, Entry, Hash};
use super::signer::Words;
use super::wallet::{How, WalletError};
use super::{Sandbox, Shared};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::purse::{Came, Drawn, Fate, Order, Purse, Wanted};
use crate::rail::{RailError, Status};

/// The practice nodes that can pay each other. Cheap to clone; clones are the same town.
#[derive(Clone, Default)]
pub struct Town(Arc<Mutex<Vec<Weak<Shared>>>>);

impl Town {
    fn nodes(&self) -> Vec<Sandbox> {
        let mut nodes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.retain(|node| node.strong_count() > 0);
        nodes.iter().filter_map(Weak::upgrade).map(|shared| Sandbox { shared }).collect()
    }
}

impl Sandbox {
    /// Lets the node pay the others of a town, and be paid by them.
    pub fn join(&self, town: &Town) {
        if self.shared.town.set(town.clone()).is_ok() {
            let mut nodes = town.0.lock().unwrap_or_else(PoisonError::into_inner);
            nodes.push(Arc::downgrade(&self.shared));
        }
    }

    fn neighbours(&self) -> Vec<Self> {
        self.shared.town.get().map(Town::nodes).unwrap_or_default()
    }
}

const STRANGE: &str =
    "This is not a practice code of this server, and practice money pays no other.";

#[async_trait]
impl Purse for Sandbox {
    async fn examine(&self, order: &Order) -> Result<(), RailError> {
        let known = self.neighbours().iter().any(|node| node.decode(&order.request).is_ok());
        if known { Ok(()) } else { Err(RailError::Refused(STRANGE.into())) }
    }

    async fn pay(&self, order: &Order) -> Result<Fate, RailError> {
        for node in self.neighbours() {
            match node.pay(&order.request, How::Exact) {
                Ok(_) => return Ok(Fate::Paid { fee: Msat::ZERO }),
                Err(WalletError::NotOurs) => {}
                Err(WalletError::Journal(error)) => return Err(error.into()),
                Err(refused) => return Ok(Fate::Failed(refused.to_string())),
            }
        }
        Err(RailError::Refused(STRANGE.into()))
    }

    async fn fate(&self, payment_hash: &str) -> Result<Fate, RailError> {
        let Ok(hash) = Hash::from_hex(payment_hash) else { return Ok(Fate::Absent) };
        let now = self.shared.clock.now();
        for node in self.neighbours() {
            let status = node.with_node(|node| Ok::<_, RailError>(node.book.status(&hash, now)))?;
            match status {
                Status::Unknown => {}
                Status::Paid(_) => return Ok(Fate::Paid { fee: Msat::ZERO }),
                _ => return Ok(Fate::Absent),
            }
        }
        Ok(Fate::Absent)
    }

    async fn draw(&self, wanted: &Wanted) -> Result<Drawn, RailError> {
        let now = self.shared.clock.now().since(Time(0));
        let words = Words::Hashed(&wanted.metadata);
        let signed =
            self.shared.signer.invoice(wanted.amount, &words, wanted.expires_in, now).map_err(
                |error| RailError::Refused(format!("the practice node refuses: {error}")),
            )?;
        let expires_at = Time(0).after(Duration::from_secs(signed.expires_at));
        let added = Added {
            hash: signed.payment_hash,
            preimage: signed.preimage,
            amount: wanted.amount,
            expires_at,
        };
        self.with_node(|node| node.enter(Entry::Added(added)))?;
        let payment_hash = hex::encode(signed.payment_hash);
        let at_rail = payment_hash.clone();
        Ok(Drawn { payment_hash, at_rail, request: signed.bolt11, expires_at })
    }

    async fn came(&self, at_rail: &str) -> Result<Came, RailError> {
        let Ok(hash) = Hash::from_hex(at_rail) else { return Ok(Came::Over) };
        let now = self.shared.clock.now();
        self.with_node(|node| {
            let preimage = node.book.record(&hash).map(|record| hex::encode(record.preimage));
            Ok(match node.book.status(&hash, now) {
                Status::Open | Status::Seen => Came::Open,
                Status::Paid(payments) => match payments.first() {
                    Some(first) => Came::Paid { amount: first.amount, at: first.at, preimage },
                    None => Came::Open,
                },
                _ => Came::Over,
            })
        })
    }

    fn tells(&self) -> bool {
        true
    }
}
