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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::receipt::qr::{Spare, draw};
    use crate::receipt::sample::{self, HASH};
    use crate::receipt::say::{Rows, say};

    fn rendered(rows: &Rows, paper: Paper) -> String {
        let receipt = say(rows, sample::URL).unwrap();
        let shell = Shell { title: String::new(), shop: String::new(), practice: false };
        let qr = draw(&receipt.url, Spare::Paper).unwrap();
        ReceiptPrintHtml { shell, receipt, qr, paper, at_once: true }.render().unwrap()
    }

    #[test]
    fn every_paper_says_it_all() {
        let mut rows = sample::rows();
        rows.sale.money = "practice".into();
        for (paper, class) in [(Paper::Mm58, "mm58"), (Paper::Mm80, "mm80"), (Paper::A4, "a4")] {
            let page = rendered(&rows, paper);
            let article = format!("<article class=\"paper {class}\"");
            for want in [
                article.as_str(),
                "<b>Practice money: nothing here is real</b>",
                "<b>Paid</b>",
                "<dt>Receipt</dt><dd>C1-01043</dd>",
                "<dt>21 Nov 2026</dt><dd>12:43</dd>",
                "<dt>Counter 1</dt><dd>Keisha</dd>",
                "<dt>Tip for Keisha</dt><dd>400.50</dd>",
                "<dt>TOTAL</dt><dd>J$4,405.50</dd></div></dl>\n    <hr class=\"twice\">",
                "<dt>Change</dt><dd>500.00</dd>",
                "<dt>BTC/USD: Bitstamp, Coinbase, Kraken, 12:42:48</dt><dd>102,937.5</dd>",
                HASH,
                "aria-label=\"Code of this receipt\"",
                "Walk good.",
                "print.js",
            ] {
                assert!(page.contains(want), "no {want} in {page}");
            }
        }
    }

    #[test]
    fn one_line_stands_under_money_that_is_not_ours_yet() {
        let mut rows = sample::rows();
        rows.sale.state = "open".into();
        let page = rendered(&rows, Paper::Mm80);
        assert!(page.contains("<hr class=\"once\">"), "{page}");
        assert!(page.contains("<b>This is not a receipt: not paid yet</b>"), "{page}");
    }
}
