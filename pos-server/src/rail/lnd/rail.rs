//! LND as a rail.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use hex::FromHex;
use tonic_lnd::invoicesrpc::CancelInvoiceMsg;
use tonic_lnd::lnrpc;
use tonic_lnd::lnrpc::invoice::InvoiceState;

use super::Lnd;
use super::fault::Fault;
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::bolt11::{self, expiry_seconds, fitting_memo};
use crate::rail::purse::Purse;
use crate::rail::{
    Ask, Capabilities, Cursor, Offer, Paid, Rail, RailError, RailName, Standing, Status, Told,
    ToldBy,
};

#[async_trait]
impl Rail for Lnd {
    fn name(&self) -> RailName {
        RailName::Lnd
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            told_by: ToldBy::Rail,
            needs_quote: true,
            can_cancel: true,
            can_underpay: false,
            finds_lost: false,
            takes_back: false,
            real: true,
        }
    }

    /// One `AddInvoice`. If its answer is lost, LND may keep an invoice that nobody will ever see.
    ///
    /// The invoice is `private`: that adds hints to unannounced channels where the node has some,
    /// without which a node that has no others could not be paid; it changes nothing elsewhere.
    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        if ask.amount == Msat::ZERO {
            return Err(RailError::Refused("an invoice over nothing cannot be made".into()));
        }
        let invoice = lnrpc::Invoice {
            memo: fitting_memo(&ask.memo).to_owned(),
            value_msat: ask.amount.to_db(),
            expiry: i64::try_from(expiry_seconds(ask.expires_in)).unwrap_or(i64::MAX),
            private: true,
            ..Default::default()
        };
        let added = self.call(self.lightning.clone().add_invoice(invoice)).await?;
        let read = bolt11::Invoice::read(&added.payment_request)
            .map_err(|error| RailError::Refused(format!("LND's answer cannot be used: {error}")))?;
        let reference = reference(&added.r_hash);
        if read.amount != Some(ask.amount) || read.payment_hash != reference {
            return Err(RailError::Refused("LND made another invoice than we asked for".into()));
        }
        let request = Some(added.payment_request);
        Ok(Offer {
            reference,
            request,
            expires_at: read.expires_at,
            priced: None,
            confirmations: None,
        })
    }

    /// One `LookupInvoice`. An invoice that LND was told to forget (`gc-canceled-invoices`) is
    /// `Unknown`; only unpaid ones are ever forgotten.
    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        let Ok(hash) = <[u8; 32]>::from_hex(reference) else { return Ok(Status::Unknown) };
        let request = lnrpc::PaymentHash { r_hash: hash.to_vec(), ..Default::default() };
        match self.call(self.lightning.clone().lookup_invoice(request)).await {
            Ok(invoice) => status_of(&invoice),
            Err(Fault::NotFound) => Ok(Status::Unknown),
            Err(fault) => Err(fault.into()),
        }
    }

    /// `CancelInvoice`; what LND says to that is the truth, and if it says no, what it knows.
    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        let Ok(hash) = <[u8; 32]>::from_hex(reference) else { return Ok(Status::Unknown) };
        let request = CancelInvoiceMsg { payment_hash: hash.to_vec() };
        match self.call(self.invoices.clone().cancel_invoice(request)).await {
            // Also when it was cancelled before.
            Ok(_) => Ok(Status::Closed),
            Err(fault) => match RailError::from(fault) {
                lost @ RailError::Unreachable(_) => Err(lost),
                refused @ RailError::Refused(_) => match self.status(reference).await? {
                    Status::Open | Status::Seen => Err(refused),
                    settled => Ok(settled),
                },
            },
        }
    }

    fn purse(&self) -> Option<&dyn Purse> {
        Some(self)
    }

    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        self.clone().tell(from)
    }
}

fn status_of(invoice: &lnrpc::Invoice) -> Result<Status, RailError> {
    let on_its_way = |htlc: &lnrpc::InvoiceHtlc| htlc.state() == lnrpc::InvoiceHtlcState::Accepted;
    Ok(match invoice.state() {
        // A payment in parts of which some came: the invoice itself stays open until all are there.
        InvoiceState::Open if invoice.htlcs.iter().any(on_its_way) => Status::Seen,
        InvoiceState::Open => Status::Open,
        InvoiceState::Accepted => Status::Seen,
        InvoiceState::Canceled => Status::Closed,
        InvoiceState::Settled => Status::Paid(vec![payment(invoice)?]),
    })
}

/// The payment of a settled invoice; LND tells its time in whole seconds.
pub(super) fn payment(invoice: &lnrpc::Invoice) -> Result<Paid, RailError> {
    let amount = u64::try_from(invoice.amt_paid_msat).ok().and_then(|msat| Msat::new(msat).ok());
    let nonsense = || RailError::Refused("LND tells of an impossible amount".into());
    let offer = reference(&invoice.r_hash);
    Ok(Paid {
        reference: offer.clone(),
        offer,
        amount: amount.ok_or_else(nonsense)?,
        at: Time(invoice.settle_date.saturating_mul(1000)),
        standing: Standing::Settled,
    })
}

/// The payment hash in hex.
pub(super) fn reference(hash: &[u8]) -> String {
    hex::encode(hash)
}
