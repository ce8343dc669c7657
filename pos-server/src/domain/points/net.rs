//! What of a sale counts for points: the goods after the discount, without the tip.

use std::collections::BTreeMap;

use crate::domain::cart::{Line, Priced, WHOLE_BP};

/// What a line counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The item, unless it was an amount from the keypad.
    pub item: Option<String>,
    /// Its category, if it has one.
    pub category: Option<String>,
    /// Minor units.
    pub net: i64,
}

/// What the lines of a sale count for, with the tax or without. Each line's discount is its part of the
/// whole as on the receipt; its tax is rounded half up by itself. `categories` names each item's.
#[must_use]
pub fn counted(
    priced: &Priced,
    with_tax: bool,
    categories: &BTreeMap<String, String>,
) -> Vec<Counted> {
    let gross_of = |line: &Line| i128::from(line.unit) * i128::from(line.quantity);
    let (gross, off) = (i128::from(priced.gross), i128::from(priced.discounted));
    let part = |sum: i128| if gross == 0 { 0 } else { sum * off / gross };
    let mut before = 0i128;
    let mut counted = Vec::with_capacity(priced.lines.len());
    for line in &priced.lines {
        let after = before + gross_of(line);
        let net = gross_of(line) - (part(after) - part(before));
        before = after;
        let net = i64::try_from(net - tax_off(line, net, with_tax)).unwrap_or(0).max(0);
        let category = line.item.as_ref().and_then(|item| categories.get(item)).cloned();
        counted.push(Counted { item: line.item.clone(), category, net });
    }
    counted
}

/// What is to be taken off a line for its tax; below zero where tax comes on top and counts.
fn tax_off(line: &Line, net: i128, with_tax: bool) -> i128 {
    let (bp, whole) = (i128::from(line.tax.bp), i128::from(WHOLE_BP));
    let half_up = |over: i128, under: i128| (2 * over + under) / (2 * under);
    match (line.tax.inclusive, with_tax) {
        (true, false) => half_up(net * bp, whole + bp),
        (false, true) => -half_up(net * bp, whole),
        _ => 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::cart::{Discount, TaxClass, price};
    use proptest::prelude::*;

    fn line(unit: i64, quantity: i64, bp: i64, inclusive: bool) -> Line {
        let tax = TaxClass { bp, inclusive };
        Line { item: None, name: "Tea".into(), note: String::new(), unit, quantity, tax }
    }

    fn nets(priced: &Priced, with_tax: bool) -> Vec<i64> {
        counted(priced, with_tax, &BTreeMap::new()).into_iter().map(|one| one.net).collect()
    }

    #[test]
    fn the_discount_is_off_and_the_tax_counts_only_if_the_merchant_says_so() {
        let lines = vec![line(11_500, 1, 1_500, true), line(10_000, 1, 1_500, false)];
        let priced = price(lines.clone(), None).unwrap();
        assert_eq!(nets(&priced, false), [10_000, 10_000]);
        assert_eq!(nets(&priced, true), [11_500, 11_500]);
        let half = price(lines, Some(Discount::PercentBp(5_000))).unwrap();
        assert_eq!(nets(&half, false), [5_000, 5_000]);
    }

    #[test]
    fn an_item_brings_its_category() {
        let mut tea = line(100, 1, 0, true);
        tea.item = Some("tea".into());
        let priced = price(vec![tea, line(50, 1, 0, true)], None).unwrap();
        let drinks = BTreeMap::from([("tea".to_owned(), "drinks".to_owned())]);
        let found = counted(&priced, false, &drinks);
        assert_eq!(found[0].category.as_deref(), Some("drinks"));
        assert_eq!(found[1], Counted { item: None, category: None, net: 50 });
    }

    proptest! {
        #[test]
        fn with_its_tax_a_sale_counts_for_its_bill_to_a_unit_a_line(
            lines in prop::collection::vec((1i64..1_000_000, 1i64..9, 0i64..3, any::<bool>()), 1..20),
            off in 0i64..=10_000,
        ) {
            let lines: Vec<Line> = lines.into_iter()
                .map(|(unit, quantity, rate, inclusive)| line(unit, quantity, rate * 750, inclusive))
                .collect();
            let priced = price(lines, Some(Discount::PercentBp(off))).unwrap();
            let sum: i64 = nets(&priced, true).iter().sum();
            let loose = i64::try_from(priced.lines.len()).unwrap();
            prop_assert!((sum - priced.bill).abs() <= loose, "{sum} of {}", priced.bill);
            let tax: i64 = priced.taxes.iter().map(|sum| sum.tax).sum();
            let plain: i64 = nets(&priced, false).iter().sum();
            prop_assert!((plain - (priced.bill - tax)).abs() <= loose);
            prop_assert!(plain <= sum);
        }
    }
}
