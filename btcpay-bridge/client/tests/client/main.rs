//! The client against a server of our own, and against BTCPay Server's own document.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod contract;
mod document;
mod events;
mod failures;
mod operations;
mod requests;
mod samples;
mod server;
