//! One price out of several: the median, without those far from it. Pure.
//!
//! Invariants, each tested below: the order of the prices does not matter; a result lies within
//! 1 % of the median of all and is backed by at least two that agree within 1 %; one liar among
//! four honest sources never moves it by 1 %; nothing is ever made of two that disagree.

use rust_decimal::Decimal;

/// Prices further than this from the median are dropped, and two must be this near: percent.
pub(super) const NEAR_PERCENT: Decimal = Decimal::ONE;

/// The middle of the prices that agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Middle {
    /// The price.
    pub(super) value: Decimal,
    /// Which of the prices made it, as places in the list; the others lie too far away.
    pub(super) used: Vec<usize>,
    /// The median of all, from which the distance of the others is measured.
    pub(super) median: Decimal,
}

/// Why there is no middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoMiddle {
    /// No price at all.
    Nothing,
    /// One price, and one is not enough.
    Alone,
    /// Several, and no two agree.
    Disagree,
}

/// Combines positive prices. `one_is_enough` lets a single price stand; it never picks between
/// prices that disagree.
pub(super) fn middle(prices: &[Decimal], one_is_enough: bool) -> Result<Middle, NoMiddle> {
    let median = median(prices).ok_or(NoMiddle::Nothing)?;
    if prices.len() == 1 && !one_is_enough {
        return Err(NoMiddle::Alone);
    }
    let used: Vec<usize> =
        (0..prices.len()).filter(|&place| near(prices[place], median, median)).collect();
    let mut kept: Vec<Decimal> = used.iter().map(|&place| prices[place]).collect();
    kept.sort();
    let two_agree = kept.windows(2).any(|two| near(two[0], two[1], two[0]));
    if prices.len() > 1 && !two_agree {
        return Err(NoMiddle::Disagree);
    }
    let value = self::median(&kept).ok_or(NoMiddle::Disagree)?;
    Ok(Middle { value, used, median })
}

/// How far `price` lies from `from`, in percent with at most one decimal, without sign.
pub(super) fn percent_from(price: Decimal, from: Decimal) -> Decimal {
    let share = (price - from).abs().checked_mul(Decimal::ONE_HUNDRED);
    let percent = share.and_then(|share| share.checked_div(from));
    percent.unwrap_or(Decimal::ONE_HUNDRED).round_dp(1).normalize()
}

fn near(a: Decimal, b: Decimal, of: Decimal) -> bool {
    (a - b).abs() * Decimal::ONE_HUNDRED <= of * NEAR_PERCENT
}

fn median(prices: &[Decimal]) -> Option<Decimal> {
    let mut sorted = prices.to_vec();
    sorted.sort();
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some((sorted[half - 1] + upper) / Decimal::TWO)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(prices: &[i64]) -> Result<Middle, NoMiddle> {
        middle(&prices.iter().map(|&price| price.into()).collect::<Vec<_>>(), false)
    }

    #[test]
    fn a_liar_among_four_is_dropped() {
        let middle = of(&[77_000, 30_800, 77_020, 77_040]).unwrap();
        assert_eq!(middle.used, [0, 2, 3]);
        assert_eq!(middle.value, Decimal::from(77_020));
    }

    #[test]
    fn two_must_agree_within_one_percent() {
        assert_eq!(of(&[77_000, 77_770]).unwrap().value, Decimal::from(77_385));
        // 1.5 % apart: each within 1 % of their mean, and still they disagree.
        assert_eq!(of(&[77_000, 78_155]), Err(NoMiddle::Disagree));
        assert_eq!(of(&[75_000, 77_000, 79_000]), Err(NoMiddle::Disagree));
        assert_eq!(of(&[90_000, 99_300, 100_700, 110_000]), Err(NoMiddle::Disagree));
        assert_eq!(of(&[77_000]), Err(NoMiddle::Alone));
        assert_eq!(of(&[]), Err(NoMiddle::Nothing));
    }

    #[test]
    fn one_is_enough_never_chooses_between_two() {
        let alone = middle(&[Decimal::from(77_000)], true).unwrap();
        assert_eq!(alone.value, Decimal::from(77_000));
        let two = [Decimal::from(77_000), Decimal::from(30_800)];
        assert_eq!(middle(&two, true), Err(NoMiddle::Disagree));
    }

    fn price() -> impl Strategy<Value = Decimal> {
        (100_000i64..10_000_000_000).prop_map(|cents| Decimal::new(cents, 2))
    }

    /// Honest prices lie within 0.4 % of the true one.
    fn honest(count: usize) -> impl Strategy<Value = (Decimal, Vec<Decimal>)> {
        let offsets = proptest::collection::vec(-40i64..=40, count);
        (price(), offsets).prop_map(|(truth, offsets)| {
            let off = |offset: i64| truth + truth * Decimal::new(offset, 4);
            (truth, offsets.into_iter().map(off).collect())
        })
    }

    proptest! {
        #[test]
        fn one_liar_among_four_never_moves_the_price_by_one_percent(
            (truth, mut prices) in honest(3), lie in price(), place in 0usize..=3
        ) {
            let (low, high) = (*prices.iter().min().unwrap(), *prices.iter().max().unwrap());
            prices.insert(place, lie);
            let value = middle(&prices, false).unwrap().value;
            prop_assert!(low <= value && value <= high);
            prop_assert!((value - truth).abs() * Decimal::ONE_HUNDRED < truth);
        }

        #[test]
        fn the_order_does_not_matter(
            (prices, shuffled) in proptest::collection::vec(price(), 0..6)
                .prop_flat_map(|prices| (Just(prices.clone()), Just(prices).prop_shuffle())),
            enough in any::<bool>()
        ) {
            let value = |prices: &[Decimal]| middle(prices, enough).map(|middle| middle.value);
            prop_assert_eq!(value(&prices), value(&shuffled));
        }

        #[test]
        fn every_result_is_backed_by_two_that_agree(
            (truth, near) in honest(2), wild in proptest::collection::vec(price(), 0..4)
        ) {
            let prices: Vec<Decimal> = near.into_iter().chain(wild).collect();
            if let Ok(middle) = middle(&prices, false) {
                let kept: Vec<Decimal> = middle.used.iter().map(|&place| prices[place]).collect();
                prop_assert!(kept.len() >= 2);
                prop_assert!(kept.iter().min() <= Some(&middle.value));
                prop_assert!(kept.iter().max() >= Some(&middle.value));
                prop_assert!(percent_from(middle.value, middle.median) <= Decimal::ONE);
            } else {
                prop_assert!(prices.len() > 2, "two honest prices near {truth} always do");
            }
        }

        #[test]
        fn more_of_the_same_price_is_that_price(price in price(), count in 2usize..6) {
            prop_assert_eq!(middle(&vec![price; count], false).unwrap().value, price);
        }
    }
}
