//! Another store of the same merchant.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, unsaved};
use crate::access::open;
use crate::app::App;
use crate::db::DbError;
use crate::db::store::Store;
use crate::domain::id::StoreId;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::choices;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed; the id is made with the page, so that a form sent twice opens one store.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    id: String,
    name: String,
    currency: String,
    tax_name: String,
    tax: String,
    inclusive: String,
    time_zone: String,
    till: String,
    prefix: String,
    person: String,
    pin: String,
}

impl Typed {
    fn html(&self, at: &At, faults: &Faults) -> FormHtml {
        let yes_no = vec![Choice::new("yes", "Include tax"), Choice::new("no", "Add tax on top")];
        FormHtml {
            shell: at.shell("Another store"),
            desk: at.desk(Section::Account, "Another store", None),
            back: Some((at.path("/account"), "Account")),
            action: at.path("/new-store"),
            id: Some(self.id.clone()),
            fault: unsaved(faults),
            panels: vec![
                Panel {
                    title: "Store".into(),
                    lead: Some("It starts with practice money, like the first.".into()),
                    fields: vec![
                        Field::text("name", "Store name", &self.name).faults(faults),
                        Field::select(
                            "currency",
                            "Currency",
                            &self.currency,
                            choices::currencies(),
                        )
                        .faults(faults),
                        Field::select(
                            "time_zone",
                            "Time zone",
                            &self.time_zone,
                            choices::time_zones(),
                        )
                        .faults(faults),
                        Field::radio("inclusive", "Prices on the menu", &self.inclusive, yes_no),
                    ],
                    pairs: vec![
                        Field::text("tax_name", "Tax name", &self.tax_name).faults(faults),
                        Field::decimal("tax", "Tax rate, %", &self.tax).faults(faults),
                    ],
                },
                Panel {
                    title: "First till and person".into(),
                    lead: None,
                    fields: vec![],
                    pairs: vec![
                        Field::text("till", "Till", &self.till).faults(faults),
                        Field::text("prefix", "Receipts begin with", &self.prefix).faults(faults),
                        Field::text("person", "First name", &self.person).faults(faults),
                        Field::pin("pin", "PIN, 4 to 8 digits").faults(faults),
                    ],
                },
            ],
            button: "Open the store",
            acts: vec![],
        }
    }

    fn read(&self, at: &At) -> Result<Store, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", read::name(&self.name));
        let tax_name = faults.take("tax_name", read::name(&self.tax_name));
        let tax_bp = faults.take("tax", read::percent_bp(&self.tax));
        let time_zone = faults.take("time_zone", read::time_zone(&self.time_zone));
        faults.take("till", read::name(&self.till));
        faults.take("prefix", read::prefix(&self.prefix));
        faults.take("person", read::name(&self.person));
        faults.take("pin", read::pin(&self.pin));
        let id = self.id.parse::<StoreId>();
        let Ok(id) = id else {
            faults.note("name", "Open this page again.");
            return Err(faults);
        };
        let store = read::currency(&self.currency).and_then(|currency| {
            open::practice_store(at.merchant(), name, currency).map_err(|error| error.to_string())
        });
        match store {
            Ok(store) => {
                let tax_inclusive = i64::from(self.inclusive == "yes");
                let tips_bp = "[1000,1500,2000]".into();
                let tax = Store { tax_name, tax_bp, tax_inclusive, ..store };
                faults.check(Store { id, time_zone, tips_bp, ..tax })
            }
            Err(words) => {
                faults.note("currency", words);
                Err(faults)
            }
        }
    }
}

/// `GET …/new-store`: filled in like the store one comes from.
pub(super) async fn show(at: At) -> Result<Response, WebError> {
    let store = &at.store;
    let typed = Typed {
        id: StoreId::new().to_string(),
        currency: store.currency.clone(),
        tax_name: store.tax_name.clone(),
        tax: read::write_bp(store.tax_bp),
        inclusive: if store.tax_inclusive == 1 { "yes" } else { "no" }.into(),
        time_zone: store.time_zone.clone(),
        till: "Counter 1".into(),
        prefix: "C1".into(),
        ..Typed::default()
    };
    let faults = Faults::default();
    form(&typed.html(&at, &faults), &faults)
}

/// `POST …/new-store`
pub(super) async fn open(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let store = match typed.read(&at) {
        Ok(store) => store,
        Err(faults) => return form(&typed.html(&at, &faults), &faults),
    };
    let on = |store: &Store| {
        let path = format!("/dashboard/{}?done=added", store.id);
        axum::response::IntoResponse::into_response(axum::response::Redirect::to(&path))
    };
    match app.db.store(at.merchant(), &store.id).await {
        Ok(known) => return Ok(on(&known)),
        Err(DbError::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    let till = open::till(&store, typed.till.trim(), &typed.prefix.trim().to_uppercase());
    let person = open::staff(&app, &store, typed.person.trim(), "manager", &typed.pin).await?;
    let (who, now) = (at.who(), app.now());
    let mut tx = app.db.begin().await?;
    open::add_store(&mut tx, &store, &who, now).await?;
    open::add_till(&mut tx, &till, &who, now).await?;
    open::add_staff(&mut tx, &person, &who, now).await?;
    tx.commit().await?;
    app.connections_changed.notify_one();
    app.stores_changed.notify_one();
    Ok(on(&store))
}
