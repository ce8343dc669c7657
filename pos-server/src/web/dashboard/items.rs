//! Items: the list, the form, and what is done with one tap.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, page, unsaved};
use crate::app::App;
use crate::db::Tx;
use crate::db::catalog::{Category, Item};
use crate::domain::id::ItemId;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::page::dashboard::items::{Group, ItemsHtml, Line};
use crate::web::read::{self, Faults};
use crate::web::till::initials;

/// `GET …/items`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let categories = app.db.categories(&at.store.id).await?;
    let items = app.db.items(&at.store.id).await?;
    let retired = app.db.retired_items(&at.store.id).await?;
    let of = |category: Option<&Category>| -> Vec<Line> {
        let id = category.map(|category| category.id.to_string());
        items.iter().filter(|item| item.category_id == id).map(|item| line(&at, item)).collect()
    };
    let mut groups: Vec<Group> = categories
        .iter()
        .map(|category| Group {
            name: category.name.clone(),
            tint: format!("tint{}", category.tint),
            href: Some(at.path(&format!("/categories/{}", category.id))),
            add: at.path(&format!("/items/new?category={}", category.id)),
            items: of(Some(category)),
        })
        .collect();
    let loose = of(None);
    if !loose.is_empty() || groups.is_empty() {
        groups.push(Group {
            name: "Without a category".into(),
            tint: "tint1".into(),
            href: None,
            add: at.path("/items/new"),
            items: loose,
        });
    }
    page(&ItemsHtml {
        shell: at.shell("Items"),
        desk: at.desk(Section::Items, "Items", Some(format!("{} on the shelf", items.len()))),
        groups,
        retired: retired.iter().map(|item| (item.name.clone(), href(&at, &item.id))).collect(),
    })
}

fn href(at: &At, id: &ItemId) -> String {
    at.path(&format!("/items/{id}"))
}

fn line(at: &At, item: &Item) -> Line {
    let tax = item.tax_bp.map(|bp| format!("{} {}%", at.store.tax_name, read::write_bp(bp)));
    let held = item.tax_inclusive.map(|held| if held == 1 { "tax included" } else { "tax on top" });
    let more = [tax, held.map(str::to_owned), item.barcode.clone()];
    Line {
        name: item.name.clone(),
        initials: initials(&item.name),
        price: at.money(item.price),
        more: more.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        sold_out: item.sold_out == 1,
        href: href(at, &item.id),
    }
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    price: String,
    category: String,
    tax: String,
    held: String,
    barcode: String,
}

impl Typed {
    fn of(at: &At, item: &Item) -> Self {
        let held = item.tax_inclusive.map_or("", |held| if held == 1 { "yes" } else { "no" });
        Self {
            name: item.name.clone(),
            price: crate::domain::money::Money::new(item.price, at.currency).to_input(),
            category: item.category_id.clone().unwrap_or_default(),
            tax: item.tax_bp.map(read::write_bp).unwrap_or_default(),
            held: held.into(),
            barcode: item.barcode.clone().unwrap_or_default(),
        }
    }

    fn read(&self, at: &At, categories: &[Category], before: Item) -> Result<Item, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", read::name(&self.name));
        let price = faults.take("price", read::amount(&self.price, at.currency));
        if price > at.store.sale_cap {
            let cap = at.money(at.store.sale_cap);
            faults.note("price", format!("Above the limit for one sale, {cap}."));
        }
        let known = categories.iter().any(|category| category.id.as_str() == self.category);
        if !self.category.is_empty() && !known {
            faults.note("category", "Choose one from the list.");
        }
        let tax = self.tax.trim();
        let tax_bp = (!tax.is_empty()).then(|| faults.take("tax", read::percent_bp(tax)));
        let barcode = faults.take("barcode", read::line(&self.barcode, 48));
        let item = Item {
            name,
            price,
            category_id: (!self.category.is_empty()).then(|| self.category.clone()),
            tax_bp,
            tax_inclusive: match self.held.as_str() {
                "yes" => Some(1),
                "no" => Some(0),
                _ => None,
            },
            barcode: (!barcode.is_empty()).then_some(barcode),
            ..before
        };
        faults.check(item)
    }

    fn html(
        &self,
        at: &At,
        id: &ItemId,
        known: Option<&Item>,
        categories: &[Category],
        faults: &Faults,
    ) -> FormHtml {
        let title = known.map_or("New item", |item| item.name.as_str());
        let mut shelf = vec![Choice::new("", "None")];
        shelf.extend(categories.iter().map(|one| Choice::new(one.id.as_str(), &one.name)));
        let store = &at.store;
        let usual = format!(
            "The store’s own is {} {}%, {}.",
            store.tax_name,
            read::write_bp(store.tax_bp),
            if store.tax_inclusive == 1 { "included" } else { "on top" }
        );
        let held = vec![
            Choice::new("", "As the store"),
            Choice::new("yes", "Included"),
            Choice::new("no", "On top"),
        ];
        let tax_name = format!("{} of its own, %", store.tax_name);
        let panel = Panel {
            title: "Item".into(),
            lead: None,
            fields: vec![Field::text("name", "Name", &self.name).faults(faults)],
            pairs: vec![
                Field::decimal("price", &format!("Price, {}", at.currency), &self.price)
                    .faults(faults),
                Field::select("category", "Category", &self.category, shelf).faults(faults),
                Field::decimal("tax", &tax_name, &self.tax).optional().hint(usual).faults(faults),
                Field::select("held", "Its tax is", &self.held, held),
                Field::text("barcode", "Barcode", &self.barcode)
                    .optional()
                    .hint("Scan it here.")
                    .faults(faults),
            ],
        };
        let action = href(at, id);
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Items, title, None),
            back: Some((at.path("/items"), "Items")),
            id: None,
            fault: unsaved(faults),
            panels: vec![panel],
            button: if known.is_some() { "Save" } else { "Add the item" },
            acts: known.map_or(vec![], |_| {
                vec![Act {
                    action: format!("{action}/retire"),
                    words: "Stop selling it",
                    icon: "trash",
                    means: "It leaves the till; old sales keep it.".into(),
                }]
            }),
            action,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Into {
    #[serde(default)]
    category: String,
}

/// `GET …/items/new`: the form comes with the id that the item will have.
pub(super) async fn new(
    State(app): State<Arc<App>>,
    at: At,
    Query(into): Query<Into>,
) -> Result<Response, WebError> {
    let categories = app.db.categories(&at.store.id).await?;
    let typed = Typed { category: into.category, ..Typed::default() };
    let faults = Faults::default();
    form(&typed.html(&at, &ItemId::new(), None, &categories, &faults), &faults)
}

/// `GET …/items/{item}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let id: ItemId = id.parse().map_err(|_| WebError::NotFound)?;
    let item = app.db.item(&at.store.id, &id).await?;
    let categories = app.db.categories(&at.store.id).await?;
    let faults = Faults::default();
    form(&Typed::of(&at, &item).html(&at, &id, Some(&item), &categories, &faults), &faults)
}

/// `POST …/items/{item}`: adds it or changes it; sent twice it is the same item.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let id: ItemId = id.parse().map_err(|_| WebError::NotFound)?;
    let categories = app.db.categories(&at.store.id).await?;
    let on_shelf = app.db.items(&at.store.id).await?.len();
    let mut tx = app.db.begin().await?;
    let known = tx.lock_item(&at.store.id, &id).await?;
    let blank = Item {
        id: id.clone(),
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        category_id: None,
        name: String::new(),
        price: 0,
        tax_bp: None,
        tax_inclusive: None,
        barcode: None,
        sold_out: 0,
        retired: 0,
        position: i64::try_from(on_shelf).unwrap_or(i64::MAX),
    };
    let before = known.clone().unwrap_or(blank);
    let mut faults = Faults::default();
    match typed.read(&at, &categories, before) {
        Ok(item) if tx.save_item(&item).await? => {
            note(&mut tx, &app, &at, known.as_ref(), &item).await?;
            tx.commit().await?;
            return Ok(at.done("/items", if known.is_some() { "saved" } else { "added" }));
        }
        Ok(_) => faults.note("barcode", "Another item has this barcode."),
        Err(found) => faults = found,
    }
    drop(tx);
    form(&typed.html(&at, &id, known.as_ref(), &categories, &faults), &faults)
}

/// What changed goes into the log; a price change by its own name.
async fn note(
    tx: &mut Tx,
    app: &App,
    at: &At,
    known: Option<&Item>,
    item: &Item,
) -> Result<(), WebError> {
    let (who, now) = (at.who(), app.now());
    let Some(before) = known else {
        let detail = format!("{}, {}", item.name, at.money(item.price));
        return Ok(tx.audit(at.merchant(), &who, "item.added", &detail, now).await?);
    };
    if before.price != item.price {
        let (was, is) = (at.money(before.price), at.money(item.price));
        let detail = format!("{}: {was} to {is}", item.name);
        tx.audit(at.merchant(), &who, "price.changed", &detail, now).await?;
    }
    let tax = |item: &Item| (item.tax_bp, item.tax_inclusive);
    if tax(before) != tax(item) {
        tx.audit(at.merchant(), &who, "tax.changed", &item.name, now).await?;
    }
    let rest = |item: &Item| (item.name.clone(), item.category_id.clone(), item.barcode.clone());
    if rest(before) != rest(item) {
        tx.audit(at.merchant(), &who, "item.changed", &item.name, now).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct On {
    #[serde(default)]
    on: String,
}

/// `POST …/items/{item}/{act}`: sold out, retire, back, up, down.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(On { on }): SafeForm<On>,
) -> Result<Response, WebError> {
    let id: ItemId = id.parse().map_err(|_| WebError::NotFound)?;
    let mut tx = app.db.begin().await?;
    let mut item = tx.lock_item(&at.store.id, &id).await?.ok_or(WebError::NotFound)?;
    let (what, word) = match act.as_str() {
        "sold-out" => {
            item.sold_out = i64::from(on != "no");
            (if item.sold_out == 1 { "item.sold_out" } else { "item.in_stock" }, "saved")
        }
        "retire" => {
            item.retired = 1;
            ("item.retired", "retired")
        }
        "back" => {
            item.retired = 0;
            ("item.back", "back")
        }
        "up" | "down" => {
            drop(tx);
            return shift(&app, &at, &item, act == "up").await;
        }
        _ => return Err(WebError::NotFound),
    };
    tx.save_item(&item).await?;
    tx.audit(at.merchant(), &at.who(), what, &item.name, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/items", word))
}

/// Changes places with its neighbour in the same category; all places are numbered anew.
async fn shift(app: &App, at: &At, item: &Item, up: bool) -> Result<Response, WebError> {
    let mut order = app.db.items(&at.store.id).await?;
    let same: Vec<usize> =
        (0..order.len()).filter(|index| order[*index].category_id == item.category_id).collect();
    let place = same.iter().position(|index| order[*index].id == item.id);
    let other =
        place.and_then(|place| if up { place.checked_sub(1) } else { place.checked_add(1) });
    if let (Some(place), Some(other)) = (place, other.filter(|other| *other < same.len())) {
        order.swap(same[place], same[other]);
        let mut tx = app.db.begin().await?;
        for (position, one) in (0i64..).zip(&order) {
            if one.position != position {
                tx.place_item(&at.store.id, &one.id, position).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(at.done("/items", "saved"))
}
