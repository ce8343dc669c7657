//! What a rate test stands on: a clock it moves, a database of its own, the stand-ins, the rates.

use std::sync::Arc;
use std::time::Duration;

use pos_server::db::Db;
use pos_server::domain::rate::Quote;
use pos_server::domain::time::{Clock, ManualClock, Time};
use pos_server::rate::{NoRate, RateSettings, Rates, RatesView, StoreRateSettings};
use tempfile::TempDir;

use super::stand_in::{Play, StandIn, Who};

/// Wednesday 18 November 2026, noon UTC.
pub(super) const NOON: Time = Time(1_795_003_200_000);

pub(super) struct House {
    pub(super) clock: Arc<ManualClock>,
    pub(super) stand_in: StandIn,
    pub(super) rates: Arc<Rates>,
    pub(super) settings: RateSettings,
    pub(super) db: Db,
    _folder: TempDir,
}

pub(super) fn store(code: &str) -> StoreRateSettings {
    StoreRateSettings::market(code.parse().unwrap())
}

impl House {
    /// All sources play well; nobody has been asked yet.
    pub(super) async fn open() -> Self {
        Self::open_at(NOON).await
    }

    pub(super) async fn open_at(now: Time) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("pos.db").display());
        let db = Db::open(&url).await.unwrap();
        Self::over(db, folder, now).await
    }

    pub(super) async fn over(db: Db, folder: TempDir, now: Time) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Arc::new(ManualClock::new(now));
        let stand_in = StandIn::start_at(clock.clone()).await;
        let settings = stand_in.settings();
        let rates = Rates::open(settings.clone(), db.clone(), clock.clone()).await.unwrap();
        Self { clock, stand_in, rates, settings, db, _folder: folder }
    }

    /// Sets one source's play, for a chain of them.
    pub(super) fn with(self, who: Who, play: Play) -> Self {
        self.stand_in.play(who, play);
        self
    }

    pub(super) fn later(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Asks all sources once for the store, and quotes.
    pub(super) async fn quote(&self, store: &StoreRateSettings) -> Result<Quote, NoRate> {
        self.rates.serve([store]);
        self.rates.ask_all().await;
        self.quote_now(store)
    }

    /// Quotes without asking anybody.
    pub(super) fn quote_now(&self, store: &StoreRateSettings) -> Result<Quote, NoRate> {
        self.rates.quote(store, self.clock.now())
    }

    pub(super) fn view(&self, store: &StoreRateSettings) -> RatesView {
        self.rates.view(store, self.clock.now())
    }

    /// The server stops without a word and starts again over the same database.
    pub(super) async fn restart(&mut self) {
        let (settings, db) = (self.settings.clone(), self.db.clone());
        self.rates = Rates::open(settings, db, self.clock.clone()).await.unwrap();
    }
}
