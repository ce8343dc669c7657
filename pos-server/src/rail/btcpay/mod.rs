//! The merchant's BTCPay Server: invoices by its Greenfield API, looked at again whenever it says
//! that something happened, and every half minute when it says nothing. Everything that knows
//! BTCPay stands in `btcpay-bridge`; here it becomes a rail.

mod notices;
mod purse;
mod rail;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use btcpay_bridge::{Client, Desk, Methods, Secret, SpeedPolicy};
use serde::{Deserialize, Serialize};

use crate::domain::time::Clock;

/// How long one question to BTCPay may take, and its answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// What is kept sealed of a store at a BTCPay Server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BtcpaySecrets {
    /// The server's address, perhaps with a path.
    pub address: String,
    /// The store's id there.
    pub store: String,
    /// The key.
    pub key: Secret,
    /// The number of our webhook there; none if it could not be set up.
    pub webhook: Option<String>,
    /// The secrets that its deliveries may be signed by, the newest first: after a rotation the
    /// old one stays good.
    pub hook_secrets: Vec<Secret>,
    /// The merchant's choices.
    #[serde(default)]
    pub choices: BtcpayChoices,
}

/// What a merchant chooses for invoices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BtcpayChoices {
    /// How they can be paid.
    pub methods: Methods,
    /// When a payment on the chain is final; as the store at BTCPay has it if none.
    pub speed: Option<SpeedPolicy>,
}

/// Why there is no client for an address or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoDesk(String);

/// The rail. Cheap to clone.
#[derive(Clone)]
pub struct Btcpay {
    desk: Desk,
    choices: BtcpayChoices,
    every: Duration,
    clock: Arc<dyn Clock>,
    // Invoices that each round tells of though their heads are the same: a payment is on its way, or
    // the last question about one had no answer.
    coming: Arc<Mutex<HashSet<String>>>,
}

impl Btcpay {
    /// A rail by what was kept. `local` allows plain HTTP to local and onion addresses; `every` is
    /// how often all invoices are gone through.
    pub fn new(
        secrets: &BtcpaySecrets,
        local: bool,
        every: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NoDesk> {
        let desk = desk(&secrets.address, &secrets.store, &secrets.key, local)?;
        let (choices, coming) = (secrets.choices.clone(), Arc::default());
        Ok(Self { desk, choices, every, clock, coming })
    }

    /// Invoices with a payment that was not final when last looked at. Their heads may never tell
    /// of its end, so that each round tells of them anew.
    fn coming(&self) -> MutexGuard<'_, HashSet<String>> {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store at a BTCPay Server, before it is a rail.
pub fn desk(address: &str, store: &str, key: &Secret, local: bool) -> Result<Desk, NoDesk> {
    let client = Client::builder(address)
        .api_key(key.clone())
        .allow_local_http(local)
        .connect_timeout(CONNECT_LIMIT)
        .timeout(ANSWER_LIMIT)
        .build()
        .map_err(|error| NoDesk(error.to_string()))?;
    Ok(Desk::new(client, store))
}
