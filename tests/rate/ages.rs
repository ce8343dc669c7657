//! How prices age: fresh for two minutes, with a warning up to five, and then refused.

use std::time::Duration;

use pos_server::domain::time::Clock;
use pos_server::rate::{Freshness, NoRate, StoreRateSettings};
use rust_decimal::Decimal;

use super::house::{House, store};
use super::stand_in::{EXCHANGES, Play, Who};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_price_ages_from_fresh_to_a_warning_to_a_refusal() {
    let house = House::open().await;
    let shop = store("USD");
    house.quote(&shop).await.unwrap();
    let freshness = || house.view(&shop).freshness;
    assert_eq!(freshness(), Some(Freshness::Fresh));
    house.later(seconds(119));
    assert_eq!(freshness(), Some(Freshness::Fresh), "Kraken and Bitfinex stamp no time");
    house.later(seconds(2));
    assert_eq!(freshness(), Some(Freshness::Ageing));
    assert!(house.quote_now(&shop).is_ok());
    house.later(seconds(9 * 60));
    let refused = house.quote_now(&shop).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The last bitcoin price is 11 minutes old, so we will not guess. Cash still works."
    );
    assert_eq!(freshness(), None);
}

#[tokio::test]
async fn a_clock_that_stands_still_at_the_source_ages_its_price() {
    let house = House::open().await;
    let frozen = house.clock.now();
    house.stand_in.play(Who::Bitstamp, Play::FrozenAt(frozen));
    let shop = store("USD");
    assert_eq!(house.quote(&shop).await.unwrap().source, "Middle of 4 sources");
    house.later(seconds(180));
    let quote = house.quote(&shop).await.unwrap();
    assert_eq!(quote.legs[0].dropped, ["Bitstamp: its last price is 3 minutes old"]);
    house.later(seconds(180));
    let quote = house.quote(&shop).await.unwrap();
    assert_eq!(quote.legs[0].dropped, ["Bitstamp: its last price is 6 minutes old"]);
    house.stand_in.play(Who::Bitstamp, Play::Html);
    let quote = house.quote(&shop).await.unwrap();
    let page = "answered with something that is not a price";
    assert_eq!(
        quote.legs[0].dropped,
        [format!("Bitstamp: its last price is 6 minutes old ({page})")]
    );
}

#[tokio::test]
async fn a_price_that_does_not_move_is_a_warning_and_still_counts() {
    let house = House::open().await;
    let shop = store("USD");
    for _ in 0..4 {
        house.quote(&shop).await.unwrap();
        house.later(seconds(100));
    }
    house.quote(&shop).await.unwrap();
    let view = house.view(&shop);
    assert_eq!(view.exchanges[0].warning.as_deref(), Some("its price has not moved for 6 minutes"));
    assert_eq!(view.quote.unwrap().source, "Middle of 4 sources");
    house.stand_in.play(Who::Kraken, Play::Price(77_010));
    house.quote(&shop).await.unwrap();
    assert_eq!(house.view(&shop).exchanges[0].warning, None);
}

#[tokio::test]
async fn the_practice_rate_never_ages_and_asks_nobody() {
    let house = House::open().await;
    house.stand_in.all_play(&EXCHANGES, Play::Hang);
    let shop = StoreRateSettings::practice(store("JMD").currency, Decimal::from(12_325_317));
    house.later(seconds(86_400));
    let quote = house.quote(&shop).await.unwrap();
    assert_eq!((quote.source.as_str(), quote.at), ("Practice rate", house.clock.now()));
    assert_eq!(house.view(&shop).freshness, Some(Freshness::Fresh));
    assert_eq!(house.stand_in.asked_in_all(), 0);
}

#[tokio::test]
async fn a_quote_costs_no_request() {
    let house = House::open().await;
    let shop = store("JMD");
    house.quote(&shop).await.unwrap();
    let asked = house.stand_in.asked_in_all();
    for _ in 0..1_000 {
        house.quote_now(&shop).unwrap();
    }
    assert_eq!(house.stand_in.asked_in_all(), asked);
    assert!(matches!(House::open().await.quote_now(&shop), Err(NoRate::Nothing)));
}
