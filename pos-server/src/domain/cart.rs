//! What is being sold, and what it costs. The page computes the same numbers before it asks
//! (`cart.js`); `tests/vectors/cart.json` holds both to one result.

use serde::{Deserialize, Serialize};

use super::money::MoneyError;

/// At most this many of one thing.
pub const QUANTITY_MAX: i64 = 9_999;
/// At most this many lines in a cart.
pub const LINES_MAX: usize = 200;
/// One whole, in hundredths of a percent.
pub const WHOLE_BP: i64 = 10_000;

/// How a line is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaxClass {
    /// Rate in hundredths of a percent.
    pub bp: i64,
    /// True when the price holds the tax.
    pub inclusive: bool,
}

/// A line, its price known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The item's id, none for an amount from the keypad.
    pub item: Option<String>,
    /// What it is.
    pub name: String,
    /// A remark: `Oat milk`.
    pub note: String,
    /// Price of one, minor units.
    pub unit: i64,
    /// How many.
    pub quantity: i64,
    /// How it is taxed.
    pub tax: TaxClass,
}

/// A discount on the whole sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// Hundredths of a percent, at most the whole.
    PercentBp(i64),
    /// Minor units; no more than the goods cost is taken off.
    Amount(i64),
}

/// The tip a customer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tip {
    /// None.
    None,
    /// Hundredths of a percent of the bill.
    PercentBp(i64),
    /// Minor units.
    Amount(i64),
}

/// The tax on all lines of one class, after the discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSum {
    /// Which class.
    pub class: TaxClass,
    /// What the goods of the class cost on the shelf, less their part of the discount.
    pub net: i64,
    /// The tax: within `net` when inclusive, on top when not.
    pub tax: i64,
}

/// A cart with its prices worked out; minor units throughout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// The lines as sold.
    pub lines: Vec<Line>,
    /// The discount as asked for.
    pub discount: Option<Discount>,
    /// Shelf prices added up.
    pub gross: i64,
    /// What the discount takes off.
    pub discounted: i64,
    /// The tax by class.
    pub taxes: Vec<TaxSum>,
    /// What the goods cost, all taxes in.
    pub bill: i64,
}

/// Why a cart cannot be sold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CartError {
    /// There is nothing to charge.
    #[error("Add something first")]
    Empty,
    /// Too many lines.
    #[error("That is more than {LINES_MAX} lines. Make two sales of it.")]
    TooManyLines,
    /// A quantity of nothing, or of too many.
    #[error("“{0}”: the quantity must be between 1 and {QUANTITY_MAX}")]
    Quantity(String),
    /// A price of zero or less on the keypad, or below zero anywhere.
    #[error("“{0}”: the amount must be more than zero")]
    Price(String),
    /// A discount below zero or above the whole.
    #[error("A discount is between nothing and everything")]
    Discount,
    /// A tip below zero or beyond sense.
    #[error("The tip must be between nothing and ten times the bill")]
    Tip,
    /// Nothing is left to pay after the discount.
    #[error("Nothing is left to charge after the discount")]
    Nothing,
    /// Above the store's limit for one sale.
    #[error("This is above the limit for one sale in this store")]
    AboveCap,
    /// Too large to count.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// `numerator / denominator`, half a unit rounded up; for zero or more.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator) / (2 * denominator)
}

fn small(amount: i128) -> Result<i64, CartError> {
    i64::try_from(amount).map_err(|_| CartError::Money(MoneyError::TooLarge))
}

/// Works out what a cart costs.
pub fn price(lines: Vec<Line>, discount: Option<Discount>) -> Result<Priced, CartError> {
    check(&lines, discount)?;
    let gross_of = |line: &Line| i128::from(line.unit) * i128::from(line.quantity);
    let gross: i128 = lines.iter().map(gross_of).sum();
    // From here on no product of two sums is too large to count.
    small(gross)?;
    let discounted = match discount {
        None => 0,
        Some(Discount::PercentBp(bp)) => half_up(gross * i128::from(bp), i128::from(WHOLE_BP)),
        Some(Discount::Amount(amount)) => i128::from(amount).min(gross),
    };
    let mut taxes: Vec<TaxSum> = Vec::new();
    let mut before = 0i128;
    for line in &lines {
        // Each line's part of the discount is the step of a running sum, so the parts add up.
        let after = before + gross_of(line);
        let part = |sum: i128| if gross == 0 { 0 } else { sum * discounted / gross };
        let net = small(gross_of(line) - (part(after) - part(before)))?;
        before = after;
        match taxes.iter_mut().find(|sum| sum.class == line.tax) {
            Some(sum) => sum.net = sum.net.checked_add(net).ok_or(MoneyError::TooLarge)?,
            None => taxes.push(TaxSum { class: line.tax, net, tax: 0 }),
        }
    }
    let mut bill = 0i128;
    for sum in &mut taxes {
        let (net, bp) = (i128::from(sum.net), i128::from(sum.class.bp));
        let base =
            if sum.class.inclusive { i128::from(WHOLE_BP) + bp } else { i128::from(WHOLE_BP) };
        let tax = half_up(net * bp, base);
        sum.tax = small(tax)?;
        bill += if sum.class.inclusive { net } else { net + tax };
    }
    let bill = small(bill)?;
    Ok(Priced {
        lines,
        discount,
        gross: small(gross)?,
        discounted: small(discounted)?,
        taxes,
        bill,
    })
}

fn check(lines: &[Line], discount: Option<Discount>) -> Result<(), CartError> {
    if lines.is_empty() {
        return Err(CartError::Empty);
    }
    if lines.len() > LINES_MAX {
        return Err(CartError::TooManyLines);
    }
    for line in lines {
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            return Err(CartError::Quantity(line.name.clone()));
        }
        if line.unit < 0 || (line.unit == 0 && line.item.is_none()) {
            return Err(CartError::Price(line.name.clone()));
        }
        if !(0..=WHOLE_BP).contains(&line.tax.bp) {
            return Err(CartError::Price(line.name.clone()));
        }
    }
    match discount {
        Some(Discount::PercentBp(bp)) if !(0..=WHOLE_BP).contains(&bp) => Err(CartError::Discount),
        Some(Discount::Amount(amount)) if amount < 0 => Err(CartError::Discount),
        _ => Ok(()),
    }
}

/// What a tip comes to on a bill; minor units.
pub fn tip_amount(tip: Tip, bill: i64) -> Result<i64, CartError> {
    let amount = match tip {
        Tip::None => 0,
        Tip::PercentBp(bp) if (0..=WHOLE_BP).contains(&bp) => {
            small(half_up(i128::from(bill) * i128::from(bp), i128::from(WHOLE_BP)))?
        }
        Tip::PercentBp(_) => return Err(CartError::Tip),
        Tip::Amount(amount) => amount,
    };
    if amount < 0 || amount > bill.saturating_mul(10) {
        return Err(CartError::Tip);
    }
    Ok(amount)
}

/// Bill and tip, within the store's limit and above nothing.
pub fn total(bill: i64, tip: i64, cap: i64) -> Result<i64, CartError> {
    let total = bill.checked_add(tip).ok_or(MoneyError::TooLarge)?;
    match total {
        total if total <= 0 => Err(CartError::Nothing),
        total if total > cap => Err(CartError::AboveCap),
        total => Ok(total),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(unit: i64, quantity: i64, bp: i64, inclusive: bool) -> Line {
        let tax = TaxClass { bp, inclusive };
        Line { item: None, name: "Tea".into(), note: String::new(), unit, quantity, tax }
    }

    #[test]
    fn the_sale_of_the_picture_comes_out_as_drawn() {
        let gct = |unit, quantity| line(unit, quantity, 1500, true);
        let lines = vec![gct(75_000, 2), gct(145_000, 1), gct(20_000, 2), gct(110_000, 1)];
        let priced = price(lines, Some(Discount::PercentBp(1000))).unwrap();
        assert_eq!((priced.gross, priced.discounted, priced.bill), (445_000, 44_500, 400_500));
        assert_eq!(priced.taxes[0].tax, 52_239);
        assert_eq!(tip_amount(Tip::PercentBp(1000), priced.bill).unwrap(), 40_050);
    }

    #[test]
    fn exclusive_tax_comes_on_top_and_inclusive_does_not() {
        let priced = price(vec![line(1000, 1, 1500, false), line(1000, 1, 1500, true)], None);
        let priced = priced.unwrap();
        assert_eq!(priced.bill, 2150);
        assert_eq!(priced.taxes.iter().map(|sum| sum.tax).collect::<Vec<_>>(), [150, 130]);
    }

    #[test]
    fn senseless_carts_are_refused_in_words() {
        assert_eq!(price(vec![], None), Err(CartError::Empty));
        assert!(matches!(price(vec![line(0, 1, 0, true)], None), Err(CartError::Price(_))));
        assert!(matches!(price(vec![line(-5, 1, 0, true)], None), Err(CartError::Price(_))));
        assert!(matches!(price(vec![line(5, 0, 0, true)], None), Err(CartError::Quantity(_))));
        let huge = price(vec![line(i64::MAX, 9_999, 0, true)], None);
        assert_eq!(huge, Err(CartError::Money(MoneyError::TooLarge)));
        let half = Some(Discount::PercentBp(5_000));
        let huge = price(vec![line(9_000_000_000_000_000_000, 9_999, 0, true)], half);
        assert_eq!(huge, Err(CartError::Money(MoneyError::TooLarge)));
        let all_off = price(vec![line(5, 1, 0, true)], Some(Discount::PercentBp(10_000))).unwrap();
        assert_eq!(total(all_off.bill, 0, 100), Err(CartError::Nothing));
        assert_eq!(total(101, 0, 100), Err(CartError::AboveCap));
        assert_eq!(tip_amount(Tip::Amount(-1), 100), Err(CartError::Tip));
    }

    proptest! {
        #[test]
        fn the_parts_of_a_discount_add_up_and_no_tax_goes_missing(
            lines in prop::collection::vec((0i64..10_000_000, 1i64..50, 0i64..3, any::<bool>()), 1..20),
            bp in 0i64..=10_000
        ) {
            let lines: Vec<Line> = lines.into_iter()
                .map(|(unit, quantity, rate, inclusive)| line(unit + 1, quantity, rate * 750, inclusive))
                .collect();
            let priced = price(lines, Some(Discount::PercentBp(bp))).unwrap();
            let net: i64 = priced.taxes.iter().map(|sum| sum.net).sum();
            prop_assert_eq!(net, priced.gross - priced.discounted);
            let on_top: i64 = priced.taxes.iter().filter(|s| !s.class.inclusive).map(|s| s.tax).sum();
            prop_assert_eq!(priced.bill, net + on_top);
            prop_assert!(priced.taxes.iter().all(|sum| sum.tax >= 0 && sum.tax <= sum.net));
        }
    }
}
