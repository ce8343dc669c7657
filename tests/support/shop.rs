//! A server in a test's hand: a fresh database, a clock that is moved, and the sample café.

use std::sync::Arc;

use axum::Router;
use pos_server::access::sample::{self, Sample};
use pos_server::app::App;
use pos_server::config::Settings;
use pos_server::domain::time::{ManualClock, Time};
use pos_server::rate::{RateSettings, Rates};
use pos_server::seal::Seal;
use pos_server::web;

use super::client::{Client, ORIGIN};
use super::db::Fresh;

/// 2026-11-21, 12:44 in Kingston, a Saturday.
pub(crate) const NOON: Time = Time(1_795_283_040_000);

/// A server that listens nowhere.
pub(crate) struct Shop {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) router: Router,
    _fresh: Fresh,
}

impl Shop {
    /// A server on an empty database.
    pub(crate) async fn empty(fresh: Fresh) -> Self {
        Self::with(fresh, |_| {}).await
    }

    /// A server on an empty database, with settings of its own.
    pub(crate) async fn with(fresh: Fresh, set: impl FnOnce(&mut Settings)) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut settings = Settings {
            public_url: Some(ORIGIN.into()),
            data_dir: Some(fresh.folder.path().into()),
            ..Settings::default()
        };
        set(&mut settings);
        let config = settings.check().expect("sound settings");
        let clock = Arc::new(ManualClock::new(NOON));
        let nobody = ["kraken", "coinbase", "bitstamp", "bitfinex", "er-api", "bank-of-jamaica"];
        let rest = ["bank-of-trinidad", "coinbase-cross", "currency-api"];
        let off = nobody.iter().chain(&rest).map(|name| ((*name).to_owned(), String::new()));
        let rates = RateSettings::with_urls(&off.collect::<Vec<_>>()).expect("known sources");
        let rates = Rates::open(rates, fresh.db.clone(), clock.clone()).await.expect("no rates");
        let seal = Seal::new(&[7; 32]);
        let app = Arc::new(App::new(config, fresh.db.clone(), clock.clone(), seal, rates));
        let router = web::site(&app);
        Self { app, clock, router, _fresh: fresh }
    }

    /// A browser that was never here.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// The sample café.
    pub(crate) async fn sample(&self) -> Sample {
        sample::make_sample_cafe(&self.app).await.expect("a café").expect("the first one")
    }

    /// The sample owner, signed in.
    pub(crate) async fn owner(&self, sample: &Sample) -> Client {
        let mut owner = self.visitor();
        owner.get("/sign-in").await;
        let fields = [("email", sample.owner.email.as_str()), ("password", &sample.password)];
        owner.post("/sign-in", &fields).await.is(303);
        owner
    }

    /// A tablet paired with the sample till, locked.
    pub(crate) async fn tablet(&self, sample: &Sample) -> Client {
        let mut tx = self.app.db.begin().await.expect("a transaction");
        let now = self.app.now();
        let code = pos_server::access::pairing::new_code(&mut tx, &sample.till, now).await;
        tx.commit().await.expect("kept");
        let mut tablet = self.visitor();
        tablet.get("/pair").await;
        tablet.post("/pair", &[("code", &code.expect("a code").code)]).await.is(303);
        tablet.get("/till/unlock").await.is(200);
        tablet
    }

    /// The id of somebody on the sample staff.
    pub(crate) async fn staff_id(&self, sample: &Sample, name: &str) -> String {
        let staff = self.app.db.staff_of(&sample.store.id).await.expect("staff");
        staff.into_iter().find(|one| one.name == name).expect("a name").id.to_string()
    }
}
