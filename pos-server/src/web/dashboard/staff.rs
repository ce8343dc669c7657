//! Staff: the list, the form, and what is done with one tap.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, page, unsaved};
use crate::access::{open, password};
use crate::app::App;
use crate::db::staff::Staff;
use crate::domain::id::StaffId;
use crate::web::access::person;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::page::dashboard::staff::{StaffHtml, StaffLine};
use crate::web::read::{self, Faults};

/// `GET …/staff`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let mut staff = app.db.staff_of(&at.store.id).await?;
    staff.sort_by_key(|one| one.retired);
    let (now, local) = (app.now(), at.local());
    let line = |one: &Staff| StaffLine {
        person: person(one),
        role: if one.role == "manager" { "Manager" } else { "Cashier" },
        locked: (one.locked_until_ms > now.0)
            .then(|| format!("Locked until {}", local.time(one.locked_until_ms))),
        retired: one.retired == 1,
        href: href(&at, &one.id),
    };
    page(&StaffHtml {
        shell: at.shell("Staff"),
        desk: at.desk(Section::Staff, "Staff", None),
        staff: staff.iter().map(line).collect(),
    })
}

fn href(at: &At, id: &StaffId) -> String {
    at.path(&format!("/staff/{id}"))
}

/// Somebody of this store; of any other they are not found.
async fn find(app: &App, at: &At, id: &str) -> Result<Staff, WebError> {
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    let staff = app.db.staff(at.merchant(), &id).await?;
    if staff.store_id == at.store.id { Ok(staff) } else { Err(WebError::NotFound) }
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    pin: String,
}

impl Typed {
    fn html(&self, at: &At, id: &StaffId, known: bool, faults: &Faults) -> FormHtml {
        let title = if known { self.name.as_str() } else { "New person" };
        let roles = [("cashier", "Cashier"), ("manager", "Manager")];
        let roles = roles.map(|(value, words)| Choice::new(value, words)).to_vec();
        let pin = if known {
            Field::pin("pin", "New PIN").optional().hint("Empty leaves the PIN as it is.")
        } else {
            Field::pin("pin", "PIN").hint("Four to eight digits; only this person knows it.")
        };
        let action = href(at, id);
        let retire = Act {
            action: format!("{action}/retire"),
            words: "No longer works here",
            icon: "trash",
            means: "Tills they unlocked lock at once; old sales keep the name.".into(),
        };
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Staff, title, None),
            back: Some((at.path("/staff"), "Staff")),
            action,
            id: None,
            fault: unsaved(faults),
            panels: vec![Panel {
                title: "Person".into(),
                fields: vec![
                    Field::text("name", "First name, as the till shows it", &self.name)
                        .faults(faults),
                    Field::radio("role", "Role", &self.role, roles)
                        .hint("A manager may allow what a cashier may not.")
                        .faults(faults),
                    pin.faults(faults),
                ],
                ..Panel::default()
            }],
            button: if known { "Save" } else { "Add the person" },
            acts: if known { vec![retire] } else { vec![] },
        }
    }
}

/// `GET …/staff/new`
pub(super) async fn new(at: At) -> Result<Response, WebError> {
    let typed = Typed { name: String::new(), role: "cashier".into(), pin: String::new() };
    let faults = Faults::default();
    form(&typed.html(&at, &StaffId::new(), false, &faults), &faults)
}

/// `GET …/staff/{staff}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let staff = find(&app, &at, &id).await?;
    let typed = Typed { name: staff.name, role: staff.role, pin: String::new() };
    let faults = Faults::default();
    form(&typed.html(&at, &staff.id, true, &faults), &faults)
}

/// `POST …/staff/{staff}`: adds them or changes them; sent twice it is the same person.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let id: StaffId = id.parse().map_err(|_| WebError::NotFound)?;
    let known = app.db.staff_of(&at.store.id).await?.into_iter().find(|one| one.id == id);
    let mut faults = Faults::default();
    let name = faults.take("name", read::name(&typed.name));
    if !matches!(typed.role.as_str(), "cashier" | "manager") {
        faults.note("role", "Choose one of the two.");
    }
    let keeps_pin = known.is_some() && typed.pin.is_empty();
    let pin = if keeps_pin { String::new() } else { faults.take("pin", read::pin(&typed.pin)) };
    if let Err(faults) = faults.check(()) {
        return form(&typed.html(&at, &id, known.is_some(), &faults), &faults);
    }
    let Some(before) = known else {
        let staff = open::staff(&app, &at.store, &name, &typed.role, &pin).await?;
        let mut tx = app.db.begin().await?;
        if !tx.add_staff(&Staff { id, ..staff }, app.now()).await? {
            return Err(WebError::NotFound);
        }
        let detail = format!("{name}, {}", typed.role);
        tx.audit(at.merchant(), &at.who(), "staff.added", &detail, app.now()).await?;
        tx.commit().await?;
        return Ok(at.done("/staff", "added"));
    };
    let mut after = Staff { name, role: typed.role, ..before.clone() };
    if !keeps_pin {
        let peppered = password::peppered(&app.seal, &pin);
        after.pin_hash = password::hash(&peppered).await?;
    }
    save_over(&app, &at, &before, &after).await?;
    Ok(at.done("/staff", "saved"))
}

async fn save_over(app: &App, at: &At, before: &Staff, after: &Staff) -> Result<(), WebError> {
    let (who, now, merchant) = (at.who(), app.now(), at.merchant());
    let mut tx = app.db.begin().await?;
    tx.save_staff(after).await?;
    if before.role != after.role {
        let detail = format!("{}: {} to {}", after.name, before.role, after.role);
        tx.audit(merchant, &who, "role.changed", &detail, now).await?;
    }
    if before.pin_hash != after.pin_hash {
        tx.lock_tills_of(&after.id).await?;
        tx.audit(merchant, &who, "pin.changed", &after.name, now).await?;
    }
    if before.name != after.name {
        let detail = format!("{} to {}", before.name, after.name);
        tx.audit(merchant, &who, "staff.renamed", &detail, now).await?;
    }
    Ok(tx.commit().await?)
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/staff/{staff}/{act}`: retire, back, unlock.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let mut staff = find(&app, &at, &id).await?;
    let (retired, what, word) = match act.as_str() {
        "retire" => (1, "staff.retired", "retired"),
        "back" => (0, "staff.back", "back"),
        "unlock" => (staff.retired, "pin.unlocked", "unlocked"),
        _ => return Err(WebError::NotFound),
    };
    staff.retired = retired;
    let mut tx = app.db.begin().await?;
    // Saving a person lets them try again.
    tx.save_staff(&staff).await?;
    if retired == 1 {
        tx.lock_tills_of(&staff.id).await?;
    }
    tx.audit(at.merchant(), &at.who(), what, &staff.name, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/staff", word))
}
