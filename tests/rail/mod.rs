//! Rails: one contract for all, and what each does besides.

mod cash;
mod contract;
mod sandbox;
