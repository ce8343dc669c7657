//! Makes a receipt of the rows of a sale. Pure.

use super::money::{owed, tenders};
use super::{Cash, Line, Receipt, Row, State, local, number};
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::cart::{Discount, Priced, TaxSum};
use crate::domain::currency::Currency;

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
}

/// What the receipt of a sale says. Its own page is at `public_url`, which ends without a slash.
pub fn say(rows: &Rows, public_url: &str) -> Result<Receipt, DbError> {
    let Rows { sale, store, till, .. } = rows;
    let currency = sale.currency()?;
    let plain = |minor| currency.write_plain(minor);
    let priced: Priced = serde_json::from_str(&sale.cart)
        .map_err(|_| DbError::Unreadable(format!("cart of sale {}", sale.id)))?;
    let (at, zone) = (moment(sale), store.time_zone.as_str());
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
        when: local::full(at, zone),
        date: local::date(at, zone),
        time: local::time(at, zone),
        lines: lines(&priced, &currency),
        discount: discount(&priced, &currency),
        taxes_added: taxes(false),
        taxes_included: taxes(true),
        tip: (sale.tip > 0).then(|| Row::new(format!("Tip for {}", sale.staff_name), plain(sale.tip))),
        rounding: (sale.rounding != 0).then(|| Row::new("Rounded to coins", plain(sale.rounding))),
        total: currency.write(sale.total.saturating_add(sale.rounding)),
        tenders: tenders(rows, &currency)?,
        cash: cash.then(|| Cash { received: plain(sale.tendered), change: plain(sale.change_given) }),
        due: (sale.state == "open").then(|| currency.write(sale.due())),
        owed: owed(rows, &currency)?,
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

/// A class that no tax is on is named only beside others.
fn taxes(sums: &[TaxSum], store: &Store, currency: &Currency, inclusive: bool) -> Vec<Row> {
    let name = if store.tax_name.is_empty() { "Tax" } else { store.tax_name.as_str() };
    let said = |sum: &&TaxSum| {
        sum.class.inclusive == inclusive && (sum.class.bp > 0 || sums.len() > 1)
    };
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
