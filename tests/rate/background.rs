//! The background loop: it keeps prices fresh, leaves refusing sources alone, and ends when told.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::house::{House, store};
use super::stand_in::{DESKS, EXCHANGES, Play, Who};

struct Running {
    house: House,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(house: House, code: &str) -> Self {
        house.rates.serve([&store(code)]);
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(Arc::clone(&house.rates).run(shutdown.clone()));
        Self { house, shutdown, task }
    }

    /// Waits until something holds; the test fails after ten seconds.
    async fn until(&self, what: &str, holds: impl Fn(&House) -> bool) {
        for _ in 0..1_000 {
            if holds(&self.house) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }

    async fn stop(self) -> House {
        self.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.task).await.unwrap().unwrap();
        self.house
    }
}

#[tokio::test]
async fn prices_are_fetched_again_and_again_one_request_at_a_time() {
    let running = Running::start(House::open().await, "JMD").await;
    running.until("a quote", |house| house.quote_now(&store("JMD")).is_ok()).await;
    for who in EXCHANGES {
        running.until("five times", |house| house.stand_in.asked(who).len() >= 5).await;
        assert_eq!(running.house.stand_in.most_at_once(who), 1, "{who:?}");
    }
    assert_eq!(running.house.stand_in.asked(Who::ErApi).len(), 1, "it has new ones tomorrow");
    running.stop().await;
}

#[tokio::test]
async fn a_new_price_reaches_the_next_quote() {
    let running = Running::start(House::open().await, "USD").await;
    running.until("a quote", |house| house.quote_now(&store("USD")).is_ok()).await;
    running.house.stand_in.all_play(&EXCHANGES, Play::Price(80_000));
    let moved = |house: &House| {
        house.quote_now(&store("USD")).is_ok_and(|quote| quote.per_btc > 80_000.into())
    };
    running.until("the new price", moved).await;
    running.stop().await;
}

#[tokio::test]
async fn a_source_that_wants_peace_gets_it() {
    let house = House::open().await.with(Who::Kraken, Play::TooMany(Some(3_600)));
    let running = Running::start(house, "USD").await;
    running.until("the others", |house| house.stand_in.asked(Who::Coinbase).len() >= 8).await;
    assert_eq!(running.house.stand_in.asked(Who::Kraken).len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn a_source_that_comes_back_is_used_again() {
    let house = House::open().await.with(Who::Kraken, Play::Cut);
    let running = Running::start(house, "USD").await;
    let sources = |house: &House| {
        house.quote_now(&store("USD")).map_or(0, |quote| quote.legs[0].sources.len())
    };
    running.until("three", |house| sources(house) == 3).await;
    running.house.stand_in.play(Who::Kraken, Play::Well);
    running.until("four", |house| sources(house) == 4).await;
    assert_eq!(running.house.view(&store("USD")).exchanges[0].error, None);
    running.stop().await;
}

#[tokio::test]
async fn a_store_that_opens_later_gets_its_dollar_rate_at_once() {
    let house = House::open().await;
    // Haiti gets no rate from anybody; that holds up nobody else.
    house.stand_in.all_play(&DESKS, Play::Without("HTG"));
    let running = Running::start(house, "HTG").await;
    let missing = |house: &House| house.view(&store("HTG")).desks[0].error.is_some();
    running.until("no rate for Haiti", missing).await;
    assert!(running.house.quote_now(&store("JMD")).is_err());
    running.house.rates.serve([&store("HTG"), &store("JMD")]);
    running.until("Jamaica", |house| house.quote_now(&store("JMD")).is_ok()).await;
    running.stop().await;
}

#[tokio::test]
async fn a_store_that_leaves_the_market_and_comes_back_is_served_again() {
    let running = Running::start(House::open().await, "USD").await;
    let asked = |house: &House| house.stand_in.asked(Who::Kraken).len();
    running.until("a first time", |house| asked(house) >= 1).await;
    running.house.rates.serve([]);
    // Longer than the pause between two requests, so that the loop finds nobody to ask for.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = asked(&running.house);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(asked(&running.house), before, "nobody needs it");
    running.house.rates.serve([&store("USD")]);
    running.until("again", |house| asked(house) > before + 2).await;
    running.stop().await;
}

#[tokio::test]
async fn it_ends_at_once_when_told_and_keeps_what_it_knows() {
    let house = House::open().await.with(Who::Bitfinex, Play::Hang);
    let running = Running::start(house, "JMD").await;
    running.until("a quote", |house| house.quote_now(&store("JMD")).is_ok()).await;
    let mut house = running.stop().await;
    house.restart().await;
    assert!(house.quote_now(&store("JMD")).is_ok(), "from the database alone");
}
