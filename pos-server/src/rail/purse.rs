//! What a node does besides selling: it pays other nodes' invoices, and makes invoices of its own
//! that belong to no sale. Cards over the network need both.

use std::time::Duration;

use async_trait::async_trait;

use super::RailError;
use crate::domain::money::Msat;
use crate::domain::time::Time;

/// A payment that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The invoice, as it was checked.
    pub request: String,
    /// Its payment hash in hex: the payment's exact name.
    pub payment_hash: String,
    /// What it asks for.
    pub amount: Msat,
    /// At most so much for the way there.
    pub fee_limit: Msat,
}

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It arrived.
    Paid {
        /// What the way cost.
        fee: Msat,
    },
    /// Proven: nothing was paid, and nothing of it is on its way. In words for whoever holds the card.
    Failed(String),
    /// On its way, or being tried.
    Pending,
    /// The node has never heard of it.
    Absent,
}

/// An invoice that is wanted for a top-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How much.
    pub amount: Msat,
    /// The text whose SHA-256 the invoice holds as its description's hash (LUD-06).
    pub metadata: String,
    /// How long it can be paid.
    pub expires_in: Duration,
}

/// Such an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its payment hash in hex.
    pub payment_hash: String,
    /// The rail's own name for it.
    pub at_rail: String,
    /// The invoice.
    pub request: String,
    /// After this it cannot be paid.
    pub expires_at: Time,
}

/// What came for such an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Nothing, and it can be paid yet, or something is on its way.
    Open,
    /// Nothing, and nothing can come any more.
    Over,
    /// Money.
    Paid {
        /// How much.
        amount: Msat,
        /// When.
        at: Time,
        /// The proof of payment in hex, where the rail tells it.
        preimage: Option<String>,
    },
}

/// A node that pays and draws invoices.
#[async_trait]
pub trait Purse: Send + Sync {
    /// Whether this node could pay an invoice at all: it is reached, may pay, and the invoice is of
    /// its network and not its own. Moves nothing.
    async fn examine(&self, order: &Order) -> Result<(), RailError>;

    /// Pays, and follows the payment for a while. [`RailError::Refused`] is as good a proof as
    /// [`Fate::Failed`]; after [`RailError::Unreachable`] nothing is known. The same order twice is one
    /// payment.
    async fn pay(&self, order: &Order) -> Result<Fate, RailError>;

    /// What became of a payment, by its hash.
    async fn fate(&self, payment_hash: &str) -> Result<Fate, RailError>;

    /// Makes an invoice over the hash of its metadata.
    async fn draw(&self, wanted: &Wanted) -> Result<Drawn, RailError>;

    /// What came for such an invoice, by the rail's own name.
    async fn came(&self, at_rail: &str) -> Result<Came, RailError>;

    /// True where the rail's own stream tells of such invoices as it does of offers.
    fn tells(&self) -> bool;
}
