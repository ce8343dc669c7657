//! How sources are asked: by name, one request at a time.

use super::house::{House, store};
use super::stand_in::{DESKS, EXCHANGES, StandIn, Who};

#[tokio::test]
async fn every_request_says_who_asks() {
    let house = House::open().await;
    house.rates.serve([&store("JMD"), &store("TTD")]);
    house.rates.ask_all().await;
    for who in EXCHANGES.into_iter().chain(DESKS) {
        let asked = house.stand_in.asked(who);
        assert!(!asked.is_empty(), "{who:?}");
        for asked in asked {
            let agent = asked.headers["user-agent"].to_str().unwrap();
            assert!(agent.starts_with("pos-server/"), "{who:?}: {agent}");
        }
    }
}

#[tokio::test]
async fn only_the_currencies_in_use_are_asked_for() {
    let house = House::open().await;
    house.quote(&store("XCD")).await.unwrap();
    for who in DESKS {
        assert!(house.stand_in.asked(who).is_empty(), "{who:?}: a peg needs nobody");
    }
    house.quote(&store("JMD")).await.unwrap();
    assert!(house.stand_in.asked(Who::BankOfTrinidad).is_empty());
    assert_eq!(house.stand_in.asked(Who::ErApi).len(), 1);
}

#[tokio::test]
async fn a_stand_in_for_others_answers_by_the_machines_clock() {
    let stand_in = StandIn::start().await;
    let (name, url) = stand_in.urls().swap_remove(2);
    assert_eq!(name, "bitstamp");
    let body = reqwest_text(&format!("{url}/api/v2/ticker/btcusd/")).await;
    assert!(body.contains("\"bid\":\"77007.10\""), "{body}");
}

async fn reqwest_text(url: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(url).await.unwrap().text().await.unwrap()
}
