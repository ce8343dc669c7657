//! Cash: rounding to the smallest coin, and change.

/// How cash is rounded in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashRule {
    /// The smallest coin in minor units; 1 for no rounding.
    pub step: i64,
    /// Half a coin goes up, else down.
    pub tie_up: bool,
}

/// What the cash on the counter does to a sale; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashTaken {
    /// Added to the total (or taken off, below zero) so that it comes out in coins.
    pub rounding: i64,
    /// Paid to the sale.
    pub credited: i64,
    /// Handed back.
    pub change: i64,
}

impl CashRule {
    /// `due` in coins that exist; never below zero.
    #[must_use]
    pub fn round(self, due: i64) -> i64 {
        let step = self.step.max(1);
        let below = due - due.rem_euclid(step);
        let over = due - below;
        let up = 2 * over > step || (2 * over == step && self.tie_up);
        if up { below.saturating_add(step) } else { below }
    }

    /// Takes `received` for `due`. Enough closes the sale, rounded, and gives change; less is a
    /// part payment, unrounded, and gives none. What is due exactly is enough, though its coins
    /// would be more.
    #[must_use]
    pub fn take(self, due: i64, received: i64) -> CashTaken {
        let rounded = self.round(due);
        if received >= rounded.min(due) {
            let credited = received.min(rounded);
            CashTaken { rounding: credited - due, credited, change: received - credited }
        } else {
            CashTaken { rounding: 0, credited: received, change: 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forty_nine_cents_go_down_and_fifty_go_up_in_jamaica() {
        let rule = CashRule { step: 100, tie_up: true };
        assert_eq!(rule.round(80_049), 80_000);
        assert_eq!(rule.round(80_050), 80_100);
        assert_eq!(CashRule { tie_up: false, ..rule }.round(80_050), 80_000);
        let taken = rule.take(80_049, 100_000);
        assert_eq!(taken, CashTaken { rounding: -49, credited: 80_000, change: 20_000 });
        let exact = rule.take(80_060, 80_070);
        assert_eq!(exact, CashTaken { rounding: 10, credited: 80_070, change: 0 });
        let part = rule.take(80_049, 50_000);
        assert_eq!(part, CashTaken { rounding: 0, credited: 50_000, change: 0 });
    }

    proptest! {
        #[test]
        fn rounding_is_never_more_than_half_a_coin(due in 0i64..1_000_000_000, step in 1i64..1000) {
            let rounded = CashRule { step, tie_up: true }.round(due);
            prop_assert_eq!(rounded % step, 0);
            prop_assert!(2 * (rounded - due).abs() <= step);
        }

        #[test]
        fn what_is_handed_over_is_credited_or_handed_back(
            due in 1i64..1_000_000, received in 0i64..2_000_000, step in 1i64..1000
        ) {
            let taken = CashRule { step, tie_up: true }.take(due, received);
            prop_assert_eq!(taken.credited + taken.change, received);
            prop_assert!(taken.credited <= due + taken.rounding, "more than is due: {:?}", taken);
            prop_assert!(2 * taken.rounding.abs() <= step);
            if taken.credited < due + taken.rounding {
                prop_assert_eq!((taken.change, taken.rounding), (0, 0));
            }
        }
    }
}
