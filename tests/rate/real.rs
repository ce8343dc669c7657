//! The real services, asked once each: for a person to run before a release.
//! `cargo test --test behaviour rate::real -- --ignored --nocapture`

use std::sync::Arc;

use pos_server::db::Db;
use pos_server::domain::time::{Clock, SystemClock};
use pos_server::rate::{RateSettings, Rates};

use super::house::store;

#[tokio::test]
#[ignore = "asks the real exchanges and banks over the internet"]
async fn every_real_source_answers_as_we_read_it() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("pos.db").display());
    let db = Db::open(&url).await.unwrap();
    let clock = Arc::new(SystemClock);
    let rates = Rates::open(RateSettings::default(), db, clock.clone()).await.unwrap();
    let stores = ["JMD", "TTD", "DOP", "HTG", "GYD"].map(store);
    rates.serve(&stores);
    rates.ask_all().await;
    let mut silent = Vec::new();
    for store in &stores {
        let view = rates.view(store, clock.now());
        eprintln!("{}: {:#?}", store.currency, view.quote);
        let exchanges = view.exchanges.into_iter().map(|one| (one.name, one.error));
        let desks = view.desks.into_iter().map(|desk| (desk.name, desk.error));
        let errors = exchanges.chain(desks).filter_map(|(name, error)| Some((name, error?.1)));
        silent.extend(errors.map(|(name, words)| format!("{name}: {words}")));
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
