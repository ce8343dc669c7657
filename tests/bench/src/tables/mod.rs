//! What is measured, one file a table.

pub(crate) mod btcpay;
pub(crate) mod charge;
pub(crate) mod commits;
pub(crate) mod events;
pub(crate) mod life;
pub(crate) mod lnd;
pub(crate) mod pages;
pub(crate) mod taps;
