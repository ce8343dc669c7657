//! A card whose money is at BTCPay, and bringing one in.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// What is left on a card.
#[derive(Debug, Clone)]
pub struct Left {
    /// `12,400 sats`; none if it cannot be seen.
    pub amount: Option<String>,
    /// How old that is, or why it cannot be seen.
    pub words: String,
}

/// A card.
#[derive(Template)]
#[template(path = "dashboard/backed.html")]
pub struct BackedHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Where its label and limits are changed; its acts are below it.
    pub href: String,
    /// What is left on it.
    pub left: Left,
    /// What it may do now.
    pub state: Badge,
    /// It is not in use any more.
    pub gone: bool,
    /// BTCPay pays nothing from it.
    pub ended: bool,
    /// It was issued elsewhere.
    pub imported: bool,
    /// New keys were given out, and no tap has shown them yet.
    pub again: bool,
    /// Why nothing was done, in words.
    pub fault: Option<String>,
}

/// A form and a tap.
#[derive(Template)]
#[template(path = "dashboard/backed_import.html")]
pub struct ImportHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Where the form goes.
    pub action: String,
    /// What is wrong with the whole, in words.
    pub fault: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Fields two in a row, after those.
    pub pairs: Vec<Field>,
}
