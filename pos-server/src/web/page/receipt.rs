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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::receipt::sample::{self, HASH};
    use crate::receipt::say::{Rows, say};

    fn rendered(rows: &Rows) -> String {
        let receipt = say(rows, sample::URL).unwrap();
        let shell = Shell {
            title: receipt.title(),
            shop: receipt.shop.clone(),
            practice: receipt.practice,
        };
        ReceiptHtml { shell, receipt }.render().unwrap()
    }

    #[test]
    fn a_paid_receipt_has_its_double_line_and_its_proof() {
        let page = rendered(&sample::rows());
        for want in [
            "<title>Receipt C1-01043 · Blue Mahoe Café</title>",
            "14 Hope Road, Kingston 6<br>876-555-0142<br>GCT no. 001-234-567<br>Saturday 21 November",
            "<span class=\"quiet end\">Receipt C1-01043</span>",
            "<dt>2 Flat white, Oat milk</dt><dd>1,500.00</dd>",
            "<span class=\"money\">J$4,405.50</span></p><hr class=\"line paid double\">",
            "<dt>Lightning, 14,595 sats</dt><dd>2,405.50</dd>",
            "<dt>USD/JMD: Bank of Jamaica, 20 Nov 2026</dt><dd>160.12</dd>",
            "Counter 1, Keisha",
            HASH,
            "/r/00112233445566778899aabbccddeeff/receipt.pdf?paper=a4",
        ] {
            assert!(page.contains(want), "no {want} in {page}");
        }
        assert!(!page.contains("Practice money") && !page.contains("This is not a receipt"));
    }

    #[test]
    fn what_is_not_paid_says_so_and_has_one_line() {
        let mut rows = sample::rows();
        rows.sale.state = "open".into();
        let page = rendered(&rows);
        assert!(page.contains("<b>This is not a receipt: not paid yet</b>"), "{page}");
        assert!(page.contains("<hr class=\"line\">") && page.contains("badge wait"), "{page}");
        rows.sale.state = "refunded".into();
        let page = rendered(&rows);
        assert!(!page.contains("<hr") && page.contains("badge past"), "{page}");
    }

    #[test]
    fn a_total_too_long_for_a_phone_is_written_smaller() {
        let mut rows = sample::rows();
        rows.sale.total = 123_456_789_000;
        assert!(rendered(&rows).contains("<span class=\"money long\">J$1,234,567,890.00</span>"));
    }
}
