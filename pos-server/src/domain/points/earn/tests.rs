//! What purchases earn, rule by rule, and that no rule is ever broken.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::points::{HappyHour, Tier};

const NOON: Moment = Moment { weekday: 5, minute: 720 };

fn line(net: i64) -> Counted {
    Counted { item: None, category: None, net }
}

fn of(item: &str, category: &str, net: i64) -> Counted {
    Counted { item: Some(item.into()), category: Some(category.into()), net }
}

fn purchase(lines: &[Counted]) -> Purchase<'_> {
    Purchase { lines, price: None, moment: NOON, spent: 0, today: 0, ever: 0 }
}

/// Five percent, a point worth one dollar of a hundred cents.
fn five() -> Rules {
    Rules { rate_bp: 500, worth: Worth::Minor(100), ..Rules::default() }
}

fn points(rules: &Rules, net: i64) -> i64 {
    earn(rules, &purchase(&[line(net)])).points
}

#[test]
fn a_percentage_of_the_purchase_rounded_down_once() {
    assert_eq!(points(&five(), 100_000), 50);
    assert_eq!(points(&five(), 101_999), 50);
    let two = [line(1_000), line(1_000)];
    assert_eq!(earn(&five(), &purchase(&two)).points, 1, "half a point and half a point are one");
    assert_eq!(points(&five(), 1_999), 0);
}

#[test]
fn a_purchase_of_one_unit_earns_nothing_however_often() {
    let earned = earn(&five(), &purchase(&[line(1)]));
    assert_eq!((earned.points, earned.why), (0, Why::Small));
    let sats = Rules { worth: Worth::Sat(1), rate_bp: 200, ..Rules::default() };
    let one_sat = Purchase { price: Some(Price { minor: 1, msat: 1_000 }), ..purchase(&[]) };
    let lines = [line(1)];
    let earned = earn(&sats, &Purchase { lines: &lines, ..one_sat });
    assert_eq!((earned.points, earned.why), (0, Why::Small), "no least earning");
}

#[test]
fn items_come_before_their_categories_and_these_before_the_usual_rate() {
    let rules = Rules {
        items: BTreeMap::from([("tea".into(), 1_000)]),
        categories: BTreeMap::from([("drinks".into(), 2_000), ("books".into(), 0)]),
        ..five()
    };
    let lines =
        [of("tea", "drinks", 10_000), of("cola", "drinks", 10_000), of("atlas", "books", 10_000)];
    assert_eq!(earn(&rules, &purchase(&lines)).points, 10 + 20);
}

#[test]
fn less_than_the_least_purchase_earns_nothing() {
    let rules = Rules { minimum: 50_000, ..five() };
    let earned = earn(&rules, &purchase(&[line(49_999)]));
    assert_eq!((earned.points, earned.why, earned.net), (0, Why::Minimum, 49_999));
    assert_eq!(points(&rules, 50_000), 25);
}

#[test]
fn each_cap_holds_and_says_so() {
    let rules = Rules { cap_sale: Some(40), cap_day: Some(100), cap_card: Some(1_000), ..five() };
    let with = |today, ever| {
        let lines = [line(100_000)];
        let earned = earn(&rules, &Purchase { today, ever, ..purchase(&lines) });
        (earned.points, earned.why)
    };
    assert_eq!(with(0, 0), (40, Why::CapSale));
    assert_eq!(with(70, 70), (30, Why::CapDay));
    assert_eq!(with(100, 100), (0, Why::CapDay));
    assert_eq!(with(0, 995), (5, Why::CapCard));
    assert_eq!(with(120, 2_000).0, 0, "never below nothing");
}

#[test]
fn tiers_and_happy_hours_multiply_and_the_best_hour_counts() {
    let hour = |reward| HappyHour { days: 127, from: 0, to: 0, reward };
    let tiers =
        vec![Tier { spent: 1_000, times_bp: 15_000 }, Tier { spent: 9_000, times_bp: 20_000 }];
    let mut rules = Rules { tiers, ..five() };
    let with = |rules: &Rules, spent| {
        let lines = [line(100_000)];
        earn(rules, &Purchase { spent, ..purchase(&lines) }).points
    };
    assert_eq!([with(&rules, 999), with(&rules, 1_000), with(&rules, 9_000)], [50, 75, 100]);
    rules.hours = vec![hour(Reward::TimesBp(20_000)), hour(Reward::RateBp(800))];
    assert_eq!([with(&rules, 0), with(&rules, 1_000)], [100, 150]);
    rules.hours = vec![hour(Reward::RateBp(2_000)), hour(Reward::RateBp(100))];
    assert_eq!(with(&rules, 0), 200, "a lower rate takes nothing away");
}

#[test]
fn a_worth_in_satoshi_goes_by_the_price_of_the_sale() {
    let rules = Rules { rate_bp: 200, worth: Worth::Sat(1), ..Rules::default() };
    let lines = [line(100_000)];
    let with = |price| earn(&rules, &Purchase { price, ..purchase(&lines) });
    // 1,000 dollars are 8,114 sats; two percent are 162.28.
    assert_eq!(with(Some(Price { minor: 100_000, msat: 8_114_000 })).points, 162);
    assert_eq!((with(None).points, with(None).why), (0, Why::NoPrice));
}

#[test]
fn an_event_has_its_own_rate_and_least_purchase_under_the_same_caps() {
    let rules = Rules { cap_sale: Some(90), minimum: 1_000_000, ..five() };
    let lines = [line(100_000)];
    assert_eq!(campaign(&rules, &purchase(&lines), 800, 0).points, 80);
    assert_eq!(campaign(&rules, &purchase(&lines), 1_000, 0).points, 90);
    assert_eq!(campaign(&rules, &purchase(&lines), 1_000, 100_001).why, Why::Minimum);
}

#[test]
fn of_offers_that_overlap_the_best_one_counts_and_the_programme_if_they_are_equal() {
    let offer = |points| Earned { points, net: 0, why: Why::Whole };
    assert_eq!(best(&[offer(5), offer(9), offer(9), offer(2)]), Some(1));
    assert_eq!(best(&[offer(5), offer(5)]), Some(0));
    assert_eq!(best(&[]), None);
}

fn some_cap() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(1i64..500)
}

proptest! {
    #[test]
    fn no_cap_is_ever_broken_and_nothing_is_rounded_up(
        rate in 0i64..=10_000, worth in 1i64..10_000, nets in prop::collection::vec(0i64..1_000_000, 0..8),
        caps in (some_cap(), some_cap(), some_cap()), had in (0i64..600, 0i64..600),
        times in 10_000i64..=100_000, minimum in 0i64..100_000,
    ) {
        let lines: Vec<Counted> = nets.iter().copied().map(line).collect();
        let net: i64 = nets.iter().sum();
        let rules = Rules {
            rate_bp: rate,
            worth: Worth::Minor(worth),
            minimum,
            cap_sale: caps.0,
            cap_day: caps.1,
            cap_card: caps.2,
            tiers: vec![Tier { spent: 1, times_bp: times }],
            ..Rules::default()
        };
        let purchase =
            Purchase { spent: 1, today: had.0, ever: had.0 + had.1, ..purchase(&lines) };
        let earned = earn(&rules, &purchase);
        prop_assert!(earned.points >= 0);
        prop_assert!(caps.0.is_none_or(|cap| earned.points <= cap));
        prop_assert!(caps.1.is_none_or(|cap| earned.points == 0 || earned.points + had.0 <= cap));
        prop_assert!(
            caps.2.is_none_or(|cap| earned.points == 0 || earned.points + had.0 + had.1 <= cap)
        );
        prop_assert!(net >= minimum || earned.points == 0);
        // What they are worth is never more than what the rate gives back.
        let worth = i128::from(earned.points) * i128::from(worth) * 100_000_000;
        prop_assert!(worth <= i128::from(net) * i128::from(rate) * i128::from(times));
        prop_assert_eq!(earned, earn(&rules, &purchase), "the same twice");
    }

    #[test]
    fn two_sales_never_earn_more_than_one_of_both(a in 0i64..100_000, b in 0i64..100_000) {
        let rules = five();
        prop_assert!(points(&rules, a) + points(&rules, b) <= points(&rules, a + b));
    }
}
