//! What a receipt says, and its forms. `read` fetches the rows of a sale, `say` makes one [`Receipt`]
//! of them, and the pages, the print and the PDF are made of that alone.

mod layout;
mod money;
pub mod paper;
pub mod pdf;
mod pen;
pub mod plain;
pub mod qr;
pub mod read;
mod rows;
#[cfg(test)]
pub(crate) mod sample;
pub mod say;
mod state;
mod wrap;

use crate::domain::time::Time;

pub use paper::Paper;
pub use state::{State, Under};

/// A receipt's number as printed, from its till's prefix and the till's running number: `C1-01043`.
#[must_use]
pub fn number(prefix: &str, number: i64) -> String {
    format!("{prefix}-{number:05}")
}

/// A thing and its amount, both written: `GCT 15%, included` and `522.39`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// How much.
    pub amount: String,
}

impl Row {
    /// A thing and its amount.
    pub fn new(label: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { label: label.into(), amount: amount.into() }
    }
}

/// Everything a receipt says. Amounts, times and sentences are already written; amounts carry the
/// currency's sign only where a field says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The shop's name.
    pub shop: String,
    /// Its address, a line each.
    pub address: Vec<String>,
    /// `TRN 001-234-567`, `GCT no. 001-234-567`.
    pub tax_number: Option<String>,
    /// What became of the sale.
    pub state: State,
    /// Nothing here is real.
    pub practice: bool,
    /// `C1-01043`, once it is paid.
    pub number: Option<String>,
    /// `Counter 1`.
    pub till: String,
    /// `Keisha`.
    pub cashier: String,
    /// When it was closed, or else opened.
    pub at: Time,
    /// `Saturday 21 November 2026, 12:43`: that, on the shop's clock.
    pub when: String,
    /// The same day, short: `21 Nov 2026`.
    pub date: String,
    /// The same time: `12:43`.
    pub time: String,
    /// What was sold.
    pub lines: Vec<Line>,
    /// `Discount 10%` and what it takes off.
    pub discount: Option<Row>,
    /// Taxes that come on top of prices, by class: `GCT 15%, added`.
    pub taxes_added: Vec<Row>,
    /// Taxes within prices, by class: `GCT 15%, included`.
    pub taxes_included: Vec<Row>,
    /// `Tip for Keisha`.
    pub tip: Option<Row>,
    /// What was added, or taken off, so that cash came out in coins.
    pub rounding: Option<Row>,
    /// The whole, rounding and all, with the currency's sign: `J$4,405.50`.
    pub total: String,
    /// How it was paid.
    pub tenders: Vec<Tender>,
    /// The cash on the counter, if there was any.
    pub cash: Option<Cash>,
    /// What is still to pay, with the currency's sign.
    pub due: Option<String>,
    /// Money that arrived and is the payer's.
    pub owed: Vec<Owed>,
    /// Points earned and spent, and what the card held then.
    pub points: Vec<Row>,
    /// This receipt's page on this server: `/r/…`, without a slash at the end.
    pub path: String,
    /// This receipt's page anywhere; its QR code holds this.
    pub url: String,
    /// The shop's last word: `Walk good.`
    pub footer: Option<String>,
}

/// Something that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How many.
    pub quantity: i64,
    /// What.
    pub name: String,
    /// A remark, or nothing: `Oat milk`.
    pub note: String,
    /// What they cost together.
    pub amount: String,
}

/// One way in which it was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender {
    /// `Cash`, or `Lightning, 14,595 sats`.
    pub label: String,
    /// What of it went to the sale.
    pub amount: String,
    /// What else there is to say of bitcoin.
    pub bitcoin: Option<Bitcoin>,
}

/// What there is to say of bitcoin that was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitcoin {
    /// The payment hash, 64 hex digits; empty for a card.
    pub hash: String,
    /// The price that was frozen when it was asked for.
    pub price: Option<Price>,
}

/// A price of bitcoin, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// What one bitcoin cost, in the store's currency.
    pub per_btc: String,
    /// `Middle of 3 sources`.
    pub source: String,
    /// When it was true: `12:43:05`, with its date if that was not the receipt's.
    pub at: String,
    /// What the shop adds in percent, if it does: `2%`.
    pub spread: Option<String>,
    /// Both legs: `USD/JMD: Bank of Jamaica, 20 Nov 2026` and `160.12`.
    pub legs: Vec<Row>,
}

/// Cash on the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cash {
    /// Handed over.
    pub received: String,
    /// Handed back.
    pub change: String,
}

/// Money that arrived and is the payer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// `405 sats paid too much`.
    pub label: String,
    /// What it is worth.
    pub amount: String,
    /// What was given back for it in cash, once it was.
    pub given_back: Option<String>,
    /// The payment hash, if it was bitcoin.
    pub hash: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_five_digits_and_grow_when_they_must() {
        assert_eq!(number("C1", 1_043), "C1-01043");
        assert_eq!(number("C1", 1_234_567), "C1-1234567");
    }
}
