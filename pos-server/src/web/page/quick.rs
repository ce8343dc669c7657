//! Which notes a customer is likely to hand over.

/// The exact amount and up to three that customers hand over for it, in minor units, ascending:
/// rounded up to whole notes of 1 and 5 and their tens, from a tenth of the amount on.
#[must_use]
pub fn quick_amounts(due: i64, scale: i64) -> Vec<i64> {
    let mut amounts = vec![due];
    let mut note = scale.max(1);
    while amounts.len() < 4 && note < due.saturating_mul(5) {
        for step in [note, note.saturating_mul(5)] {
            let rounded = due.checked_add(step - 1).map(|sum| sum / step * step);
            let helps = |rounded: &i64| step >= due / 10 && !amounts.contains(rounded);
            if let Some(rounded) = rounded.filter(helps) {
                amounts.push(rounded);
            }
        }
        note = note.saturating_mul(10);
    }
    amounts.sort_unstable();
    amounts.truncate(4);
    amounts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_round_amounts_are_offered_after_the_exact_one() {
        assert_eq!(quick_amounts(240_600, 100), [240_600, 250_000, 300_000, 500_000]);
        assert_eq!(quick_amounts(80_000, 100), [80_000, 100_000, 500_000]);
        assert_eq!(quick_amounts(1_250, 1), [1_250, 1_500, 2_000, 5_000]);
        assert_eq!(quick_amounts(0, 100), [0]);
        assert_eq!(quick_amounts(i64::MAX, 100).first(), Some(&i64::MAX));
    }
}
