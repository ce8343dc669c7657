//! What a program wants to sell, read into the till's cart at the prices of the shelf.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{FieldError, Problem};
use super::refusal::Refusal;
use crate::app::App;
use crate::db::store::Store;
use crate::domain::cart::{Discount, QUANTITY_MAX, Tip};
use crate::domain::currency::Currency;
use crate::domain::id::ItemId;
use crate::domain::money::Money;
use crate::till::cart::{CartRequest, LineRequest};
use crate::web::read;

/// A sale to open.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSale {
    /// What is sold, 1 to 200 lines.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<NewLine>,
    /// What staff call the sale; it stands in the payer's wallet.
    #[serde(default)]
    #[schema(example = "Table 4")]
    note: String,
    /// Taken off the whole.
    #[serde(default)]
    #[schema(nullable = false)]
    discount: Option<Part>,
    /// For the staff, on top.
    #[serde(default)]
    #[schema(nullable = false)]
    tip: Option<Part>,
}

/// An item of the shelf at the shelf's price, or an amount.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLine {
    /// The item's id.
    #[serde(default)]
    #[schema(nullable = false)]
    item: Option<String>,
    /// Without an item: the price of one, decimal, in the store's currency.
    #[serde(default)]
    #[schema(nullable = false, example = "450.00")]
    amount: Option<String>,
    /// Without an item: what it is.
    #[serde(default)]
    name: String,
    /// How many.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 9999, default = 1)]
    quantity: i64,
    /// A remark.
    #[serde(default)]
    note: String,
}

fn one() -> i64 {
    1
}

/// A part of the bill: one of both.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Of the bill, at most two decimals.
    #[serde(default)]
    #[schema(nullable = false, example = "12.5")]
    percent: Option<String>,
    /// Decimal, in the store's currency.
    #[serde(default)]
    #[schema(nullable = false)]
    amount: Option<String>,
}

enum Share {
    Bp(i64),
    Minor(i64),
}

impl NewSale {
    /// The cart and the tip, priced from the shelf; every fault by its field.
    pub(super) async fn read(
        self,
        app: &App,
        store: &Store,
    ) -> Result<(CartRequest, Tip), Refusal> {
        let currency = store.currency()?;
        let mut faults = Vec::new();
        let lines = self.lines.into_iter().enumerate();
        let lines = lines.map(|(place, line)| line.read(place, currency, &mut faults)).collect();
        let mut share = |field, part: Option<Part>| {
            part.map(|part| part.read(currency)).transpose().unwrap_or_else(|detail| {
                faults.push(FieldError { field, detail });
                None
            })
        };
        let discount = share("discount".into(), self.discount).map(|share| match share {
            Share::Bp(bp) => Discount::PercentBp(bp),
            Share::Minor(minor) => Discount::Amount(minor),
        });
        let tip = share("tip".into(), self.tip).map_or(Tip::None, |share| match share {
            Share::Bp(bp) => Tip::PercentBp(bp),
            Share::Minor(minor) => Tip::Amount(minor),
        });
        let cart = CartRequest { lines, discount, name: self.note, expected_total: 0 };
        let shelf = cart.shelf(&app.db, store).await?;
        for (place, line) in cart.lines.iter().enumerate() {
            if line.item.as_ref().is_some_and(|id| !shelf.contains_key(id)) {
                let field = format!("lines[{place}].item");
                let detail = "No item of this store that is sold has this id.".into();
                faults.push(FieldError { field, detail });
            }
        }
        if !faults.is_empty() {
            return Err(Problem::fields(faults).into());
        }
        Ok((cart.at_shelf_prices(&shelf, store)?, tip))
    }
}

impl NewLine {
    fn read(self, place: usize, currency: Currency, faults: &mut Vec<FieldError>) -> LineRequest {
        let mut wrong = |field: &str, detail: String| {
            faults.push(FieldError { field: format!("lines[{place}]{field}"), detail });
        };
        let (mut item, mut unit) = (None, 0);
        match (self.item, self.amount) {
            (Some(id), None) => match id.parse::<ItemId>() {
                Ok(id) => item = Some(id.to_string()),
                Err(_) => wrong(".item", "This is not the id of an item.".into()),
            },
            (None, Some(amount)) => match decimal(&amount, currency) {
                Ok(0) => wrong(".amount", "This must be more than nothing.".into()),
                Ok(minor) => unit = minor,
                Err(words) => wrong(".amount", words),
            },
            _ => wrong("", "A line has an “item” or an “amount”: one of both.".into()),
        }
        if !(1..=QUANTITY_MAX).contains(&self.quantity) {
            wrong(".quantity", format!("A whole number from 1 to {QUANTITY_MAX}."));
        }
        if item.is_some() && !self.name.is_empty() {
            wrong(".name", "An item has a name of its own.".into());
        }
        LineRequest { item, name: self.name, unit, quantity: self.quantity, note: self.note }
    }
}

impl Part {
    fn read(self, currency: Currency) -> Result<Share, String> {
        match (self.percent, self.amount) {
            (Some(percent), None) => read::percent_bp(&percent).map(Share::Bp),
            (None, Some(amount)) => decimal(&amount, currency).map(Share::Minor),
            _ => Err("Send a “percent” or an “amount”: one of both.".into()),
        }
    }
}

/// Reads a decimal as programs write it: no blanks, no groups.
fn decimal(text: &str, currency: Currency) -> Result<i64, String> {
    if !text.bytes().all(|sign| sign.is_ascii_digit() || sign == b'.') {
        return Err("Digits and at most one point, as “1250.00”.".into());
    }
    let money = Money::parse(text, currency).map_err(|error| format!("{error}."))?;
    Ok(money.minor)
}
