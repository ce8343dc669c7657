//! The order in which a receipt says things, the same on every form.

use super::{Cash, Line, Owed, Price, Receipt, Row};
use crate::rail::RailName;

/// What proves a payment, on a form that has room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What its price was made of.
    pub legs: Vec<Row>,
    /// The payment hash, 64 hex digits.
    pub hash: String,
}

impl Line {
    /// `2 Flat white, Oat milk`.
    #[must_use]
    pub fn label(&self) -> String {
        let note = if self.note.is_empty() { String::new() } else { format!(", {}", self.note) };
        format!("{} {}{note}", self.quantity, self.name)
    }
}

impl Receipt {
    /// `Receipt C1-01043`, or what it is as long as it is none.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.number {
            Some(number) => format!("Receipt {number}"),
            None => self.state.words().to_owned(),
        }
    }

    /// What the code leads to.
    #[must_use]
    pub fn invitation(&self) -> &'static str {
        if self.state.warning().is_some() {
            "Scan to see how it stands."
        } else if self.proofs().is_empty() {
            "Scan for this receipt."
        } else {
            "Scan for this receipt and its proof."
        }
    }

    /// The lines under the shop's name.
    pub fn head(&self) -> impl Iterator<Item = &String> {
        self.address.iter().chain(&self.tax_number)
    }

    /// What adds up to the total.
    #[must_use]
    pub fn above(&self) -> Vec<Row> {
        let mut rows: Vec<Row> =
            self.lines.iter().map(|line| Row::new(line.label(), line.amount.clone())).collect();
        rows.extend(self.discount.clone());
        rows.extend(self.taxes_added.clone());
        rows.extend(self.tip.clone());
        rows.extend(self.rounding.clone());
        rows
    }

    /// What stands below the total: the taxes within it, how it was paid, and what is open.
    #[must_use]
    pub fn below(&self) -> Vec<Row> {
        let mut rows = self.taxes_included.clone();
        let mut said: Option<&Price> = None;
        for tender in &self.tenders {
            rows.push(Row::new(tender.label.clone(), tender.amount.clone()));
            let price = tender.bitcoin.as_ref().and_then(|bitcoin| bitcoin.price.as_ref());
            if let Some(price) = price.filter(|price| said != Some(*price)) {
                rows.extend(price.rows());
                said = Some(price);
            }
            if tender.label == RailName::Cash.label() {
                rows.extend(self.cash.iter().flat_map(Cash::rows));
            }
        }
        rows.extend(self.due.iter().map(|due| Row::new("Still to pay", due.clone())));
        rows.extend(self.owed.iter().flat_map(Owed::rows));
        rows.extend(self.points.clone());
        rows
    }

    /// The proof of each payment in bitcoin.
    #[must_use]
    pub fn proofs(&self) -> Vec<Proof> {
        let mut proofs: Vec<Proof> = Vec::new();
        let bitcoin = self.tenders.iter().filter_map(|tender| tender.bitcoin.as_ref());
        for bitcoin in bitcoin.filter(|bitcoin| !bitcoin.hash.is_empty()) {
            let legs = bitcoin.price.as_ref().map(|price| price.legs.clone()).unwrap_or_default();
            proofs.push(Proof { legs, hash: bitcoin.hash.clone() });
        }
        for hash in self.owed.iter().filter_map(|owed| owed.hash.as_ref()) {
            if !proofs.iter().any(|proof| proof.hash == *hash) {
                proofs.push(Proof { legs: Vec::new(), hash: hash.clone() });
            }
        }
        proofs
    }
}

impl Cash {
    fn rows(&self) -> [Row; 2] {
        [Row::new("Cash received", self.received.clone()), Row::new("Change", self.change.clone())]
    }
}

impl Owed {
    fn rows(&self) -> Vec<Row> {
        let amount = self.amount.clone();
        match &self.given_back {
            None => vec![Row::new(format!("Still yours: {}", self.label), amount)],
            Some(given) => vec![
                Row::new(self.label.clone(), amount),
                Row::new("Given back in cash", given.clone()),
            ],
        }
    }
}

impl Price {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let price = Row::new("1 BTC", self.per_btc.clone());
        let source = Row::new(self.source.clone(), self.at.clone());
        let spread = self.spread.as_ref().map(|spread| Row::new("The shop adds", spread.clone()));
        [price, source].into_iter().chain(spread)
    }
}
