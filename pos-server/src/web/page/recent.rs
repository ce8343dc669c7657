//! What this till sold lately.

use askama::Template;

use super::bar::Bar;
use super::filters;
use super::part::{Badge, Row, size};
use super::shell::Shell;

/// A list and the chosen sale, in the till's geometry.
#[derive(Template)]
#[template(path = "recent.html")]
pub struct RecentHtml {
    /// The shell.
    pub shell: Shell,
    /// The bar on top.
    pub bar: Bar,
    /// What was searched for.
    pub query: String,
    /// What is said in the place of the list when nothing was found.
    pub nothing: String,
    /// The list without a chosen sale, as it was narrowed.
    pub back: String,
    /// Which are shown.
    pub filters: Vec<Filter>,
    /// The filter that is on, as the address says it.
    pub show: String,
    /// Newest first.
    pub sales: Vec<RecentSale>,
    /// The sale on the right; the newest while none was chosen.
    pub chosen: Option<Chosen>,
    /// It was chosen by hand: a phone shows it instead of the list.
    pub by_hand: bool,
}

/// A way to narrow the list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// `Needs a look: 3`.
    pub words: String,
    /// `/till/recent?show=look`.
    pub href: String,
    /// It is on.
    pub on: bool,
}

/// A sale on the list.
#[derive(Debug, Clone)]
pub struct RecentSale {
    /// Its address on this page: `/till/recent?chosen=…`.
    pub href: String,
    /// `12:43 · 6 items`.
    pub what: String,
    /// `C1-01043 · Cash and Lightning`.
    pub how: String,
    /// What became of it.
    pub badge: Badge,
    /// `J$4,405.50`.
    pub amount: String,
    /// It is the one on the right.
    pub chosen: bool,
}

/// The chosen sale.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// `C1-01043`, or its name while it has no number.
    pub title: String,
    /// What became of it.
    pub badge: Badge,
    /// `Today 12:43, Keisha, Table 4`.
    pub when: String,
    /// What was sold, discount and tip.
    pub lines: Vec<Row>,
    /// How it was paid.
    pub tenders: Vec<Row>,
    /// `J$4,405.50`.
    pub total: String,
    /// The money is ours: two lines under the total.
    pub settled: bool,
    /// The page of its payment, while there is something to do: `/till/sales/…`.
    pub open: Option<String>,
    /// Its receipt's page, once there is one: `/r/…`.
    pub receipt: Option<String>,
}

impl Chosen {
    fn size(&self) -> &'static str {
        size(&self.total)
    }
}
