//! The price of bitcoin: what a sale gets now, who says so, and the store's wishes.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::{Badge, Row};

/// The rates of a store.
#[derive(Template)]
#[template(path = "dashboard/rates.html")]
pub struct RatesHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The price, or why there is none.
    pub price: Result<String, String>,
    /// How fresh it is.
    pub badge: Badge,
    /// What it is made of.
    pub legs: Vec<Row>,
    /// The exchanges.
    pub exchanges: Vec<SourceLine>,
    /// The sources of dollar rates.
    pub desks: Vec<SourceLine>,
    /// Why no exchange is asked, where that is so.
    pub unasked: Option<String>,
    /// What is wrong with the settings, in words.
    pub fault: Option<String>,
    /// The settings.
    pub fields: Vec<Field>,
}

/// A source.
#[derive(Debug, Clone)]
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// What it prices: `BTC/USD`.
    pub pair: String,
    /// Its last answer.
    pub answer: String,
    /// How old that is, or of which day.
    pub age: String,
    /// Whether it is part of the price.
    pub badge: Badge,
    /// Why not, or what to look at.
    pub why: Option<String>,
    /// A link that its terms want shown.
    pub credit: Option<&'static str>,
}
