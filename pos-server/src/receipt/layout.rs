//! A receipt as what is printed one below the other, in lines of a given width.

use super::plain::plain;
use super::rows::Proof;
use super::wrap::{pair, width, wrap};
use super::{Receipt, Row, Under};

/// What is printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A line of letters.
    Text(Text),
    /// A dashed line across the paper.
    Dashes,
    /// The line under the total.
    Under(Under),
    /// The QR code of the receipt's page.
    Code,
    /// Lines of white.
    White(f32),
}

/// A line of letters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    /// The letters, few enough for the width.
    pub(super) letters: String,
    /// How large, against usual letters.
    pub(super) scale: f32,
    /// In bold.
    pub(super) bold: bool,
    /// In the middle; else at the left edge.
    pub(super) middle: bool,
}

/// Digits of a payment hash in a line.
const HASH_LINE: usize = 32;

/// Lays a receipt out in lines of `columns` usual letters.
pub(super) fn lay_out(receipt: &Receipt, columns: u16) -> Vec<Piece> {
    let mut layout = Layout { columns, large: columns / 4 * 3, pieces: Vec::new() };
    layout.head(receipt);
    layout.dashes();
    layout.facts(receipt);
    layout.dashes();
    layout.rows(&receipt.above());
    layout.white(0.4);
    layout.total(receipt);
    layout.white(0.4);
    layout.rows(&receipt.below());
    for proof in receipt.proofs() {
        layout.proof(&proof);
    }
    layout.white(0.8);
    layout.pieces.push(Piece::Code);
    layout.white(0.4);
    layout.middle(receipt.invitation(), false);
    if let Some(footer) = &receipt.footer {
        layout.middle(footer, false);
    }
    layout.pieces
}

struct Layout {
    columns: u16,
    /// Fewer letters, which are larger, fill the same width: the shop's name and the total.
    large: u16,
    pieces: Vec<Piece>,
}

impl Layout {
    fn head(&mut self, receipt: &Receipt) {
        for letters in wrap(&plain(&receipt.shop), usize::from(self.large)) {
            let scale = self.scale(self.large);
            self.text(Text { letters, scale, bold: true, middle: true });
        }
        for line in receipt.head() {
            self.middle(line, false);
        }
        if receipt.practice {
            self.white(0.4);
            self.middle("Practice money: nothing here is real", true);
        }
        self.white(0.4);
        self.middle(receipt.state.warning().unwrap_or(receipt.state.words()), true);
    }

    fn facts(&mut self, receipt: &Receipt) {
        if let Some(number) = &receipt.number {
            self.pair("Receipt", number);
        }
        self.pair(&receipt.date, &receipt.time);
        self.pair(&receipt.till, &receipt.cashier);
    }

    fn rows(&mut self, rows: &[Row]) {
        for row in rows {
            self.pair(&row.label, &row.amount);
        }
    }

    /// The total is large, unless it would not fit beside its name.
    fn total(&mut self, receipt: &Receipt) {
        let (label, amount) = ("TOTAL", plain(&receipt.total));
        let fits = width(label) + 1 + width(&amount) <= usize::from(self.large);
        let columns = if fits { self.large } else { self.columns };
        let scale = self.scale(columns);
        for letters in pair(label, &amount, usize::from(columns)) {
            self.text(Text { letters, scale, bold: true, middle: false });
        }
        self.pieces.push(Piece::Under(receipt.state.under()));
    }

    fn proof(&mut self, proof: &Proof) {
        self.white(0.4);
        self.rows(&proof.legs);
        self.left("Payment hash");
        let digits: Vec<char> = proof.hash.chars().collect();
        for line in digits.chunks(HASH_LINE) {
            self.left(&line.iter().collect::<String>());
        }
    }

    fn pair(&mut self, label: &str, amount: &str) {
        for line in pair(&plain(label), &plain(amount), usize::from(self.columns)) {
            self.usual(line, false, false);
        }
    }

    fn left(&mut self, text: &str) {
        for line in wrap(&plain(text), usize::from(self.columns)) {
            self.usual(line, false, false);
        }
    }

    fn middle(&mut self, text: &str, bold: bool) {
        for line in wrap(&plain(text), usize::from(self.columns)) {
            self.usual(line, bold, true);
        }
    }

    fn usual(&mut self, letters: String, bold: bool, middle: bool) {
        self.text(Text { letters, scale: 1.0, bold, middle });
    }

    fn text(&mut self, text: Text) {
        self.pieces.push(Piece::Text(text));
    }

    fn dashes(&mut self) {
        self.pieces.push(Piece::Dashes);
    }

    fn white(&mut self, lines: f32) {
        self.pieces.push(Piece::White(lines));
    }

    /// How large letters are of which so many fill the width.
    fn scale(&self, columns: u16) -> f32 {
        f32::from(self.columns) / f32::from(columns)
    }
}
