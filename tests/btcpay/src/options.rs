//! How a server and its first store begin.

use std::net::SocketAddr;
use std::time::Duration;

use rust_decimal::Decimal;

/// The store's Lightning node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lightning {
    /// Makes invoices.
    Connected,
    /// Set up and not answering: the method is missing from invoices.
    Unreachable,
    /// Not set up.
    Off,
}

/// How a server begins. The default: Jamaican dollars, a wallet, a Lightning node.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Put before every path, as `/btcpay`; empty for none.
    pub base_path: String,
    /// The store's currency.
    pub currency: String,
    /// What one bitcoin costs in it; nothing when no rate can be had.
    pub rate: Option<Decimal>,
    /// Whether the store has an on-chain wallet.
    pub chain: bool,
    /// The store's Lightning node.
    pub lightning: Lightning,
    /// Whether the server has caught up with the chain.
    pub synced: bool,
    /// What the pauses between redeliveries are multiplied with.
    pub webhook_pace: f64,
    /// How long a webhook's receiver may take.
    pub webhook_timeout: Duration,
    /// Where the clock stands still, in seconds since 1970; nothing for the machine's clock.
    pub clock: Option<i64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            base_path: String::new(),
            currency: "JMD".to_owned(),
            rate: Some(Decimal::from(19_500_000)),
            chain: true,
            lightning: Lightning::Connected,
            synced: true,
            webhook_pace: 1.0,
            webhook_timeout: Duration::from_secs(10),
            clock: None,
        }
    }
}
