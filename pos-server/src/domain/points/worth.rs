//! What points are worth, and the parts of them that go with parts of a sale.

use super::rules::Worth;

/// Millisatoshi in a satoshi.
const SAT: i128 = 1_000;

/// A price of bitcoin: so many millisatoshi for so many minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Minor units, above zero.
    pub minor: i64,
    /// What they come to, above zero.
    pub msat: i64,
}

/// What points pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// So many of them.
    pub points: i64,
    /// Minor units that they pay.
    pub minor: i64,
}

/// What `have` points pay of `due` minor units: all of it with as few as do, or as much as they can.
/// The last point counts whole, for the shop; a part that they cannot pay is rounded down. With a worth
/// in satoshi `price` is what `due` comes to. Nothing without a price, or if they pay nothing.
#[must_use]
pub fn pays(worth: Worth, price: Option<Price>, due: i64, have: i64) -> Option<Paid> {
    if due <= 0 || have <= 0 {
        return None;
    }
    // One point, and the sum, in the same small parts.
    let (due_parts, point) = match worth {
        Worth::Minor(minor) => (i128::from(due), i128::from(minor)),
        Worth::Sat(sat) => {
            let price = price.filter(|price| price.minor == due && price.msat > 0)?;
            (i128::from(price.msat), i128::from(sat) * SAT)
        }
    };
    if point <= 0 {
        return None;
    }
    let needed = (due_parts + point - 1) / point;
    if needed <= i128::from(have) {
        return Some(Paid { points: i64::try_from(needed).ok()?, minor: due });
    }
    let minor = i128::from(have).checked_mul(point)?.checked_mul(i128::from(due))? / due_parts;
    let minor = i64::try_from(minor).ok()?.min(due);
    (minor > 0).then_some(Paid { points: have, minor })
}

/// What is earned of `points` when `by_points` of `total` minor units were paid in points, which earn
/// nothing: the rest's share, rounded down.
#[must_use]
pub fn share(points: i64, total: i64, by_points: i64) -> i64 {
    let rest = total.saturating_sub(by_points.max(0)).max(0);
    part(points, rest, total)
}

/// How many of `points` are taken back in all when `refunded` of `total` minor units went back: their
/// share, rounded down; all of them once all of it went back.
#[must_use]
pub fn taken_back(points: i64, total: i64, refunded: i64) -> i64 {
    part(points, refunded.max(0), total)
}

fn part(points: i64, of: i64, whole: i64) -> i64 {
    if whole <= 0 || of >= whole {
        return points;
    }
    let part = i128::from(points) * i128::from(of) / i128::from(whole);
    i64::try_from(part).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_pay_all_with_as_few_as_do_or_a_part() {
        let paid = |due, have| pays(Worth::Minor(100), None, due, have);
        assert_eq!(paid(1_000, 50), Some(Paid { points: 10, minor: 1_000 }));
        assert_eq!(paid(1_001, 50), Some(Paid { points: 11, minor: 1_001 }), "the last one whole");
        assert_eq!(paid(1_001, 10), Some(Paid { points: 10, minor: 1_000 }));
        assert_eq!((paid(0, 5), paid(5, 0)), (None, None));
    }

    #[test]
    fn a_worth_in_satoshi_wants_the_price_of_just_that_sum() {
        let price = |minor, msat| Some(Price { minor, msat });
        let paid = |price, due, have| pays(Worth::Sat(10), price, due, have);
        // 1,000 minor units are 250 sats: 25 points of ten.
        assert_eq!(paid(price(1_000, 250_000), 1_000, 30), Some(Paid { points: 25, minor: 1_000 }));
        assert_eq!(paid(price(1_000, 250_000), 1_000, 5), Some(Paid { points: 5, minor: 200 }));
        assert_eq!(paid(None, 1_000, 30), None, "never a guess");
        assert_eq!(paid(price(999, 250_000), 1_000, 30), None);
        // A unit of the currency that is worth more than all of them.
        assert_eq!(paid(price(1, 900_000), 1, 5), None);
    }

    proptest! {
        #[test]
        fn what_is_paid_is_never_more_than_is_due_or_than_there_is(
            worth in 1i64..10_000, due in 1i64..1_000_000, have in 0i64..100_000, sat in any::<bool>(),
            msat in 1i64..1_000_000_000,
        ) {
            let (worth, price) = if sat {
                (Worth::Sat(worth), Some(Price { minor: due, msat }))
            } else {
                (Worth::Minor(worth), None)
            };
            if let Some(paid) = pays(worth, price, due, have) {
                prop_assert!(paid.minor <= due && paid.minor > 0);
                prop_assert!(paid.points <= have && paid.points > 0);
                prop_assert!(paid.minor == due || paid.points == have);
            }
        }

        #[test]
        fn parts_of_a_refund_never_take_more_than_the_whole(
            points in 0i64..1_000_000, total in 1i64..1_000_000,
            parts in prop::collection::vec(1i64..1_000_000, 1..8),
        ) {
            let (mut refunded, mut before) = (0, 0);
            for part in parts {
                refunded = (refunded + part).min(total);
                let now = taken_back(points, total, refunded);
                prop_assert!(now >= before && now <= points);
                before = now;
            }
            prop_assert_eq!(taken_back(points, total, total), points);
            prop_assert_eq!(share(points, total, 0), points);
            prop_assert_eq!(share(points, total, total), 0);
            prop_assert!(share(points, total, refunded) + before <= points);
        }
    }
}
