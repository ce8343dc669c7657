//! The order in which a receipt says things, the same on every form.

use super::{Line, Price, Receipt, Row};

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
        }
        if let Some(cash) = &self.cash {
            rows.push(Row::new("Cash received", cash.received.clone()));
            rows.push(Row::new("Change", cash.change.clone()));
        }
        if let Some(due) = &self.due {
            rows.push(Row::new("Still to pay", due.clone()));
        }
        for owed in &self.owed {
            match &owed.given_back {
                None => {
                    let label = format!("Still yours: {}", owed.label);
                    rows.push(Row::new(label, owed.amount.clone()));
                }
                Some(given) => {
                    rows.push(Row::new(owed.label.clone(), owed.amount.clone()));
                    rows.push(Row::new("Given back in cash", given.clone()));
                }
            }
        }
        rows
    }

    /// The proof of each payment in bitcoin.
    #[must_use]
    pub fn proofs(&self) -> Vec<Proof> {
        let mut proofs: Vec<Proof> = Vec::new();
        for bitcoin in self.tenders.iter().filter_map(|tender| tender.bitcoin.as_ref()) {
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

impl Price {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let price = Row::new("1 BTC", self.per_btc.clone());
        let source = Row::new(self.source.clone(), self.at.clone());
        let spread = self.spread.as_ref().map(|spread| Row::new("The shop adds", spread.clone()));
        [price, source].into_iter().chain(spread)
    }
}
