//! Rails: one contract for all, and what each does besides.

mod cash;
pub(crate) mod contract;
mod lnd;
mod lnd_check;
mod lnd_faults;
mod sandbox;
pub(crate) mod stack;
