//! What every part of the running server shares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rust_decimal::Decimal;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::db::Db;
use crate::db::connection::Connection;
use crate::db::store::Store;
use crate::domain::id::{ConnectionId, StoreId};
use crate::domain::rate::Quote;
use crate::domain::time::{Clock, Time};
use crate::live::Live;
use crate::rail::btcpay::BtcpaySecrets;
use crate::rail::sandbox::{Sandbox, Town};
use crate::rails::{Rails, secrets_purpose};
use crate::rate::{LIMIT, Rates, StoreRateSettings, StoreSource};
use crate::seal::Seal;

/// The running server, one for all requests and workers.
pub struct App {
    /// Settings, checked.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Seals secrets at rest.
    pub seal: Seal,
    /// The price of bitcoin, fetched in the background.
    pub rates: Arc<Rates>,
    /// The connected rails.
    pub rails: Rails,
    /// Tells waiting pages that a sale changed.
    pub live: Live,
    /// Wakes the worker that looks after offers.
    pub nudge: Notify,
    /// Wakes the worker that reads what webhooks brought.
    pub deliveries: Notify,
    /// Wakes the worker that keeps the rails as the database says.
    pub connections_changed: Notify,
    /// Wakes the worker that tells the rates which stores are in use.
    pub stores_changed: Notify,
    /// Cancelled when the server is asked to stop; streams end then.
    pub stopping: CancellationToken,
    /// This process, among those that share the database.
    pub replica: String,
    /// The practice nodes that can pay each other.
    pub town: Town,
    sandboxes: Mutex<HashMap<ConnectionId, Arc<Sandbox>>>,
    btcpay_prices: Mutex<HashMap<StoreId, (Decimal, Time)>>,
}

impl App {
    /// Puts the parts together; nothing runs yet.
    #[must_use]
    pub fn new(
        config: Config,
        db: Db,
        clock: Arc<dyn Clock>,
        seal: Seal,
        rates: Arc<Rates>,
    ) -> Self {
        Self {
            config,
            db,
            clock,
            seal,
            rates,
            rails: Rails::default(),
            live: Live::default(),
            nudge: Notify::new(),
            deliveries: Notify::new(),
            connections_changed: Notify::new(),
            stores_changed: Notify::new(),
            stopping: CancellationToken::new(),
            replica: uuid::Uuid::now_v7().to_string(),
            town: Town::default(),
            sandboxes: Mutex::default(),
            btcpay_prices: Mutex::default(),
        }
    }

    /// The instant now.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The price of bitcoin in a store, or why there is none, in words for the till. From memory:
    /// the price of the store's BTCPay where one is paired and fresh, then the market's.
    pub fn quote(&self, store: &Store) -> Result<Quote, String> {
        let market = self.market_quote(store);
        let Some((value, at)) = self.btcpay_price(store) else { return market };
        let settings = self.rate_settings(store)?;
        match settings.priced_by("BTCPay", value, at) {
            Some(quote) if market.as_ref().map_or(true, |market| quote.near(market)) => Ok(quote),
            _ => market,
        }
    }

    /// Major units for one bitcoin by the rules of the store's BTCPay, if they were heard lately.
    #[must_use]
    pub fn btcpay_price(&self, store: &Store) -> Option<(Decimal, Time)> {
        let prices = self.btcpay_prices.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |price: &&(Decimal, Time)| self.now().since(price.1) <= LIMIT;
        prices.get(&store.id).filter(fresh).copied()
    }

    /// Keeps what the store's BTCPay says a bitcoin costs.
    pub fn note_btcpay_price(&self, store: &StoreId, value: Decimal) {
        let mut prices = self.btcpay_prices.lock().unwrap_or_else(PoisonError::into_inner);
        prices.insert(store.clone(), (value, self.now()));
    }

    /// The market's price of bitcoin in a store, or why there is none, in words for the till.
    pub fn market_quote(&self, store: &Store) -> Result<Quote, String> {
        let settings = self.rate_settings(store)?;
        if matches!(settings.source, StoreSource::Fixed { .. }) && !store.practice() {
            return Err("The practice rate is not for real money. Cash still works.".into());
        }
        self.rates.quote(&settings, self.now()).map_err(|none| none.to_string())
    }

    /// A store's rate settings.
    pub fn rate_settings(&self, store: &Store) -> Result<StoreRateSettings, String> {
        let currency = store.currency().map_err(|error| error.to_string())?;
        StoreRateSettings::read(currency, &store.rate_settings)
            .map_err(|_| "The store's rate settings cannot be read. Cash still works.".into())
    }

    /// What is kept sealed of a connection to BTCPay.
    pub fn btcpay_secrets(&self, connection: &Connection) -> Result<BtcpaySecrets, String> {
        let sealed = connection.secrets.as_deref().ok_or("its secrets are missing")?;
        let open = self.seal.open(&secrets_purpose(&connection.id), sealed);
        let open = open.map_err(|error| error.to_string())?;
        serde_json::from_slice(&open).map_err(|_| "its secrets cannot be read".into())
    }

    /// The practice nodes, by connection, for the page that plays the customer.
    pub fn sandboxes(&self) -> MutexGuard<'_, HashMap<ConnectionId, Arc<Sandbox>>> {
        self.sandboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
