//! Categories: the rows of the shelf.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, unsaved};
use crate::app::App;
use crate::db::catalog::Category;
use crate::domain::id::CategoryId;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    tint: String,
}

impl Typed {
    fn html(&self, at: &At, id: &CategoryId, known: bool, faults: &Faults) -> FormHtml {
        let title = if known { self.name.as_str() } else { "New category" };
        let tints = [("1", "Brown"), ("2", "Blue"), ("3", "Yellow"), ("4", "Red")];
        let tints = tints.map(|(value, words)| Choice::new(value, words)).to_vec();
        let action = at.path(&format!("/categories/{id}"));
        let act = |act: &str, words, icon, means: &str| Act {
            action: format!("{action}/{act}"),
            words,
            icon,
            means: means.into(),
        };
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Items, title, None),
            back: Some((at.path("/items"), "Items")),
            id: None,
            fault: unsaved(faults),
            panels: vec![Panel {
                title: "Category".into(),
                fields: vec![
                    Field::text("name", "Name", &self.name).faults(faults),
                    Field::radio("tint", "Colour on the shelf", &self.tint, tints).faults(faults),
                ],
                ..Panel::default()
            }],
            button: if known { "Save" } else { "Add the category" },
            acts: if known {
                vec![
                    act("up", "Earlier", "up", "One place to the left on the till."),
                    act("down", "Later", "down", "One place to the right on the till."),
                    act("remove", "Remove", "trash", "Its items stay, without a category."),
                ]
            } else {
                vec![]
            },
            action,
        }
    }
}

/// `GET …/categories/new`
pub(super) async fn new(at: At) -> Result<Response, WebError> {
    let typed = Typed { name: String::new(), tint: "1".into() };
    let faults = Faults::default();
    form(&typed.html(&at, &CategoryId::new(), false, &faults), &faults)
}

/// `GET …/categories/{category}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let id: CategoryId = id.parse().map_err(|_| WebError::NotFound)?;
    let category = app.db.category(&at.store.id, &id).await?;
    let typed = Typed { name: category.name, tint: category.tint.to_string() };
    let faults = Faults::default();
    form(&typed.html(&at, &id, true, &faults), &faults)
}

/// `POST …/categories/{category}`: adds it or changes it.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let id: CategoryId = id.parse().map_err(|_| WebError::NotFound)?;
    let all = app.db.categories(&at.store.id).await?;
    let known = all.iter().find(|category| category.id == id);
    let mut faults = Faults::default();
    let name = faults.take("name", read::name(&typed.name));
    let tint = faults.take("tint", read::whole(&typed.tint, 1, 4));
    if let Err(faults) = faults.check(()) {
        return form(&typed.html(&at, &id, known.is_some(), &faults), &faults);
    }
    let last = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let category = Category {
        id,
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        name,
        tint,
        position: known.map_or(last, |known| known.position),
    };
    let mut tx = app.db.begin().await?;
    tx.save_category(&category).await?;
    let what = if known.is_some() { "category.changed" } else { "category.added" };
    tx.audit(at.merchant(), &at.who(), what, &category.name, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/items", if known.is_some() { "saved" } else { "added" }))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/categories/{category}/{act}`: up, down, remove.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let id: CategoryId = id.parse().map_err(|_| WebError::NotFound)?;
    let mut all = app.db.categories(&at.store.id).await?;
    let place = all.iter().position(|one| one.id == id).ok_or(WebError::NotFound)?;
    let mut tx = app.db.begin().await?;
    let word = match act.as_str() {
        "remove" => {
            tx.remove_category(&at.store.id, &id).await?;
            let name = &all[place].name;
            tx.audit(at.merchant(), &at.who(), "category.removed", name, app.now()).await?;
            "removed"
        }
        "up" | "down" => {
            let other = if act == "up" { place.checked_sub(1) } else { place.checked_add(1) };
            if let Some(other) = other.filter(|other| *other < all.len()) {
                all.swap(place, other);
            }
            for (position, one) in (0i64..).zip(&mut all) {
                one.position = position;
                tx.save_category(one).await?;
            }
            "saved"
        }
        _ => return Err(WebError::NotFound),
    };
    tx.commit().await?;
    Ok(at.done("/items", word))
}
