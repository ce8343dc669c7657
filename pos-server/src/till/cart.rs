//! The cart as the page sends it, priced from the shop's own shelf.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::TillError;
use crate::db::Db;
use crate::db::catalog::Item;
use crate::db::store::Store;
use crate::domain::cart::{self, CartError, Discount, LINES_MAX, Line, Priced, TaxClass};

/// Names and notes are cut here.
const WORDS_MAX: usize = 120;

/// Items by their ids.
pub type Shelf = HashMap<String, Item>;

/// What the page sends. Amounts are minor units.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CartRequest {
    /// The lines.
    pub lines: Vec<LineRequest>,
    /// A discount on the whole sale.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// What staff call the sale: `Table 4`.
    #[serde(default)]
    pub name: String,
    /// The bill that the page showed before it asked.
    pub expected_total: i64,
}

/// One line of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LineRequest {
    /// The item, none for an amount from the keypad.
    #[serde(default)]
    pub item: Option<String>,
    /// What a keypad amount is for.
    #[serde(default)]
    pub name: String,
    /// Price of one as the page showed it.
    pub unit: i64,
    /// How many.
    pub quantity: i64,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

impl CartRequest {
    /// Reads the page's JSON.
    pub fn read(json: &str) -> Result<Self, TillError> {
        serde_json::from_str(json)
            .map_err(|_| TillError::refused("This sale could not be read. Go back and try again."))
    }

    /// Prices the cart from the shelf: the page's own prices only have to agree.
    pub async fn price(&self, db: &Db, store: &Store) -> Result<Priced, TillError> {
        let priced = self.price_on(&self.shelf(db, store).await?, store)?;
        if priced.bill != self.expected_total {
            return Err(TillError::PriceChanged);
        }
        Ok(priced)
    }

    /// Expects what the shelf says, for a caller who shows no prices of its own.
    pub fn at_shelf_prices(mut self, shelf: &Shelf, store: &Store) -> Result<Self, TillError> {
        for line in &mut self.lines {
            if let Some(item) = line.item.as_ref().and_then(|id| shelf.get(id)) {
                line.unit = item.price;
            }
        }
        self.expected_total = self.price_on(shelf, store)?.bill;
        Ok(self)
    }

    /// Those of its items that the store sells.
    pub async fn shelf(&self, db: &Db, store: &Store) -> Result<Shelf, TillError> {
        if self.lines.len() > LINES_MAX {
            return Err(CartError::TooManyLines.into());
        }
        let named: Vec<&str> = self.lines.iter().filter_map(|line| line.item.as_deref()).collect();
        let items = db.items_sold(&store.id, &named).await?;
        Ok(items.into_iter().map(|item| (item.id.to_string(), item)).collect())
    }

    fn price_on(&self, shelf: &Shelf, store: &Store) -> Result<Priced, TillError> {
        let lines = self.lines.iter().map(|line| line.on_shelf(shelf, store));
        Ok(cart::price(lines.collect::<Result<_, _>>()?, self.discount)?)
    }
}

impl LineRequest {
    fn on_shelf(&self, shelf: &Shelf, store: &Store) -> Result<Line, TillError> {
        let usual = TaxClass { bp: store.tax_bp, inclusive: store.tax_inclusive == 1 };
        let Some(id) = &self.item else {
            let name = words(&self.name);
            let name = if name.is_empty() { "Amount".to_owned() } else { name };
            return Ok(self.line(None, name, self.unit, usual));
        };
        let item = shelf.get(id).ok_or_else(|| {
            TillError::refused(
                "Something in this sale is no longer sold. Take it out and try again.",
            )
        })?;
        if item.price != self.unit {
            return Err(TillError::PriceChanged);
        }
        let tax = TaxClass {
            bp: item.tax_bp.unwrap_or(usual.bp),
            inclusive: item.tax_inclusive.map_or(usual.inclusive, |own| own == 1),
        };
        Ok(self.line(Some(id.clone()), item.name.clone(), item.price, tax))
    }

    fn line(&self, item: Option<String>, name: String, unit: i64, tax: TaxClass) -> Line {
        Line { item, name, note: words(&self.note), unit, quantity: self.quantity, tax }
    }
}

/// What a person typed, on one line and not too long.
#[must_use]
pub fn words(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(WORDS_MAX).collect()
}
