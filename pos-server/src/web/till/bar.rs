//! The bar over the till: who is on it, and what is parked.

use crate::app::App;
use crate::db::DbError;
use crate::till::Actor;
use crate::web::page::bar::{Bar, Parked};
use crate::web::page::part::Person;
use crate::web::page::shell::Shell;
use crate::web::page::words;

/// The bar of a till.
pub(super) async fn bar(app: &App, actor: &Actor, csrf: &str) -> Result<Bar, DbError> {
    let now = app.now();
    let currency = actor.store.currency()?;
    let parked = app.db.parked(&actor.store.id).await?;
    let parked = parked.into_iter().map(|one| Parked {
        id: one.id.to_string(),
        name: if one.name.is_empty() { one.staff_name.clone() } else { one.name },
        who: one.staff_name,
        age: format!("{} ago", words::span(now.0.saturating_sub(one.created_ms))),
        total: currency.write(one.total),
    });
    Ok(Bar {
        shop: actor.store.name.clone(),
        cashier: person(actor),
        parked: parked.collect(),
        csrf: csrf.to_owned(),
    })
}

fn person(actor: &Actor) -> Person {
    Person {
        id: actor.staff.id.to_string(),
        name: actor.staff.name.clone(),
        initials: super::initials(&actor.staff.name),
    }
}

/// The shell of a page of this till.
pub(super) fn shell(actor: &Actor, title: &str) -> Shell {
    Shell {
        title: title.to_owned(),
        shop: actor.store.name.clone(),
        practice: actor.store.practice(),
    }
}
