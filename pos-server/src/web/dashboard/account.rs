//! The owner's account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form};
use crate::access::password;
use crate::access::tries::{self, Tried};
use crate::app::App;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::account::AccountHtml;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::read::{self, Faults};

fn html(at: &At, faults: &Faults, fault: Option<&str>) -> AccountHtml {
    let email = at.owner.owner.email.clone();
    AccountHtml {
        shell: at.shell("Account"),
        desk: at.desk(Section::Account, "Account", Some(email.clone())),
        email,
        fault: fault.map(str::to_owned),
        fields: [
            Field::password("now", "Password now").faults(faults),
            Field::new_password("new", "New password")
                .hint("At least 10 signs; three words do well.")
                .faults(faults),
        ],
        stores: at.all_stores(),
    }
}

/// `GET …/account`
pub(super) async fn show(at: At) -> Result<Response, WebError> {
    let faults = Faults::default();
    form(&html(&at, &faults, None), &faults)
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    now: String,
    #[serde(default)]
    new: String,
}

/// `POST …/account/password`: needs the password now, counted like any try; ends all other
/// sessions.
pub(super) async fn password(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let mut faults = Faults::default();
    let new = faults.take("new", read::new_password(&typed.new));
    if let Err(faults) = faults.check(()) {
        return form(&html(&at, &faults, None), &faults);
    }
    let owner = &at.owner.owner;
    let words = match tries::password(&app, Some(owner), &typed.now).await? {
        Tried::Right => None,
        Tried::Wrong(left) => Some(format!("That password is not right. Tries left: {left}.")),
        Tried::Locked | Tried::TillLocked => Some("Too many tries. Wait five minutes.".into()),
    };
    if let Some(words) = words {
        let mut faults = Faults::default();
        faults.note("now", words.as_str());
        return form(&html(&at, &faults, Some("The password was not changed.")), &faults);
    }
    let hash = password::hash(&new).await?;
    let mut tx = app.db.begin().await?;
    tx.set_owner_password(&owner.email, &hash).await?;
    tx.end_other_sessions(owner.id.as_str(), &at.owner.session.token_hash).await?;
    tx.audit(at.merchant(), &at.who(), "owner.password_changed", "", app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/account", "password"))
}
