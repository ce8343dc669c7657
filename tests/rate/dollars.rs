//! The dollar leg: pegs, published rates that a second source confirms, and refusals in words.

use std::time::Duration;

use pos_server::domain::money::{Money, Msat};
use pos_server::domain::time::Time;
use pos_server::rate::NoRate;
use rust_decimal::Decimal;

use super::house::{House, NOON, store};
use super::stand_in::{DESKS, Play, Who};

fn jmd_rate() -> Decimal {
    Decimal::new(16_012, 2)
}

fn percent(hundredths: i64) -> Play {
    Play::Times(Decimal::ONE + Decimal::new(hundredths, 4))
}

#[tokio::test]
async fn jamaica_is_the_published_rate_confirmed_by_its_central_bank() {
    let house = House::open().await;
    let quote = house.quote(&store("JMD")).await.unwrap();
    let leg = &quote.legs[1];
    assert_eq!((leg.pair.as_str(), leg.value), ("USD/JMD", jmd_rate()));
    assert_eq!(leg.sources, ["ExchangeRate-API", "confirmed by Bank of Jamaica"]);
    assert_eq!(leg.published.as_deref(), Some("2026-11-18"));
    // Published at 00:02:31, and noon is not its age.
    assert_eq!(leg.at, Time(NOON.0 - 12 * 3_600_000 + 151_000));
    let thousand = quote.ask(Money::new(100_000, quote.currency)).unwrap();
    assert_eq!(thousand, Msat::from_sat(8_111).unwrap());
}

#[tokio::test]
async fn trinidad_is_confirmed_by_its_own_bank_and_others_by_a_cross() {
    let house = House::open().await;
    let quote = house.quote(&store("TTD")).await.unwrap();
    let bank = "confirmed by Central Bank of Trinidad and Tobago";
    assert_eq!(quote.legs[1].sources, ["ExchangeRate-API", bank]);
    for code in ["DOP", "HTG", "GYD", "EUR"] {
        let quote = house.quote(&store(code)).await.unwrap();
        let cross = "confirmed by Coinbase's dollar rates";
        assert_eq!(quote.legs[1].sources, ["ExchangeRate-API", cross], "{code}");
    }
}

#[tokio::test]
async fn a_shift_of_more_than_three_percent_is_refused_and_less_is_not() {
    let house = House::open().await.with(Who::ErApi, percent(290));
    assert!(house.quote(&store("JMD")).await.is_ok());
    house.stand_in.play(Who::ErApi, percent(310));
    let refused = house.quote(&store("JMD")).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ExchangeRate-API and Bank of Jamaica are 3.1 % apart on the US dollar for JMD, so we \
         will not guess. Cash still works."
    );
    // A pegged currency does not care.
    assert!(house.quote(&store("XCD")).await.is_ok());
}

#[tokio::test]
async fn a_further_source_that_strays_is_told_and_stops_nobody() {
    let house = House::open().await.with(Who::CurrencyApi, percent(-500));
    let quote = house.quote(&store("JMD")).await.unwrap();
    assert_eq!(quote.legs[1].dropped, ["currency-api: 5.3 % away"]);
}

#[tokio::test]
async fn a_missing_currency_is_refused_and_others_go_on() {
    let house = House::open().await;
    house.stand_in.all_play(&DESKS, Play::Without("HTG"));
    let refused = house.quote(&store("HTG")).await.unwrap_err();
    assert_eq!(refused.to_string(), "No US dollar rate for HTG has come in yet. Cash still works.");
    let (_, words) = house.view(&store("HTG")).desks[0].error.clone().unwrap();
    assert_eq!(words, "the answer has no HTG rate");
    assert!(house.quote(&store("DOP")).await.is_ok());
}

#[tokio::test]
async fn a_null_zero_or_wordy_rate_is_no_rate() {
    for play in [Play::Null, Play::Zero, Play::Text, Play::Html, Play::Cut, Play::TooMany(None)] {
        let house = House::open().await.with(Who::ErApi, play.clone());
        let quote = house.quote(&store("JMD")).await.unwrap();
        let leg = &quote.legs[1];
        let bank = ["Bank of Jamaica", "confirmed by Coinbase's dollar rates"];
        assert_eq!(leg.sources, bank, "{play:?}: the bank's own rate stands in");
        assert_eq!(leg.value, jmd_rate());
    }
}

#[tokio::test]
async fn an_old_date_is_refused_by_its_date_however_fresh_the_answer() {
    let house = House::open().await;
    house.stand_in.all_play(&DESKS, Play::DaysOld(3));
    let refused = house.quote(&store("JMD")).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The last US dollar rate for JMD is of 2026-11-15, too old to use. Cash still works."
    );
}

#[tokio::test]
async fn a_friday_rate_serves_the_weekend_and_no_longer() {
    // Friday 20 November 2026, 20:00 UTC.
    let house = House::open_at(NOON.after(Duration::from_secs(56 * 3_600))).await;
    house.quote(&store("TTD")).await.unwrap();
    let hours = |hours: u64| house.later(Duration::from_secs(hours * 3_600));
    let fixed_bitcoin = |no: NoRate| matches!(no, NoRate::TooOld { .. });
    hours(60);
    assert!(house.quote_now(&store("TTD")).is_err_and(fixed_bitcoin), "bitcoin is another matter");
    let dollar = |house: &House| house.view(&store("TTD")).dollar.unwrap();
    let monday = dollar(&house).unwrap();
    assert_eq!(monday.published.as_deref(), Some("2026-11-20"));
    hours(36);
    let tuesday = dollar(&house).unwrap_err();
    let published = "2026-11-20".to_owned();
    assert_eq!(tuesday, NoRate::DollarTooOld { currency: store("TTD").currency, published });
}

#[tokio::test]
async fn the_bank_of_jamaica_without_a_nonce_gives_way_to_the_cross() {
    let house = House::open().await.with(Who::BankOfJamaica, Play::NoNonce);
    let quote = house.quote(&store("JMD")).await.unwrap();
    let cross = "confirmed by Coinbase's dollar rates";
    assert_eq!(quote.legs[1].sources, ["ExchangeRate-API", cross]);
    let view = house.view(&store("JMD"));
    let (_, words) = view.desks[1].error.clone().unwrap();
    assert_eq!(words, "the answer has no nonce");
}

#[tokio::test]
async fn the_bank_of_jamaica_is_asked_with_its_nonce_for_the_last_days_alone() {
    let house = House::open().await;
    house.quote(&store("JMD")).await.unwrap();
    let asked = house.stand_in.asked(Who::BankOfJamaica);
    assert_eq!(asked.len(), 2);
    assert!(asked[1].body.contains("wdtNonce=a1b2c3d4e5"));
    let days = "value%5D=08+Nov+2026%7C18+Nov+2026";
    assert!(asked[1].body.contains(days), "{}", asked[1].body);
}

#[tokio::test]
async fn a_null_leg_in_trinidad_is_passed_over_for_the_day_before() {
    let house = House::open().await.with(Who::BankOfTrinidad, Play::NullLeg);
    house.quote(&store("TTD")).await.unwrap();
    let view = house.view(&store("TTD"));
    let bank = view.desks.iter().find(|desk| desk.name.starts_with("Central Bank")).unwrap();
    assert_eq!(bank.published.as_deref(), Some("2026-11-17"));
}

#[tokio::test]
async fn an_all_null_object_in_trinidad_is_no_rate() {
    let house = House::open().await.with(Who::BankOfTrinidad, Play::NullObject);
    let quote = house.quote(&store("TTD")).await.unwrap();
    let cross = "confirmed by Coinbase's dollar rates";
    assert_eq!(quote.legs[1].sources, ["ExchangeRate-API", cross]);
}

#[tokio::test]
async fn a_rate_that_nobody_confirms_needs_the_owners_word() {
    let house = House::open().await;
    house.stand_in.all_play(&DESKS[1..], Play::Broken);
    let mut shop = store("JMD");
    let refused = house.quote(&shop).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Only ExchangeRate-API gives a US dollar rate for JMD, and one is not enough. Cash still \
         works."
    );
    shop.one_source_enough = true;
    let quote = house.quote(&shop).await.unwrap();
    assert_eq!(quote.legs[1].sources, ["ExchangeRate-API", "confirmed by nobody"]);
}

#[tokio::test]
async fn the_source_that_wants_a_link_gets_one() {
    let house = House::open().await;
    house.quote(&store("JMD")).await.unwrap();
    let view = house.view(&store("JMD"));
    assert_eq!(view.desks[0].attribution, Some("https://www.exchangerate-api.com"));
    let names: Vec<_> = view.desks.iter().map(|desk| desk.name).collect();
    assert!(!names.contains(&"Central Bank of Trinidad and Tobago"), "not for Jamaica: {names:?}");
}
