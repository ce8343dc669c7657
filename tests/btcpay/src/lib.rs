//! A BTCPay Server for tests: the part of the Greenfield API that a point of sale uses, its webhooks
//! and its consent page, on loopback and all in memory. It behaves as the real one does, holds every
//! request and every answer against the real one's OpenAPI document, and fails on command.
//!
//! Two faces drive it: [`Btcpay`] in the same process, and JSON under `/stand-in` for everybody else.

mod contract;
mod control;
mod deliver;
mod http;
mod options;
mod plan;
mod shared;
mod world;

pub use control::{Btcpay, Chain, Control, Goes, Pay};
pub use options::{Lightning, Options};
pub use plan::Fault;
pub use shared::Seen;
pub use world::invoice::{Additional, PaymentStatus, Status};
pub use world::payout::Processor;
pub use world::webhook::{Signature, Switches};
