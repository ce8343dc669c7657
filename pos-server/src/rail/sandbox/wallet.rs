//! The customer's side of the practice node: a wallet that can do what real ones do, and worse.

use std::time::Duration;

use hex::FromHex;

use super::book::Record;
use super::journal::{Arrival, Entry, Hash, JournalError};
use super::{Node, Sandbox};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::rail::Paid;
use crate::rail::bolt11::{Invoice, NotAnInvoice};

/// How the customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As asked.
    Exact,
    /// After the invoice expired; if it has not, the payment is dated a second after that.
    Late,
    /// Two payments for one invoice, or one more for a paid one.
    Twice,
    /// More than asked.
    Over(By),
    /// Less than asked.
    Under(By),
    /// On its way at once, settled after this while.
    Slow(Duration),
    /// The payment fails; nothing happens.
    Refuse,
}

impl How {
    /// The word of a form, with what it needs filled in: `exact`, `late`, `twice`, `over` and `under`
    /// by 10 %, `slow` by three seconds, `refuse`.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "exact" => Self::Exact,
            "late" => Self::Late,
            "twice" => Self::Twice,
            "over" => Self::Over(By::Percent(10)),
            "under" => Self::Under(By::Percent(10)),
            "slow" => Self::Slow(Duration::from_secs(3)),
            "refuse" => Self::Refuse,
            _ => return None,
        })
    }
}

/// A difference from what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Per cent of what was asked, a fraction of a millisatoshi dropped.
    Percent(u32),
    /// This much.
    Amount(Msat),
}

impl By {
    fn of(self, asked: Msat) -> Msat {
        match self {
            Self::Amount(amount) => amount,
            Self::Percent(percent) => {
                let share = u128::from(asked.get()) * u128::from(percent) / 100;
                u64::try_from(share).ok().and_then(|msat| Msat::new(msat).ok()).unwrap_or(Msat::MAX)
            }
        }
    }
}

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What arrived at once; nothing for a slow payment.
    pub arrived: Vec<Paid>,
    /// The proof of payment in hex, once it arrived.
    pub preimage: Option<String>,
}

/// Why the wallet did not pay; nothing happened.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// It cannot be read.
    #[error(transparent)]
    NotAnInvoice(#[from] NotAnInvoice),
    /// Another node's: real money, or another shop's practice.
    #[error("this invoice is not one of this practice node; only those can be paid here")]
    NotOurs,
    /// The shop took it back.
    #[error("the shop cancelled this invoice")]
    Cancelled,
    /// Too late.
    #[error("this invoice has expired")]
    Expired,
    /// Once is enough.
    #[error("this invoice is paid already")]
    AlreadyPaid,
    /// A slow payment is under way.
    #[error("a payment of this invoice is on its way already")]
    OnItsWay,
    /// Less than asked would be nothing, or more would be more than there is.
    #[error("this amount cannot be paid")]
    Amount,
    /// As was wished.
    #[error("the payment failed: no route was found. Nothing was paid")]
    Refused,
    /// The node's journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What the wallet shows of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFacts {
    /// What it says.
    pub invoice: Invoice,
    /// What became of it.
    pub state: InvoiceState,
    /// All payments that arrived.
    pub payments: Vec<Paid>,
}

/// What became of an invoice of the practice node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceState {
    /// Can be paid.
    Open,
    /// A payment is on its way.
    OnItsWay,
    /// Paid, whatever the amount.
    Paid,
    /// The shop took it back.
    Cancelled,
    /// Can only be paid late.
    Expired,
}

impl Sandbox {
    /// Reads an invoice of this node.
    pub fn decode(&self, bolt11: &str) -> Result<InvoiceFacts, WalletError> {
        let invoice = Invoice::read(bolt11)?;
        let now = self.shared.clock.now();
        self.with_node(|node| {
            let (hash, record) = find(node, &invoice)?;
            let (state, payments) = (state(record, now), node.book.payments(&hash));
            Ok(InvoiceFacts { invoice, state, payments })
        })
    }

    /// Pays an invoice of this node. The rail's stream tells of it at once.
    pub fn pay(&self, bolt11: &str, how: How) -> Result<Payment, WalletError> {
        let invoice = Invoice::read(bolt11)?;
        let now = self.shared.clock.now();
        self.with_node(|node| {
            let (hash, record) = find(node, &invoice)?;
            let preimage = hex::encode(record.preimage);
            let entries = entries(hash, record, how, now)?;
            let before = node.book.payments(&hash).len();
            for entry in entries {
                node.enter(entry)?;
            }
            let arrived = node.book.payments(&hash).split_off(before);
            let preimage = (!arrived.is_empty()).then_some(preimage);
            Ok(Payment { arrived, preimage })
        })
    }
}

fn find<'a>(node: &'a Node, invoice: &Invoice) -> Result<(Hash, &'a Record), WalletError> {
    let hash = Hash::from_hex(&invoice.payment_hash).map_err(|_| WalletError::NotOurs)?;
    // The same hash with another amount is a forgery by whoever saw the real one.
    let record = node.book.record(&hash).filter(|record| invoice.amount == Some(record.amount));
    Ok((hash, record.ok_or(WalletError::NotOurs)?))
}

fn state(record: &Record, now: Time) -> InvoiceState {
    if record.is_paid() {
        InvoiceState::Paid
    } else if record.cancelled {
        InvoiceState::Cancelled
    } else if record.pending {
        InvoiceState::OnItsWay
    } else if record.expires_at <= now {
        InvoiceState::Expired
    } else {
        InvoiceState::Open
    }
}

/// What to write for a payment, if it may be made.
fn entries(hash: Hash, record: &Record, how: How, now: Time) -> Result<Vec<Entry>, WalletError> {
    match (how, state(record, now)) {
        (How::Refuse, _) => return Err(WalletError::Refused),
        (_, InvoiceState::Cancelled) => return Err(WalletError::Cancelled),
        (_, InvoiceState::OnItsWay) => return Err(WalletError::OnItsWay),
        (How::Late, InvoiceState::Open | InvoiceState::Expired)
        | (How::Twice, InvoiceState::Paid)
        | (_, InvoiceState::Open) => {}
        (_, InvoiceState::Expired) => return Err(WalletError::Expired),
        (_, InvoiceState::Paid) => return Err(WalletError::AlreadyPaid),
    }
    let asked = record.amount;
    let amount = match how {
        How::Over(by) => asked.checked_add(by.of(asked)).map_err(|_| WalletError::Amount)?,
        How::Under(by) => asked.less(by.of(asked)),
        _ => asked,
    };
    if amount == Msat::ZERO {
        return Err(WalletError::Amount);
    }
    let arrival = |at| Arrival { hash, amount, at };
    Ok(match how {
        How::Slow(delay) => vec![Entry::Seen(arrival(now.after(delay)))],
        How::Late => {
            let late = record.expires_at.after(Duration::from_secs(1)).max(now);
            vec![Entry::Paid(arrival(late))]
        }
        How::Twice if !record.is_paid() => vec![Entry::Paid(arrival(now)); 2],
        _ => vec![Entry::Paid(arrival(now))],
    })
}
