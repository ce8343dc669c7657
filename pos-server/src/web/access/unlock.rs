//! Who is on the till: unlocking with a PIN, and locking.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::on_with;
use crate::access::tries::{self, Tried};
use crate::app::App;
use crate::db::staff::Staff;
use crate::web::cookie::Cookie;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::next::safe_next;
use crate::web::page::part::Person;
use crate::web::page::{Shell, UnlockHtml};
use crate::web::session::{LOCKS_AFTER, TILL_STAYS};
use crate::web::who::Device;

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Pin {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

const TILL: &str = "/till";

/// Shows who may.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    device: Device,
    Query(query): Query<Next>,
) -> Result<Response, WebError> {
    let staff = staff_of(&app, &device).await?;
    Ok(Html(html(&device, &staff, None, None, &query.next).render()?).into_response())
}

/// Unlocks the till, and goes on where the form says: a mistyped PIN must not lose the way back.
pub(super) async fn unlock(
    State(app): State<Arc<App>>,
    device: Device,
    headers: HeaderMap,
    SafeForm(form): SafeForm<Pin>,
) -> Result<Response, WebError> {
    let staff = staff_of(&app, &device).await?;
    let chosen = staff.iter().find(|person| person.id.as_str() == form.staff);
    let again = |words: String| {
        let page = html(&device, &staff, Some(form.staff.clone()), Some(words), &form.next);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
    };
    let Some(person) = chosen else {
        return again("Tap your name first.".into());
    };
    let tried = tries::pin(&app, &device.till, person, &form.pin).await?;
    let locked = match tried {
        Tried::Locked => Some(format!("{} on {}", person.name, device.till.name)),
        Tried::TillLocked => Some(format!("{}, for everybody", device.till.name)),
        Tried::Right | Tried::Wrong(_) => None,
    };
    if let Some(detail) = locked {
        let mut tx = app.db.begin().await?;
        tx.audit(&person.merchant_id, &person.name, "pin.locked", &detail, app.now()).await?;
        tx.commit().await?;
    }
    if let Some(words) = tried.pin_words() {
        return again(words);
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let session = &device.session.token_hash;
    tx.set_session_staff(session, Some(&person.id), now.after(LOCKS_AFTER)).await?;
    tx.extend_session(session, now.after(TILL_STAYS)).await?;
    let merchant = &person.merchant_id;
    tx.audit(merchant, &person.name, "till.unlocked", &device.till.name, now).await?;
    tx.commit().await?;
    let next = on_from(&form.next);
    // The browser forgets a cookie after a year at most, so it gets it anew.
    Ok(match Cookie::Till.read(&app.config, &headers) {
        Some(token) => on_with(Cookie::Till.set(&app.config, &token, TILL_STAYS), next),
        None => Redirect::to(next).into_response(),
    })
}

/// Locks the till.
pub(super) async fn lock(
    State(app): State<Arc<App>>,
    device: Device,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Redirect, WebError> {
    let mut tx = app.db.begin().await?;
    tx.set_session_staff(&device.session.token_hash, None, app.now()).await?;
    tx.commit().await?;
    Ok(Redirect::to("/till/unlock"))
}

/// Where to go on to: a path of ours, or the till.
fn on_from(next: &str) -> &str {
    safe_next(next).unwrap_or(TILL)
}

async fn staff_of(app: &App, device: &Device) -> Result<Vec<Staff>, WebError> {
    let staff = app.db.staff_of(&device.store.id).await?;
    Ok(staff.into_iter().filter(|person| person.retired == 0).collect())
}

fn html(
    device: &Device,
    staff: &[Staff],
    chosen: Option<String>,
    error: Option<String>,
    next: &str,
) -> UnlockHtml {
    let next = on_from(next);
    UnlockHtml {
        shell: Shell {
            title: "Locked".into(),
            shop: device.store.name.clone(),
            practice: device.store.practice(),
        },
        csrf: device.session.csrf.clone(),
        till: device.till.name.clone(),
        staff: staff.iter().map(person).collect(),
        chosen,
        error,
        notice: (next != TILL).then(|| "Signed out. The sale is kept.".to_owned()),
        next: next.to_owned(),
    }
}

/// Somebody as pages show them.
pub(crate) fn person(staff: &Staff) -> Person {
    let initials = crate::web::till::initials(&staff.name);
    Person { id: staff.id.to_string(), name: staff.name.clone(), initials }
}
