//! Makes a receipt of the rows of a sale. Pure.

use super::money::{owed, tenders};
use super::{Cash, Line, Receipt, Row, State, number};
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::points::PointsMove;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::cart::{Discount, Priced, TaxSum};
use crate::domain::currency::Currency;
use crate::domain::local::Local;
use crate::domain::time::Time;

/// What the database knows of a sale.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The sale.
    pub sale: Sale,
    /// Where it was made.
    pub store: Store,
    /// On which till.
    pub till: Till,
    /// The tries to collect it.
    pub attempts: Vec<Attempt>,
    /// What arrived for it.
    pub payments: Vec<Payment>,
    /// What happened to it.
    pub events: Vec<Event>,
    /// What it moved of a card's points, the oldest first.
    pub points: Vec<PointsMove>,
}

/// What the receipt of a sale says. Its own page is at `public_url`, which ends without a slash.
pub fn say(rows: &Rows, public_url: &str) -> Result<Receipt, DbError> {
    let Rows { sale, store, till, .. } = rows;
    let currency = sale.currency()?;
    let plain = |minor| currency.write_plain(minor);
    let priced: Priced = serde_json::from_str(&sale.cart)
        .map_err(|_| DbError::Unreadable(format!("cart of sale {}", sale.id)))?;
    let (at, local) = (moment(sale), Local::new(&store.time_zone));
    let state = State::of(sale, &rows.attempts);
    let cash = rows.payments.iter().any(|payment| payment.rail == "cash");
    let taxes = |inclusive| taxes(&priced.taxes, store, &currency, inclusive);
    let path = format!("/r/{}", sale.receipt_token);
    Ok(Receipt {
        shop: store.name.clone(),
        address: filled(&store.address),
        tax_number: tax_number(store),
        state,
        practice: sale.money == "practice",
        number: sale.receipt_number.map(|paid| number(&till.prefix, paid)),
        till: till.name.clone(),
        cashier: sale.staff_name.clone(),
        at: Time(at),
        when: local.full(at),
        date: local.day(at),
        time: local.time(at),
        lines: lines(&priced, &currency),
        discount: discount(&priced, &currency),
        taxes_added: taxes(false),
        taxes_included: taxes(true),
        tip: (sale.tip > 0)
            .then(|| Row::new(format!("Tip for {}", sale.staff_name), plain(sale.tip))),
        rounding: (sale.rounding != 0).then(|| Row::new("Rounded to coins", plain(sale.rounding))),
        total: currency.write(sale.total.saturating_add(sale.rounding)),
        tenders: tenders(rows, &currency)?,
        cash: cash
            .then(|| Cash { received: plain(sale.tendered), change: plain(sale.change_given) }),
        due: (sale.state == "open").then(|| currency.write(sale.due())),
        owed: owed(rows, &currency)?,
        points: points(&rows.points),
        url: format!("{public_url}{path}"),
        path,
        footer: filled(&store.receipt_footer).into_iter().reduce(|all, line| all + " " + &line),
    })
}

/// The moment that a receipt is of: when it was closed, else when it was opened.
pub(super) fn moment(sale: &Sale) -> i64 {
    sale.closed_ms.unwrap_or(sale.opened_ms)
}

fn lines(priced: &Priced, currency: &Currency) -> Vec<Line> {
    let line = |line: &crate::domain::cart::Line| Line {
        quantity: line.quantity,
        name: line.name.clone(),
        note: line.note.clone(),
        amount: currency.write_plain(line.unit.saturating_mul(line.quantity)),
    };
    priced.lines.iter().map(line).collect()
}

fn discount(priced: &Priced, currency: &Currency) -> Option<Row> {
    let amount = currency.write_plain(priced.discounted.checked_neg().filter(|off| *off != 0)?);
    Some(match priced.discount {
        Some(Discount::PercentBp(bp)) => Row::new(format!("Discount {}", percent(bp)), amount),
        _ => Row::new("Discount", amount),
    })
}

/// Points earned and spent, what was taken back left out, and what the card held after it.
fn points(moves: &[PointsMove]) -> Vec<Row> {
    let sum = |kinds: &[&str]| -> i64 {
        let of = moves.iter().filter(|one| kinds.contains(&one.kind.as_str()));
        of.fold(0i64, |sum, one| sum.saturating_add(one.points))
    };
    let earned = sum(&["earned"]).saturating_sub(sum(&["taken_back", "refunded"]));
    let spent = sum(&["spent"]).saturating_sub(sum(&["returned"]));
    let row = |label: &str, points: i64| Row::new(label, points.to_string());
    let mut rows = Vec::new();
    if spent > 0 {
        rows.push(Row::new("Points spent", format!("−{spent}")));
    }
    if earned > 0 {
        rows.push(row("Points earned", earned));
    }
    let after = moves.last().filter(|_| !rows.is_empty()).map(|last| last.held);
    rows.extend(after.map(|held| row("Points on the card then", held)));
    rows
}

/// A class that no tax is on is named only beside others.
fn taxes(sums: &[TaxSum], store: &Store, currency: &Currency, inclusive: bool) -> Vec<Row> {
    let name = if store.tax_name.is_empty() { "Tax" } else { store.tax_name.as_str() };
    let said =
        |sum: &&TaxSum| sum.class.inclusive == inclusive && (sum.class.bp > 0 || sums.len() > 1);
    let how = if inclusive { "included" } else { "added" };
    let row = |sum: &TaxSum| {
        let label = format!("{name} {}, {how}", percent(sum.class.bp));
        Row::new(label, currency.write_plain(sum.tax))
    };
    sums.iter().filter(said).map(row).collect()
}

/// The number as printed, with what it is of unless it says so itself.
fn tax_number(store: &Store) -> Option<String> {
    let number = store.tax_number.trim();
    if number.is_empty() {
        return None;
    }
    if store.tax_name.is_empty() || number.starts_with(char::is_alphabetic) {
        return Some(number.to_owned());
    }
    Some(format!("{} no. {number}", store.tax_name))
}

fn filled(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Hundredths of a percent: `15%`, `12.5%`.
fn percent(bp: i64) -> String {
    rust_decimal::Decimal::new(bp, 2).normalize().to_string() + "%"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample::{self, line};
    use super::{Discount, PointsMove, Receipt, Row, Rows, State, say};
    use crate::domain::cart::{Line, TaxClass, price};

    fn written(rows: &[Row]) -> Vec<String> {
        rows.iter().map(|row| format!("{} = {}", row.label, row.amount)).collect()
    }

    fn said(rows: &Rows) -> Receipt {
        say(rows, sample::URL).unwrap()
    }

    #[test]
    fn the_picture_is_said_in_words() {
        let receipt = said(&sample::rows());
        assert_eq!(
            receipt.head().collect::<Vec<_>>(),
            ["14 Hope Road, Kingston 6", "876-555-0142", "GCT no. 001-234-567"]
        );
        assert_eq!(receipt.number.as_deref(), Some("C1-01043"));
        assert_eq!((receipt.till.as_str(), receipt.cashier.as_str()), ("Counter 1", "Keisha"));
        assert_eq!(receipt.when, "Saturday 21 November 2026, 12:43");
        assert_eq!(
            written(&receipt.above()),
            [
                "2 Flat white, Oat milk = 1,500.00",
                "1 Jerk chicken sandwich = 1,450.00",
                "2 Coco bread = 400.00",
                "1 Pour-over, Blue Mountain = 1,100.00",
                "Discount 10% = −445.00",
                "Tip for Keisha = 400.50",
            ]
        );
        assert_eq!(receipt.total, "J$4,405.50");
        assert_eq!(
            written(&receipt.below()),
            [
                "GCT 15%, included = 522.39",
                "Cash = 2,000.00",
                "Cash received = 2,500.00",
                "Change = 500.00",
                "Lightning, 14,595 sats = 2,405.50",
                "1 BTC = J$16,482,350.00",
                "Middle of 3 sources = 12:42:48",
            ]
        );
        let proofs = receipt.proofs();
        assert_eq!(proofs.len(), 1);
        assert_eq!(proofs[0].hash, sample::HASH);
        assert_eq!(
            written(&proofs[0].legs),
            [
                "BTC/USD: Bitstamp, Coinbase, Kraken, 12:42:48 = 102,937.5",
                "USD/JMD: Bank of Jamaica, 20 Nov 2026 = 160.12",
            ]
        );
        assert_eq!(receipt.url, "https://pos.example/r/00112233445566778899aabbccddeeff");
        assert_eq!(receipt.invitation(), "Scan for this receipt and its proof.");
        assert_eq!((receipt.due, receipt.practice), (None, false));
    }

    #[test]
    fn what_staff_call_a_sale_stays_with_them() {
        let receipt = said(&sample::rows());
        assert!(!format!("{receipt:?}").contains("loud table"), "{receipt:?}");
    }

    #[test]
    fn what_adds_up_to_the_total_stands_above_it() {
        let mut rows = sample::rows();
        let added = TaxClass { bp: 1250, inclusive: false };
        let free = TaxClass { bp: 0, inclusive: true };
        let lines = vec![
            Line { tax: added, ..line("Lamp", "", 100_000, 1) },
            Line { tax: free, ..line("Book", "", 50_000, 1) },
        ];
        let cart = price(lines, Some(Discount::Amount(10_000))).unwrap();
        rows.sale.cart = serde_json::to_string(&cart).unwrap();
        (rows.sale.tip, rows.sale.total, rows.sale.rounding) = (0, 151_667, 33);
        let receipt = said(&rows);
        assert_eq!(
            written(&receipt.above()),
            [
                "1 Lamp = 1,000.00",
                "1 Book = 500.00",
                "Discount = −100.00",
                "GCT 12.5%, added = 116.67",
                "Rounded to coins = 0.33",
            ]
        );
        assert_eq!(receipt.total, "J$1,517.00");
        assert_eq!(written(&receipt.taxes_included), ["GCT 0%, included = 0.00"]);
    }

    #[test]
    fn an_untaxed_sale_says_nothing_of_tax() {
        let mut rows = sample::rows();
        let free = TaxClass { bp: 0, inclusive: true };
        let cart = price(vec![Line { tax: free, ..line("Book", "", 50_000, 1) }], None).unwrap();
        rows.sale.cart = serde_json::to_string(&cart).unwrap();
        rows.store.tax_number = "TRN 001-234-567".into();
        let receipt = said(&rows);
        assert!(receipt.taxes_included.is_empty() && receipt.taxes_added.is_empty());
        assert_eq!(receipt.tax_number.as_deref(), Some("TRN 001-234-567"));
    }

    #[test]
    fn what_is_not_paid_is_no_receipt() {
        let mut rows = sample::rows();
        rows.sale.state = "open".into();
        (rows.sale.credited, rows.sale.receipt_number) = (200_000, None);
        rows.payments.truncate(1);
        let receipt = said(&rows);
        assert_eq!(receipt.state.warning(), Some("This is not a receipt: not paid yet"));
        assert_eq!(receipt.due.as_deref(), Some("J$2,405.50"));
        assert_eq!((receipt.number.as_deref(), receipt.title().as_str()), (None, "Not paid yet"));
        assert_eq!(receipt.invitation(), "Scan to see how it stands.");
        rows.attempts[1].state = "unknown".into();
        assert_eq!(said(&rows).state, State::Unknown);
        rows.sale.state = "voided".into();
        assert_eq!(
            said(&rows).state.warning(),
            Some("This is not a receipt: the sale was cancelled")
        );
    }

    #[test]
    fn points_stand_below_what_was_paid_with_what_is_left_of_them() {
        let mut rows = sample::rows();
        let moved = |kind: &str, points, held| PointsMove {
            id: String::new(),
            card_id: "card".into(),
            money: "practice".into(),
            merchant_id: rows.sale.merchant_id.clone(),
            store_id: rows.sale.store_id.clone(),
            kind: kind.into(),
            reference: String::new(),
            sale_id: Some(rows.sale.id.to_string()),
            points,
            held,
            owed: 0,
            who: String::new(),
            at_ms: sample::AT,
        };
        let moves = vec![moved("spent", 25, 75), moved("earned", 12, 87)];
        let undone = moved("taken_back", 12, 75);
        rows.points = moves.clone();
        let below = written(&said(&rows).below());
        assert_eq!(
            below[below.len() - 3..],
            ["Points spent = −25", "Points earned = 12", "Points on the card then = 87"]
        );
        rows.points = [moves, vec![undone]].concat();
        let below = written(&said(&rows).below());
        assert_eq!(
            below[below.len() - 2..],
            ["Points spent = −25", "Points on the card then = 75"]
        );
    }

    #[test]
    fn practice_stays_practice_when_the_store_turns_real() {
        let mut rows = sample::rows();
        rows.sale.money = "practice".into();
        assert!(said(&rows).practice);
    }
}
