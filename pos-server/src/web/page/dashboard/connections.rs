//! Every connection at a glance.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Row;

/// The rails and the rate sources.
#[derive(Template)]
#[template(path = "dashboard/connections.html")]
pub struct ConnectionsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The rails, the first one first.
    pub rails: Vec<RailLine>,
    /// There are two, which can change places.
    pub can_swap: bool,
    /// Where the price comes from.
    pub sources: Vec<SourceLine>,
}

/// A rail.
pub struct RailLine {
    /// The connection's id, for its test.
    pub id: String,
    /// Its class.
    pub class: &'static str,
    /// Its sign.
    pub icon: &'static str,
    /// `BTCPay`, `Lightning`.
    pub what: &'static str,
    /// First or second.
    pub place: &'static str,
    /// How it is.
    pub words: String,
    /// Its own page.
    pub href: String,
    /// Last answer, last fault.
    pub rows: Vec<Row>,
    /// What a test just came to.
    pub tested: Option<Result<String, String>>,
}

/// A rate source.
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: &'static str,
    /// Its sign.
    pub icon: &'static str,
    /// How it is.
    pub words: String,
}
