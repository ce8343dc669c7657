//! A typed client of [BTCPay Server](https://btcpayserver.org)'s Greenfield API.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod address;
mod answer;
mod builder;
mod call;
mod client;
mod error;
mod number;
mod open_enum;
mod pages;
mod retry;
mod secret;
mod time;

pub mod api_key;
pub mod app;
pub mod boltcard;
pub mod invoice;
pub mod lightning;
pub mod payment_method;
pub mod payout;
pub mod payout_processor;
pub mod pull_payment;
pub mod rate;
pub mod refund;
pub mod server;
pub mod store;
pub mod user;
pub mod webhook;

pub use address::AddressError;
pub use builder::{BuildError, ClientBuilder};
pub use client::Client;
pub use error::{Error, FieldError};
pub use payment_method::PaymentMethodId;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use time::UnixTime;

/// What came in an answer beside the fields this crate knows, by name.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// What an operation gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
