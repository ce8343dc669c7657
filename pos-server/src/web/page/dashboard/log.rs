//! The log of all that was done.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;

/// A stretch of the log.
#[derive(Template)]
#[template(path = "dashboard/log.html")]
pub struct LogHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Whether every row follows the one before; only said above the newest rows.
    pub chain: Option<ChainWords>,
    /// The rows, the newest first.
    pub rows: Vec<LogRow>,
    /// Where older rows are.
    pub older: Option<String>,
}

/// What a look over the whole log found.
#[derive(Debug, Clone)]
pub struct ChainWords {
    /// All is as it was written.
    pub sound: bool,
    /// In words.
    pub words: String,
}

/// A row.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// More.
    pub detail: String,
}
