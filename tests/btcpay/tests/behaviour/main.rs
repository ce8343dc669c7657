//! That the stand-in behaves as BTCPay does.
#![allow(clippy::unwrap_used)]

mod binary;
mod by_http;
mod cards;
mod chain;
mod consent;
mod contract;
mod creating;
mod faults;
mod keys;
mod lightning;
mod marking;
mod schedule;
mod support;
mod webhooks;
