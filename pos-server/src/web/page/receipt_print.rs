//! A receipt on paper: 58 or 80 mm rolls, or A4.

use askama::Template;

use super::filters;
use super::shell::Shell;
use crate::receipt::qr::Qr;
use crate::receipt::{Paper, Receipt, Under};

/// The page that prints itself.
#[derive(Template)]
#[template(path = "receipt_print.html")]
pub struct ReceiptPrintHtml {
    /// The shell.
    pub shell: Shell,
    /// What it says.
    pub receipt: Receipt,
    /// The code of its own page.
    pub qr: Qr,
    /// The paper.
    pub paper: Paper,
    /// Opens the printer's dialog by itself.
    pub at_once: bool,
}

impl ReceiptPrintHtml {
    fn class(&self) -> &'static str {
        match self.paper {
            Paper::Mm58 => "mm58",
            Paper::Mm80 => "mm80",
            Paper::A4 => "a4",
        }
    }

    /// The class of the line under the total.
    fn line(&self) -> Option<&'static str> {
        match self.receipt.state.under() {
            Under::Double => Some("twice"),
            Under::Single => Some("once"),
            Under::Nothing => None,
        }
    }
}
