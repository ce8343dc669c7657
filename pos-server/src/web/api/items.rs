//! `GET /items`: what the store sells.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::Caller;
use super::money::Amount;
use super::problem::Refusals;
use super::refusal::Refusal;
use super::scope::Scope;
use crate::app::App;
use crate::web::read::write_bp;

/// Something for sale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Item {
    id: String,
    name: String,
    price: Amount,
    /// The name of its category, if it has one.
    #[schema(required)]
    category: Option<String>,
    /// What a scanner reads.
    #[schema(required)]
    barcode: Option<String>,
    /// There is none left today.
    sold_out: bool,
    /// Its tax in percent, decimal.
    #[schema(example = "15")]
    tax_percent: String,
    /// The price holds the tax.
    tax_included: bool,
}

/// What a store sells, in the order of its shelf.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemList {
    items: Vec<Item>,
}

/// Read the items
#[utoipa::path(
    get, path = "/items", operation_id = "listItems", tag = "shelf",
    security(("token" = ["items:read"])),
    responses((status = 200, description = "All items that are sold", body = ItemList), Refusals)
)]
pub(super) async fn items(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<ItemList>, Refusal> {
    caller.may(Scope::ItemsRead)?;
    let store = &caller.store;
    let currency = store.currency()?;
    let categories = app.db.categories(&store.id).await?;
    let names: HashMap<&str, &str> =
        categories.iter().map(|category| (category.id.as_str(), category.name.as_str())).collect();
    let items = app.db.items(&store.id).await?.into_iter().map(|item| Item {
        id: item.id.to_string(),
        price: Amount::new(item.price, &currency),
        category: item.category_id.and_then(|id| names.get(id.as_str()).map(|n| (*n).to_owned())),
        barcode: item.barcode,
        sold_out: item.sold_out == 1,
        tax_percent: write_bp(item.tax_bp.unwrap_or(store.tax_bp)),
        tax_included: item.tax_inclusive.unwrap_or(store.tax_inclusive) == 1,
        name: item.name,
    });
    Ok(Json(ItemList { items: items.collect() }))
}
