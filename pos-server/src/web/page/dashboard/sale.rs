//! A sale with its trail: what was tried, what arrived, what happened, and how it was booked.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::{Badge, Row};

/// One sale.
#[derive(Template)]
#[template(path = "dashboard/sale.html")]
pub struct SaleTrailHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// What became of it.
    pub badge: Badge,
    /// What was sold, discount, taxes and tip.
    pub lines: Vec<Row>,
    /// `J$4,405.50`.
    pub total: String,
    /// The money is ours: two lines under the total.
    pub settled: bool,
    /// Its receipt's page.
    pub receipt: Option<String>,
    /// Why nothing was changed.
    pub fault: Option<&'static str>,
    /// The tries to collect it.
    pub attempts: Vec<Trail>,
    /// What arrived.
    pub payments: Vec<Trail>,
    /// What happened, in order.
    pub events: Vec<Happened>,
    /// How it was booked.
    pub postings: Vec<Trail>,
}

/// Something with a headline and facts.
#[derive(Debug, Clone)]
pub struct Trail {
    /// `Lightning, J$2,405.50`.
    pub what: String,
    /// `12:43:05, settled`.
    pub when: String,
    /// What is known of it.
    pub facts: Vec<Row>,
    /// Where it is given up, while its outcome is not known.
    pub give_up: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// `12:43:05`.
    pub when: String,
    /// `Payment arrived`.
    pub what: String,
}
