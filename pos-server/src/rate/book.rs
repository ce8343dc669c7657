//! The handle on the rates that the application holds: quotes from memory, never a wait.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use super::dollar::{
    BankOfJamaica, BankOfTrinidad, CoinbaseCross, CurrencyApi, DollarSource, ErApi,
};
use super::exchange::{Bitfinex, Bitstamp, Coinbase, Kraken};
use super::http::Http;
use super::memory::{Desk, Exchange, Memory};
use super::no_rate::NoRate;
use super::pace::Pace;
use super::quote::quote;
use super::settings::RateSettings;
use super::source::RateSource;
use super::store::StoreRateSettings;
use super::view::{RatesView, view};
use crate::db::{Db, DbError};
use crate::domain::currency::Currency;
use crate::domain::rate::Quote;
use crate::domain::time::{Clock, Time};

/// Why the rates could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// The last good values could not be read.
    #[error(transparent)]
    Db(#[from] DbError),
    /// TLS could not be set up.
    #[error("no HTTP client for the rate sources: {0}")]
    Client(#[from] reqwest::Error),
}

/// The rates: sources, what they last said, and who needs them.
pub struct Rates {
    pub(super) settings: RateSettings,
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    /// In the order of `Memory::exchanges`.
    pub(super) exchanges: Vec<Asked<dyn RateSource>>,
    /// In the order of `Memory::desks`, the most trusted first.
    pub(super) desks: Vec<Asked<dyn DollarSource>>,
    pub(super) wanted: watch::Sender<Wanted>,
    memory: RwLock<Memory>,
}

/// A source and how it is asked.
pub(super) struct Asked<S: ?Sized> {
    pub(super) source: Box<S>,
    pub(super) base_url: String,
    pub(super) http: Http,
    pub(super) pace: Pace,
    /// Held while a request is under way: one at a time.
    pub(super) busy: Mutex<()>,
}

/// What the stores in use need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    pub(super) bitcoin: bool,
    pub(super) currencies: Vec<Currency>,
}

impl Rates {
    /// Sets up all sources and reads their last good values, whose age goes on. Asks nobody yet.
    pub async fn open(
        settings: RateSettings,
        db: Db,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, RatesError> {
        let limit = Duration::from_millis(settings.exchange_limit_ms);
        let http = Http::new(limit, settings.body_limit)?;
        let exchanges = exchanges(&settings, &http);
        let desks = desks(&settings, &http);
        let memory = Memory {
            exchanges: exchanges.iter().map(|asked| Exchange::new(&*asked.source)).collect(),
            desks: desks.iter().map(|asked| Desk::new(&*asked.source)).collect(),
        };
        let (memory, wanted) = (RwLock::new(memory), watch::Sender::default());
        let rates = Self { settings, db, clock, exchanges, desks, wanted, memory };
        rates.load().await?;
        Ok(Arc::new(rates))
    }

    /// Says which stores are in use; call it at the start and whenever that or their settings
    /// change. Sources that no store needs are not asked: with practice stores alone, none is.
    pub fn serve<'a>(&self, stores: impl IntoIterator<Item = &'a StoreRateSettings>) {
        let mut wanted = Wanted::default();
        for store in stores {
            wanted.bitcoin |= store.needs_bitcoin();
            if store.needs_dollar() && !wanted.currencies.contains(&store.currency) {
                wanted.currencies.push(store.currency);
            }
        }
        self.wanted.send_if_modified(|before| {
            let changed = *before != wanted;
            *before = wanted;
            changed
        });
    }

    /// The store's quote at `now`, or why there is none, in words for the till. From memory.
    pub fn quote(&self, store: &StoreRateSettings, now: Time) -> Result<Quote, NoRate> {
        quote(&self.read(), store, now)
    }

    /// All there is to say about a store's rate at `now`, for the dashboard. From memory.
    #[must_use]
    pub fn view(&self, store: &StoreRateSettings, now: Time) -> RatesView {
        view(&self.read(), store, now)
    }

    // A panic under the lock cannot leave half a value: each is written whole.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Memory> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn exchanges(settings: &RateSettings, http: &Http) -> Vec<Asked<dyn RateSource>> {
    let least = Duration::from_millis(settings.poll_min_ms);
    let pace = Pace::of_exchange(least, Duration::from_millis(settings.poll_max_ms));
    let all: [(Box<dyn RateSource>, &String); 4] = [
        (Box::new(Kraken), &settings.kraken_url),
        (Box::new(Coinbase), &settings.coinbase_url),
        (Box::new(Bitstamp), &settings.bitstamp_url),
        (Box::new(Bitfinex), &settings.bitfinex_url),
    ];
    let on = all.into_iter().filter(|(_, url)| !url.is_empty());
    let asked = |(source, url): (Box<dyn RateSource>, &String)| {
        let (base_url, http) = (url.clone(), http.clone());
        Asked { source, base_url, http, pace, busy: Mutex::default() }
    };
    on.map(asked).collect()
}

fn desks(settings: &RateSettings, http: &Http) -> Vec<Asked<dyn DollarSource>> {
    let limit = Duration::from_millis(settings.dollar_limit_ms);
    let http = http.with_limits(limit, settings.body_limit);
    let all: [(Box<dyn DollarSource>, &String); 5] = [
        (Box::new(ErApi), &settings.er_api_url),
        (Box::new(BankOfJamaica), &settings.bank_of_jamaica_url),
        (Box::new(BankOfTrinidad), &settings.bank_of_trinidad_url),
        (Box::new(CoinbaseCross), &settings.coinbase_cross_url),
        (Box::new(CurrencyApi), &settings.currency_api_url),
    ];
    let on = all.into_iter().filter(|(_, url)| !url.is_empty());
    let asked = |(source, url): (Box<dyn DollarSource>, &String)| {
        let (base_url, http, pace) = (url.clone(), http.clone(), Pace::of_desk(source.every()));
        Asked { source, base_url, http, pace, busy: Mutex::default() }
    };
    on.map(asked).collect()
}
