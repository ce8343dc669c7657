//! Tills, and the code that makes a tablet one.

use askama::Template;

use super::desk::Desk;
use crate::receipt::qr::Qr;
use crate::web::page::Shell;
use crate::web::page::filters;

/// The tills of a store.
#[derive(Template)]
#[template(path = "dashboard/tills.html")]
pub struct TillsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Those in use, then those put away.
    pub tills: Vec<TillLine>,
}

/// A till.
#[derive(Debug, Clone)]
pub struct TillLine {
    /// `Counter 1`.
    pub name: String,
    /// `Receipts C1-00042 and on`.
    pub numbers: String,
    /// `1 tablet paired`, `No tablet yet`.
    pub tablets: String,
    /// At least one tablet.
    pub paired: bool,
    /// It is no longer in use.
    pub retired: bool,
    /// Where it is changed; its acts are below it.
    pub href: String,
}

/// A code on the screen, for a few minutes.
#[derive(Template)]
#[template(path = "dashboard/code.html")]
pub struct CodeHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// `K7PQ 2M9X`.
    pub code: String,
    /// The address that the tablet opens: `https://pos.example.com/pair`.
    pub address: String,
    /// The QR code of the address with the code in it.
    pub qr: Qr,
    /// `12:54`.
    pub until: String,
    /// Milliseconds until then as the page leaves, for a countdown that trusts no tablet's clock.
    pub left_ms: i64,
    /// What is left: `10:00`.
    pub left: String,
    /// Where another code is had.
    pub again: String,
}
