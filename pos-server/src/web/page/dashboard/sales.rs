//! All sales of a store, the newest first.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;
use crate::web::page::recent::Filter;

/// A page of the list.
#[derive(Template)]
#[template(path = "dashboard/sales.html")]
pub struct SalesHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// What was searched for.
    pub query: String,
    /// Which are shown.
    pub filters: Vec<Filter>,
    /// The filter that is on, as the address says it.
    pub show: String,
    /// The sales.
    pub sales: Vec<SaleLine>,
    /// Where older ones are, if there are any.
    pub older: Option<String>,
}

/// A sale on the list.
#[derive(Debug, Clone)]
pub struct SaleLine {
    /// Its page.
    pub href: String,
    /// `Today 12:43 · 6 items`.
    pub what: String,
    /// `C1-01043 · Counter 1, Keisha · Cash and Lightning`.
    pub how: String,
    /// What became of it.
    pub badge: Badge,
    /// `J$4,405.50`.
    pub amount: String,
}
