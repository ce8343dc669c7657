//! Shelf, keypad and cart on one page.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::bar::{bar, shell};
use crate::app::App;
use crate::db::catalog::{Category, Item};
use crate::db::store::Store;
use crate::till::Actor;
use crate::web::error::WebError;
use crate::web::page::till::{Tile, TillHtml};
use crate::web::page::till_data::{CategoryData, CurrencyData, ItemData, TaxData, TillData};
use crate::web::who::Cashier;
use askama::Template;

/// How the till opens.
#[derive(Debug, Default, Deserialize)]
pub(super) struct How {
    #[serde(default)]
    view: String,
}

/// `GET /till`
pub(super) async fn till(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Query(how): Query<How>,
) -> Result<Html<String>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let bar = bar(&app, &actor, &csrf).await?;
    let data = data(&app, &actor, &csrf, &bar.parked).await?;
    let currency = actor.store.currency()?;
    let tiles = data.items.iter().map(|item| Tile::of(item, &currency)).collect();
    let page = TillHtml {
        shell: shell(&actor, "Till"),
        bar,
        data,
        tiles,
        keypad: how.view == "keypad",
        notice: None,
    };
    Ok(Html(page.render()?))
}

async fn data(
    app: &App,
    actor: &Actor,
    csrf: &str,
    parked: &[crate::web::page::bar::Parked],
) -> Result<TillData, WebError> {
    let store = &actor.store;
    let categories = app.db.categories(&store.id).await?;
    let items = app.db.items(&store.id).await?;
    Ok(TillData {
        till: actor.till.id.to_string(),
        currency: CurrencyData::of(&store.currency()?),
        tax: tax(store),
        cap: store.sale_cap,
        tips: !store.tips().is_empty(),
        csrf: csrf.to_owned(),
        items: items.into_iter().map(|item| item_data(item, &categories)).collect(),
        categories: categories.into_iter().map(category_data).collect(),
        parked: parked.to_vec(),
        cashier: actor.staff.name.clone(),
    })
}

fn tax(store: &Store) -> TaxData {
    TaxData {
        bp: u32::try_from(store.tax_bp).unwrap_or(0),
        inclusive: store.tax_inclusive == 1,
        name: store.tax_name.clone(),
    }
}

fn category_data(category: Category) -> CategoryData {
    CategoryData { id: category.id.to_string(), name: category.name, tint: tint(category.tint) }
}

fn item_data(item: Item, categories: &[Category]) -> ItemData {
    let of = item.category_id.as_deref();
    let category = categories.iter().find(|category| Some(category.id.as_str()) == of);
    ItemData {
        id: item.id.to_string(),
        price: item.price,
        tax_bp: item.tax_bp.and_then(|bp| u32::try_from(bp).ok()),
        inclusive: item.tax_inclusive.map(|flag| flag == 1),
        category: item.category_id.clone().unwrap_or_default(),
        barcode: item.barcode,
        sold_out: item.sold_out == 1,
        initials: category.map(|_| super::initials(&item.name)).unwrap_or_default(),
        tint: category.map_or(1, |category| tint(category.tint)),
        name: item.name,
    }
}

fn tint(tint: i64) -> u8 {
    u8::try_from(tint).unwrap_or(1).clamp(1, 4)
}
