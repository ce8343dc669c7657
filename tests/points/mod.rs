//! Points, from the tap to the books, on both databases: what earns, once; what takes back, all; what
//! spends, never more than there is.

mod btcpay;
mod earn;
mod events;
pub(crate) mod hands;
mod life;
mod limits;
mod race;
mod spend;
mod undo;
mod web;
