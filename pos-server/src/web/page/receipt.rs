//! A receipt as the customer's page.

use askama::Template;

use super::filters;
use super::part::Badge;
use super::shell::Shell;
use crate::receipt::{Receipt, State, Under};

/// The customer's page.
#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptHtml {
    /// The shell.
    pub shell: Shell,
    /// What it says.
    pub receipt: Receipt,
}

/// A total of more letters than this is written smaller.
const LONG: usize = 14;

impl ReceiptHtml {
    /// The total would not stand beside its name on a phone.
    fn long(&self) -> bool {
        self.receipt.total.chars().count() > LONG
    }

    fn badge(&self) -> Badge {
        let state = self.receipt.state;
        let (class, icon) = match state {
            State::NotPaid => ("wait", "clock"),
            State::Unknown => ("doubt", "ask"),
            State::Paid => ("paid", "done"),
            State::PartRefunded | State::Refunded => ("past", "refund"),
            State::Cancelled => ("past", "none"),
        };
        Badge { class, icon, words: state.words().to_owned() }
    }

    /// The classes of the line under the total.
    fn line(&self) -> Option<&'static str> {
        match self.receipt.state.under() {
            Under::Double => Some("line paid double"),
            Under::Single => Some("line"),
            Under::Nothing => None,
        }
    }
}
