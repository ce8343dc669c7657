//! What outlives the server: the last good values with their age, on either database.

use std::time::Duration;

use pos_server::db::Db;
use pos_server::rate::NoRate;

use super::house::{House, NOON, store};
use super::stand_in::{EXCHANGES, Play, Who};

/// SQLite, and PostgreSQL where `make test` has started one.
async fn houses() -> Vec<House> {
    let mut houses = vec![House::open().await];
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        let name = format!("rate_{}", uuid::Uuid::now_v7().simple());
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(create).execute(&pool).await.unwrap();
        let (server, _) = url.rsplit_once('/').unwrap();
        let db = Db::open(&format!("{server}/{name}")).await.unwrap();
        houses.push(House::over(db, tempfile::tempdir().unwrap(), NOON).await);
    }
    houses
}

#[tokio::test]
async fn the_age_of_a_price_goes_on_across_a_restart() {
    for mut house in houses().await {
        let shop = store("JMD");
        let before = house.quote(&shop).await.unwrap();
        house.rates.save().await.unwrap();
        house.later(Duration::from_secs(60));
        house.restart().await;
        assert_eq!(house.quote_now(&shop), Ok(before), "the same price, with the time it had");
        house.later(Duration::from_secs(10 * 60));
        house.restart().await;
        assert!(matches!(house.quote_now(&shop), Err(NoRate::TooOld { .. })));
        let minutes = house.view(&shop).exchanges[0].price.clone().unwrap().age.as_secs() / 60;
        assert_eq!(minutes, 11);
    }
}

#[tokio::test]
async fn a_dollar_rate_keeps_its_date_of_publication_across_a_restart() {
    for mut house in houses().await {
        let shop = store("JMD");
        house.quote(&shop).await.unwrap();
        house.rates.save().await.unwrap();
        house.later(Duration::from_secs(26 * 3_600));
        house.restart().await;
        house.rates.serve([&shop]);
        // The bank's rate, counted from 18:00 of its date, is the only dated one left.
        let leg = house.view(&shop).dollar.unwrap().unwrap();
        assert_eq!(leg.sources, ["Bank of Jamaica", "confirmed by Coinbase's dollar rates"]);
        assert_eq!(leg.published.as_deref(), Some("2026-11-18"));
        house.later(Duration::from_secs(48 * 3_600));
        let too_old = house.view(&shop).dollar.unwrap().unwrap_err();
        assert!(matches!(too_old, NoRate::DollarTooOld { .. }), "{too_old}");
    }
}

#[tokio::test]
async fn an_answer_of_another_replica_that_came_later_is_not_overwritten() {
    for mut house in houses().await {
        let shop = store("USD");
        house.stand_in.all_play(&EXCHANGES, Play::Price(70_000));
        house.quote(&shop).await.unwrap();
        let slow = house.rates.clone();
        house.restart().await;
        house.later(Duration::from_secs(5));
        house.stand_in.all_play(&EXCHANGES, Play::Price(77_000));
        let later = house.quote(&shop).await.unwrap();
        house.rates.save().await.unwrap();
        slow.save().await.unwrap();
        house.restart().await;
        assert_eq!(house.quote_now(&shop).map(|quote| quote.per_btc), Ok(later.per_btc));
    }
}

#[tokio::test]
async fn a_source_that_is_switched_off_has_no_vote() {
    for mut house in houses().await {
        house.quote(&store("USD")).await.unwrap();
        house.rates.save().await.unwrap();
        house.settings.kraken_url = String::new();
        house.restart().await;
        house.stand_in.play(Who::Kraken, Play::Hang);
        let quote = house.quote(&store("USD")).await.unwrap();
        assert_eq!(quote.legs[0].sources, ["Coinbase", "Bitstamp", "Bitfinex"]);
    }
}
