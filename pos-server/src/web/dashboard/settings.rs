//! The store's settings.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, unsaved};
use crate::app::App;
use crate::db::store::Store;
use crate::domain::money::Money;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::choices;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    address: String,
    time_zone: String,
    tax_name: String,
    tax: String,
    inclusive: String,
    tax_number: String,
    tips: String,
    coin: String,
    tie: String,
    cap: String,
    minutes: String,
    footer: String,
}

impl Typed {
    fn of(at: &At) -> Self {
        let store = &at.store;
        let yes_no = |flag: i64| if flag == 1 { "yes" } else { "no" }.to_owned();
        let amount = |minor| Money::new(minor, at.currency).to_input();
        Self {
            name: store.name.clone(),
            address: store.address.clone(),
            time_zone: store.time_zone.clone(),
            tax_name: store.tax_name.clone(),
            tax: read::write_bp(store.tax_bp),
            inclusive: yes_no(store.tax_inclusive),
            tax_number: store.tax_number.clone(),
            tips: read::write_tips(&store.tips()),
            coin: amount(store.cash_step),
            tie: yes_no(store.cash_tie_up),
            cap: amount(store.sale_cap),
            minutes: (store.offer_seconds / 60).max(1).to_string(),
            footer: store.receipt_footer.clone(),
        }
    }

    fn read(&self, at: &At, before: Store) -> Result<Store, Faults> {
        let mut faults = Faults::default();
        let mut at_least_one = |field, text: &str| {
            let amount = faults.take(field, read::amount(text, at.currency));
            if amount < 1 {
                faults.note(field, "This must be more than nothing.");
            }
            amount
        };
        let cash_step = at_least_one("coin", &self.coin);
        let sale_cap = at_least_one("cap", &self.cap);
        let tips = faults.take("tips", read::tips(&self.tips));
        let store = Store {
            name: faults.take("name", read::name(&self.name)),
            address: faults.take("address", read::lines(&self.address, 6)),
            time_zone: faults.take("time_zone", read::time_zone(&self.time_zone)),
            tax_name: faults.take("tax_name", read::name(&self.tax_name)),
            tax_bp: faults.take("tax", read::percent_bp(&self.tax)),
            tax_inclusive: i64::from(self.inclusive == "yes"),
            tax_number: faults.take("tax_number", read::line(&self.tax_number, 40)),
            tips_bp: read::tips_json(&tips),
            cash_step,
            cash_tie_up: i64::from(self.tie != "no"),
            sale_cap,
            offer_seconds: faults.take("minutes", read::whole(&self.minutes, 1, 1440)) * 60,
            receipt_footer: faults.take("footer", read::lines(&self.footer, 4)),
            ..before
        };
        faults.check(store)
    }

    fn html(&self, at: &At, faults: &Faults) -> FormHtml {
        let choice = |yes, no| vec![Choice::new("yes", yes), Choice::new("no", no)];
        let currency = at.currency;
        let shop = Panel {
            title: "Shop".into(),
            lead: Some(format!(
                "Prices are in {} ({currency}). The currency stays as it is.",
                currency.name()
            )),
            fields: vec![
                Field::text("name", "Shop name", &self.name).faults(faults),
                Field::area("address", "Address on receipts", &self.address, 3).faults(faults),
                Field::select("time_zone", "Time zone", &self.time_zone, choices::time_zones())
                    .faults(faults),
            ],
            pairs: vec![],
        };
        let tax = Panel {
            title: "Tax".into(),
            lead: None,
            fields: vec![Field::radio(
                "inclusive",
                "Prices on your menu",
                &self.inclusive,
                choice("Include tax", "Add tax on top"),
            )],
            pairs: vec![
                Field::text("tax_name", "Tax name", &self.tax_name).faults(faults),
                Field::decimal("tax", "Tax rate, %", &self.tax).faults(faults),
                Field::text("tax_number", "Tax number on receipts", &self.tax_number)
                    .optional()
                    .faults(faults),
            ],
        };
        let cash = Panel {
            title: "Tips and cash".into(),
            lead: None,
            fields: vec![
                Field::text("tips", "Tips to offer, %", &self.tips)
                    .optional()
                    .hint("Up to four; empty for no tips. Reckoned on the bill with its tax.")
                    .faults(faults),
                Field::decimal("coin", &format!("Smallest coin, {currency}"), &self.coin)
                    .hint(format!(
                        "Cash comes out even to this; {} rounds nothing. Other payments are exact.",
                        Money::new(1, currency).to_input()
                    ))
                    .faults(faults),
                Field::radio("tie", "Half a coin goes", &self.tie, choice("Up", "Down")),
            ],
            pairs: vec![],
        };
        let sale = Panel {
            title: "Sales and receipts".into(),
            lead: None,
            fields: vec![
                Field::area("footer", "Last lines on the receipt", &self.footer, 2).faults(faults),
            ],
            pairs: vec![
                Field::decimal("cap", &format!("No sale above, {currency}"), &self.cap)
                    .faults(faults),
                Field::whole("minutes", "A code is good for, minutes", &self.minutes)
                    .hint("The price of bitcoin is held for so long.")
                    .faults(faults),
            ],
        };
        FormHtml {
            shell: at.shell("Settings"),
            desk: at.desk(Section::Settings, "Settings", Some(at.store.name.clone())),
            back: None,
            action: at.path("/settings"),
            id: None,
            fault: unsaved(faults),
            panels: vec![shop, tax, cash, sale],
            button: "Save",
            acts: vec![],
        }
    }
}

/// `GET …/settings`
pub(super) async fn show(at: At) -> Result<Response, WebError> {
    let faults = Faults::default();
    form(&Typed::of(&at).html(&at, &faults), &faults)
}

/// `POST …/settings`
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let mut tx = app.db.begin().await?;
    let before = tx.lock_store(at.merchant(), &at.store.id).await?;
    let after = match typed.read(&at, before.clone()) {
        Ok(after) => after,
        Err(faults) => {
            drop(tx);
            return form(&typed.html(&at, &faults), &faults);
        }
    };
    tx.save_store(&after).await?;
    for (what, detail) in changes(&at, &before, &after) {
        tx.audit(at.merchant(), &at.who(), what, &detail, app.now()).await?;
    }
    tx.commit().await?;
    Ok(at.done("/settings", "saved"))
}

/// What changed, for the log.
fn changes(at: &At, before: &Store, after: &Store) -> Vec<(&'static str, String)> {
    let tax = |store: &Store| {
        let held = if store.tax_inclusive == 1 { "included" } else { "on top" };
        format!("{} {}%, {held}", store.tax_name, read::write_bp(store.tax_bp))
    };
    let tips = |store: &Store| read::write_tips(&store.tips());
    let cash = |store: &Store| {
        let tie = if store.cash_tie_up == 1 { "up" } else { "down" };
        format!("{}, half {tie}", at.money(store.cash_step))
    };
    let cap = |store: &Store| at.money(store.sale_cap);
    let minutes = |store: &Store| format!("{} seconds", store.offer_seconds);
    type Of<'a> = &'a dyn Fn(&Store) -> String;
    let rows: [(&str, Of); 9] = [
        ("tax.changed", &tax),
        ("tips.changed", &tips),
        ("cash_rounding.changed", &cash),
        ("sale_cap.changed", &cap),
        ("offer_time.changed", &minutes),
        ("store.renamed", &|store| store.name.clone()),
        ("time_zone.changed", &|store| store.time_zone.clone()),
        ("tax_number.changed", &|store| store.tax_number.clone()),
        ("receipt.changed", &|store| format!("{} / {}", store.address, store.receipt_footer)),
    ];
    let changed = rows.iter().filter(|(_, of)| of(before) != of(after));
    changed.map(|(what, of)| (*what, format!("{} to {}", of(before), of(after)))).collect()
}
