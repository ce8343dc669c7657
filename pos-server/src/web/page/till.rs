//! The till: shelf and keypad left, the sale right, Charge bottom right.

use askama::Template;

use super::bar::Bar;
use super::filters;
use super::shell::Shell;
use super::till_data::{ItemData, TillData, json, short};
use crate::domain::currency::Currency;

/// The page a cashier looks at all day.
#[derive(Template)]
#[template(path = "till.html")]
pub struct TillHtml {
    /// The shell.
    pub shell: Shell,
    /// The bar on top.
    pub bar: Bar,
    /// What the scripts know.
    pub data: TillData,
    /// The shelf as it is painted before the scripts run.
    pub tiles: Vec<Tile>,
    /// Opens on the keypad.
    pub keypad: bool,
    /// Something to say on opening: `Sale cancelled. Nothing was taken.`
    pub notice: Option<String>,
}

/// One thing on the shelf.
#[derive(Debug, Clone)]
pub struct Tile {
    /// The item's identifier.
    pub id: String,
    /// `Flat white`.
    pub name: String,
    /// `J$750`.
    pub price: String,
    /// `FW`, or empty.
    pub initials: String,
    /// Its tint, 1 to 4.
    pub tint: u8,
    /// Its category's identifier.
    pub category: String,
    /// On the shelf, but none left.
    pub sold_out: bool,
}

impl Tile {
    /// The tile of an item.
    #[must_use]
    pub fn of(item: &ItemData, currency: &Currency) -> Self {
        Self {
            id: item.id.clone(),
            name: item.name.clone(),
            price: short(currency, item.price),
            initials: item.initials.clone(),
            tint: item.tint,
            category: item.category.clone(),
            sold_out: item.sold_out,
        }
    }
}

impl TillHtml {
    fn json(&self) -> String {
        json(&self.data)
    }
}
