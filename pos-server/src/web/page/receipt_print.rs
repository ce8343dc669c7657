//! A receipt on paper: 58 or 80 mm rolls, or A4.

use askama::Template;

use super::filters;
use super::receipt::ReceiptView;
use super::shell::Shell;

/// The paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A 58 mm roll.
    Mm58,
    /// An 80 mm roll.
    Mm80,
    /// A sheet.
    A4,
}

impl Paper {
    /// The paper as addresses say it: `58`, `80`, `a4`; anything else is no paper.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "58" => Some(Self::Mm58),
            "80" => Some(Self::Mm80),
            "a4" => Some(Self::A4),
            _ => None,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Mm58 => "mm58",
            Self::Mm80 => "mm80",
            Self::A4 => "a4",
        }
    }
}

/// The page that prints itself.
#[derive(Template)]
#[template(path = "receipt_print.html")]
pub struct ReceiptPrintHtml {
    /// The shell.
    pub shell: Shell,
    /// What it says.
    pub receipt: ReceiptView,
    /// The paper.
    pub paper: Paper,
    /// Opens the printer's dialog by itself.
    pub at_once: bool,
}
