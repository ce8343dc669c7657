//! The practice node as a rail.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use hex::FromHex;

use super::journal::{Added, Entry, Hash, JournalError};
use super::signer::Words;
use super::{Node, Sandbox};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::purse::Purse;
use crate::rail::{
    Ask, Capabilities, Cursor, Offer, Rail, RailError, RailName, Status, Told, ToldBy,
};

impl From<JournalError> for RailError {
    fn from(error: JournalError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

#[async_trait]
impl Rail for Sandbox {
    fn name(&self) -> RailName {
        RailName::Sandbox
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            told_by: ToldBy::Rail,
            needs_quote: true,
            can_cancel: true,
            can_underpay: true,
            finds_lost: false,
            takes_back: false,
            real: false,
        }
    }

    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        if ask.amount == Msat::ZERO {
            return Err(RailError::Refused("an invoice over nothing cannot be made".into()));
        }
        let now = self.shared.clock.now().since(Time(0));
        let signed =
            self.shared.signer.invoice(ask.amount, &Words::Plain(&ask.memo), ask.expires_in, now);
        let signed = signed
            .map_err(|error| RailError::Refused(format!("the practice node refuses: {error}")))?;
        let expires_at = Time(0).after(Duration::from_secs(signed.expires_at));
        let added = Added {
            hash: signed.payment_hash,
            preimage: signed.preimage,
            amount: ask.amount,
            expires_at,
        };
        self.with_node(|node| node.enter(Entry::Added(added)))?;
        let reference = hex::encode(signed.payment_hash);
        Ok(Offer {
            reference,
            request: Some(signed.bolt11),
            expires_at,
            priced: None,
            confirmations: None,
        })
    }

    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        self.status_after(reference, |_, _| Ok(()))
    }

    /// A payment on its way goes back to the customer.
    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        self.status_after(reference, |node, hash| match node.book.record(&hash) {
            Some(record) if !record.is_paid() && !record.cancelled => {
                node.enter(Entry::Cancelled { hash })
            }
            _ => Ok(()),
        })
    }

    fn purse(&self) -> Option<&dyn Purse> {
        self.shared.town.get().map(|_| self as &dyn Purse)
    }

    /// Payments above `from.settle`, all of them when it is zero, and from then on.
    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        self.clone().tell(from)
    }
}

impl Sandbox {
    fn status_after(
        &self,
        reference: &str,
        act: impl FnOnce(&mut Node, Hash) -> Result<(), JournalError>,
    ) -> Result<Status, RailError> {
        let Ok(hash) = Hash::from_hex(reference) else { return Ok(Status::Unknown) };
        self.with_node(|node| {
            act(node, hash)?;
            Ok(node.book.status(&hash, self.shared.clock.now()))
        })
    }
}
