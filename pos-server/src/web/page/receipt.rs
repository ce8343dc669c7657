//! A receipt as the customer's page.

use askama::Template;

use super::filters;
use super::part::{Badge, Row};
use super::shell::Shell;
use crate::receipt::qr::Qr;

/// The customer's page.
#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptHtml {
    /// The shell.
    pub shell: Shell,
    /// What it says.
    pub receipt: ReceiptView,
}

/// What a receipt says, in words and written amounts. The page and the paper share it.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    /// The shop's name.
    pub shop: String,
    /// Address, telephone and tax number, a line each.
    pub address: Vec<String>,
    /// `Saturday 21 November 2026, 12:43`.
    pub when: String,
    /// `21 Nov 2026`, for paper.
    pub date: String,
    /// `12:43`, for paper.
    pub time: String,
    /// `C1-01043`.
    pub number: String,
    /// `Counter 1`.
    pub till: String,
    /// `Keisha`.
    pub cashier: String,
    /// What became of the sale.
    pub badge: Badge,
    /// What was sold, discount and tip.
    pub lines: Vec<Row>,
    /// `J$4,405.50`.
    pub total: String,
    /// The money is ours: two lines under the total.
    pub settled: bool,
    /// Tax, tenders, change, rounding, rate.
    pub after: Vec<Row>,
    /// Where the rate came from and when: `Middle of 3 sources, 12:43:05`.
    pub rate_note: Option<String>,
    /// Payment hashes, as proof.
    pub proofs: Vec<String>,
    /// This receipt's own address, for paper.
    pub qr: Qr,
    /// Its page: `/r/…`, without a slash at the end.
    pub href: String,
    /// The shop's last word: `Walk good.`
    pub foot: Option<String>,
}
