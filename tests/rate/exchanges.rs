//! The bitcoin leg: what the quote is, or why there is none, when exchanges misbehave.

use std::time::Duration;

use pos_server::rate::{NoRate, Verdict};
use rust_decimal::Decimal;

use super::house::{House, NOON, store};
use super::stand_in::{EXCHANGES, Play, Who};

#[tokio::test]
async fn four_good_books_give_the_middle_of_four() {
    let house = House::open().await;
    let quote = house.quote(&store("USD")).await.unwrap();
    assert_eq!(quote.source, "Middle of 4 sources");
    // Books at 77,000.10, .004, .008 and .012: the median lies between the second and the third.
    assert_eq!(quote.per_btc, Decimal::new(7_700_610, 2).normalize());
    assert_eq!(quote.legs[0].sources, ["Kraken", "Coinbase", "Bitstamp", "Bitfinex"]);
    assert_eq!(quote.at, NOON.before(Duration::from_secs(2)), "by the sources' own clocks");
}

/// One of four misbehaves: the other three make the price, and the fourth is named with its fault.
async fn one_misbehaves(who: Who, play: Play, words: &str) {
    let told = format!("{who:?} {play:?}");
    let house = House::open().await.with(who, play);
    let quote = house.quote(&store("USD")).await.unwrap_or_else(|no| panic!("{told}: {no}"));
    assert_eq!(quote.source, "Middle of 3 sources", "{told}");
    assert_eq!(quote.legs[0].dropped, [format!("{who:?}: {words}")], "{told}");
    assert!((quote.per_btc - Decimal::from(77_006)).abs() < Decimal::TEN, "{told}");
}

#[tokio::test]
async fn a_figure_that_is_null_zero_or_a_word_drops_its_source_alone() {
    for who in EXCHANGES {
        one_misbehaves(who, Play::Null, "the answer has no bid").await;
        one_misbehaves(who, Play::Zero, "its bid is not above zero").await;
        one_misbehaves(who, Play::Text, "its bid is not a number").await;
    }
}

#[tokio::test]
async fn a_crossed_or_a_wide_book_drops_its_source() {
    for who in EXCHANGES {
        one_misbehaves(who, Play::Crossed, "its bid is above its ask").await;
        one_misbehaves(who, Play::Wide, "its bid and ask are more than 1 % apart").await;
    }
}

#[tokio::test]
async fn a_price_at_forty_percent_is_dropped_from_each_exchange() {
    for who in EXCHANGES {
        one_misbehaves(who, Play::Price(30_800), "60 % from the others").await;
    }
}

#[tokio::test]
async fn a_price_that_is_ten_minutes_old_by_its_own_clock_is_dropped() {
    let behind = || Play::Behind(Duration::from_secs(600));
    for who in [Who::Coinbase, Who::Bitstamp, Who::Bitfinex] {
        one_misbehaves(who, behind(), "its price is 10 minutes old").await;
    }
    let ahead = Play::Ahead(Duration::from_secs(3 * 60));
    one_misbehaves(Who::Coinbase, ahead, "its clock is 3 minutes ahead").await;
}

#[tokio::test]
async fn an_error_under_200_is_an_error() {
    let words = "EQuery:Unknown asset pair";
    for who in EXCHANGES {
        one_misbehaves(who, Play::ErrorUnder200(words), &format!("said “{words}”")).await;
    }
    let limited = Play::ErrorUnder200("EGeneral:Too many requests");
    one_misbehaves(Who::Kraken, limited, "asks us to slow down").await;
}

#[tokio::test]
async fn a_500_with_an_array_is_an_error_with_its_words() {
    let words = r#"answered with error 500: ["error",10020,"symbol: invalid"]"#;
    one_misbehaves(Who::Bitfinex, Play::ErrorArrayUnder500, words).await;
    one_misbehaves(Who::Kraken, Play::Broken, "answered with error 503").await;
}

#[tokio::test]
async fn a_429_with_or_without_a_time_is_a_source_that_wants_peace() {
    one_misbehaves(Who::Bitfinex, Play::TooMany(None), "asks us to slow down").await;
    one_misbehaves(Who::Coinbase, Play::TooMany(Some(30)), "asks us to slow down").await;
}

#[tokio::test]
async fn a_web_page_a_flood_and_a_broken_line_are_no_prices() {
    for who in EXCHANGES {
        let page = "answered with something that is not a price";
        one_misbehaves(who, Play::Html, page).await;
        one_misbehaves(who, Play::Oversize, "the answer is too long").await;
        one_misbehaves(who, Play::Cut, "the answer broke off").await;
    }
}

#[tokio::test]
async fn a_source_that_hangs_holds_up_nobody() {
    let mut house = House::open().await.with(Who::Kraken, Play::Hang);
    house.settings.exchange_limit_ms = 900;
    house.restart().await;
    let begun = std::time::Instant::now();
    let quote = house.quote(&store("USD")).await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(2_500), "its limit is 900 ms");
    assert_eq!(quote.legs[0].dropped, ["Kraken: no answer within 900ms"]);
}

#[tokio::test]
async fn nobody_listening_is_said_so() {
    let mut house = House::open().await;
    // A port that was ours a moment ago and is nobody's now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    house.settings.kraken_url = format!("http://127.0.0.1:{port}");
    house.restart().await;
    let quote = house.quote(&store("USD")).await.unwrap();
    assert_eq!(quote.legs[0].dropped, ["Kraken: could not be reached"]);
}

#[tokio::test]
async fn bitfinex_counts_with_ten_fields_and_with_eleven() {
    let house = House::open().await.with(Who::Bitfinex, Play::ElevenFields);
    let quote = house.quote(&store("USD")).await.unwrap();
    assert_eq!(quote.source, "Middle of 4 sources");
    let view = house.view(&store("USD"));
    assert!(view.exchanges[3].price.as_ref().unwrap().stamped, "the eleventh is its time");
    assert!(!view.exchanges[0].price.as_ref().unwrap().stamped, "Kraken gives none");
}

#[tokio::test]
async fn two_that_agree_are_enough_and_two_that_disagree_are_not() {
    let house = House::open().await;
    house.stand_in.all_play(&[Who::Kraken, Who::Coinbase], Play::Broken);
    assert_eq!(house.quote(&store("USD")).await.unwrap().source, "Middle of 2 sources");
    house.stand_in.play(Who::Bitfinex, Play::Price(79_000));
    let refused = house.quote(&store("USD")).await.unwrap_err();
    assert_eq!(refused, NoRate::Disagree);
    assert_eq!(
        refused.to_string(),
        "The exchanges disagree on the bitcoin price, so we will not guess. Cash still works."
    );
}

#[tokio::test]
async fn one_source_is_enough_only_if_the_owner_says_so() {
    let house = House::open().await;
    house.stand_in.all_play(&[Who::Kraken, Who::Coinbase, Who::Bitstamp], Play::Html);
    let mut shop = store("USD");
    let refused = house.quote(&shop).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Only Bitfinex gives a bitcoin price, and one is not enough. Cash still works."
    );
    shop.one_source_enough = true;
    assert_eq!(house.quote(&shop).await.unwrap().source, "Bitfinex alone");
}

#[tokio::test]
async fn with_no_source_at_all_there_is_no_rate() {
    let house = House::open().await;
    house.stand_in.all_play(&EXCHANGES, Play::Cut);
    let refused = house.quote(&store("USD")).await.unwrap_err();
    assert_eq!(refused.to_string(), "No bitcoin price has come in yet. Cash still works.");
}

#[tokio::test]
async fn a_bad_answer_leaves_the_last_good_price_with_its_age() {
    let house = House::open().await;
    house.quote(&store("USD")).await.unwrap();
    house.stand_in.play(Who::Kraken, Play::Html);
    house.later(Duration::from_secs(60));
    let quote = house.quote(&store("USD")).await.unwrap();
    assert_eq!(quote.source, "Middle of 4 sources", "a minute old is still fresh");
    let view = house.view(&store("USD"));
    assert_eq!(view.exchanges[0].verdict, Verdict::Used);
    let (_, words) = view.exchanges[0].error.clone().unwrap();
    assert_eq!(words, "answered with something that is not a price");
}
