//! Rails: the ways money arrives. A rail knows neither database, nor sale, nor web, nor another
//! rail; it makes offers, and says what became of them.

pub mod bolt11;
pub mod btcpay;
pub mod cash;
pub mod lnd;
pub mod purse;
pub mod sandbox;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use rust_decimal::Decimal;

use crate::domain::money::{Money, Msat};
use crate::domain::time::Time;

/// Which rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RailName {
    /// Real signed regtest invoices, paid from a wallet page; the money is not real.
    Sandbox,
    /// The merchant's own LND.
    Lnd,
    /// The merchant's BTCPay Server.
    Btcpay,
    /// The drawer.
    Cash,
    /// A Flash Card of the merchant's own, paid inside the books.
    Card,
    /// Points on a card of the merchant's own.
    Points,
}

impl RailName {
    /// The name in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Lnd => "lnd",
            Self::Btcpay => "btcpay",
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Points => "points",
        }
    }

    /// The name for people, as a tender on a receipt.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Sandbox | Self::Lnd => "Lightning",
            Self::Btcpay => "Bitcoin",
            Self::Cash => "Cash",
            Self::Card => "Flash Card",
            Self::Points => "Points",
        }
    }
}

impl std::str::FromStr for RailName {
    type Err = RailError;
    fn from_str(name: &str) -> Result<Self, RailError> {
        [Self::Sandbox, Self::Lnd, Self::Btcpay, Self::Cash, Self::Card, Self::Points]
            .into_iter()
            .find(|rail| rail.as_str() == name)
            .ok_or_else(|| RailError::Refused(format!("no rail is called “{name}”")))
    }
}

/// Who says that money arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldBy {
    /// The rail, by its stream and by look-up.
    Rail,
    /// The cashier, who has it in her hand: the rail's stream is silent.
    Cashier,
}

/// What a rail can and cannot do, as data; settlement is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Who says that money arrived.
    pub told_by: ToldBy,
    /// Offers are asked for in sats, so the sale needs a fresh quote. Other rails price their offers
    /// themselves ([`Offer::priced`]).
    pub needs_quote: bool,
    /// An offer can be made unpayable before it expires.
    pub can_cancel: bool,
    /// Less than was asked can arrive.
    pub can_underpay: bool,
    /// An offer whose making was not answered can be found by [`Ask::order`].
    pub finds_lost: bool,
    /// What it told of can be taken back, and money that comes late is told of: an offer ends by
    /// itself, and its status names every payment that counts.
    pub takes_back: bool,
    /// The money is real.
    pub real: bool,
}

/// What an offer should ask for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// How much, for a rail that needs a quote; otherwise what it comes to by our own price, zero
    /// if there is none.
    pub amount: Msat,
    /// The same in the store's currency; none for cash.
    pub money: Option<Money>,
    /// Our own name for this offer, never used twice.
    pub order: String,
    /// What is sold, as a merchant reads it at the rail.
    pub lines: Vec<AskLine>,
    /// What the payer's wallet shows.
    pub memo: String,
    /// How long the offer can be paid.
    pub expires_in: Duration,
}

impl Ask {
    /// For so many sats, with nothing said of what is sold.
    #[must_use]
    pub fn plain(amount: Msat, memo: &str, expires_in: Duration) -> Self {
        let (memo, order) = (memo.to_owned(), String::new());
        Self { amount, money: None, order, lines: Vec::new(), memo, expires_in }
    }
}

/// A line of what is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskLine {
    /// Its name.
    pub title: String,
    /// How many.
    pub count: i64,
    /// What one costs, minor units.
    pub price: i64,
}

/// What a rail that prices its offers itself asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// What has to arrive.
    pub asked: Msat,
    /// Major units of the store's currency for one bitcoin.
    pub per_btc: Decimal,
    /// Whose price it is: `BTCPay`.
    pub source: String,
    /// When it was true.
    pub at: Time,
}

/// Something a customer can pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The rail's exact name for this offer (the payment hash in hex); unique within the rail.
    pub reference: String,
    /// What the QR holds, where there is one: a BOLT11 invoice in lower case, or a BIP 21 link.
    pub request: Option<String>,
    /// After this it cannot be paid.
    pub expires_at: Time,
    /// The rail's own price; none where [`Ask::amount`] was asked for.
    pub priced: Option<Priced>,
    /// How many confirmations make a payment on the chain final, if it can be paid there.
    pub confirmations: Option<u32>,
}

/// How a rail stands to a payment it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the merchant's.
    Settled,
    /// No payment: the merchant's own word at the rail that the offer counts as paid.
    Marked,
    /// It was told of before and counts no more: double-spent, or taken back.
    Gone,
}

/// Money that arrived for an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The offer it was paid to.
    pub offer: String,
    /// This payment's own name, unique within the rail: the payment hash where an offer is paid
    /// once.
    pub reference: String,
    /// How much arrived.
    pub amount: Msat,
    /// When the rail took it.
    pub at: Time,
    /// How the rail stands to it.
    pub standing: Standing,
}

/// What a rail says of an offer when asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Can be paid, nothing came.
    Open,
    /// A payment is on its way, not final.
    Seen,
    /// All payments that arrived, at least one.
    Paid(Vec<Paid>),
    /// The rail says that the offer is invalid: what it told of before counts no more, but for
    /// `standing`.
    Refuted {
        /// It was marked so by hand, which our own cancelling does too.
        by_hand: bool,
        /// The payments that it holds all the same.
        standing: Vec<Paid>,
    },
    /// Can no longer be paid, and nothing came.
    Closed,
    /// The rail has never heard of it.
    Unknown,
}

/// A line of a rail's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A payment to this offer is on its way, not final.
    Seen {
        /// The offer's reference.
        offer: String,
    },
    /// Money arrived.
    Paid(Paid),
    /// The offer can no longer be paid, and nothing came.
    Closed {
        /// The offer's reference.
        offer: String,
    },
    /// Something happened to the offer: ask for its status.
    Changed {
        /// The offer's reference.
        offer: String,
    },
    /// Everything up to this place was told.
    CaughtUp,
}

/// A notice and the place in the stream after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub notice: Notice,
    /// Where to go on from once the notice is settled; kept by the caller.
    pub cursor: Cursor,
}

/// A place in a rail's stream (for LND the add and settle index). Opaque to all but the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Offers added.
    pub add: u64,
    /// Payments settled.
    pub settle: u64,
}

/// Why a rail could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RailError {
    /// It could not be reached, or did not answer in time: what happened is not known.
    #[error("{0}")]
    Unreachable(String),
    /// It answered no; nothing happened. In a person's words.
    #[error("{0}")]
    Refused(String),
}

const LOST: &str = "order:";

/// The reference of an offer whose making was not answered.
#[must_use]
pub fn lost(order: &str) -> String {
    format!("{LOST}{order}")
}

/// The [`Ask::order`] behind such a reference.
#[must_use]
pub fn lost_order(reference: &str) -> Option<&str> {
    reference.strip_prefix(LOST)
}

/// One way that money arrives.
#[async_trait]
pub trait Rail: Send + Sync {
    /// Which rail.
    fn name(&self) -> RailName;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Makes an offer. Called outside any transaction.
    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError>;

    /// Asks what became of an offer. Where offers that were lost are found again, the reference may
    /// be [`lost`] of an [`Ask::order`].
    async fn status(&self, reference: &str) -> Result<Status, RailError>;

    /// Makes an offer unpayable, and answers what is true afterwards: `Closed`, or `Paid` if it was
    /// paid in that moment. A rail that cannot cancel answers its status.
    async fn cancel(&self, reference: &str) -> Result<Status, RailError>;

    /// The [`Ask::order`] that an offer was made for, where offers that were lost are found again.
    async fn order_of(&self, _reference: &str) -> Result<Option<String>, RailError> {
        Ok(None)
    }

    /// The node behind this rail, where it also pays.
    fn purse(&self) -> Option<&dyn purse::Purse> {
        None
    }

    /// What happens from `from` on, until the stream ends or fails; then the caller looks up its
    /// open offers and asks again. Silence proves nothing.
    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>>;
}
