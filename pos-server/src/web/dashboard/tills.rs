//! Tills: the list, the form, pairing codes, and what is done with one tap.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, page, unsaved};
use crate::access::{open, pairing};
use crate::app::App;
use crate::db::till::Till;
use crate::domain::id::TillId;
use crate::receipt::qr::{self, Spare};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::page::dashboard::tills::{CodeHtml, TillLine, TillsHtml};
use crate::web::page::words::countdown;
use crate::web::read::{self, Faults};

/// `GET …/tills`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let mut tills = app.db.tills(&at.store.id).await?;
    tills.sort_by_key(|till| till.retired);
    let tablets = app.db.tablets(&at.store.id, app.now()).await?;
    let line = |till: &Till| {
        let paired = tablets.iter().find(|(id, _)| id == till.id.as_str());
        let count = paired.map_or(0, |(_, count)| *count);
        TillLine {
            name: till.name.clone(),
            numbers: format!("Receipts {}-{:05} and on", till.prefix, till.next_receipt),
            tablets: match count {
                0 => "No tablet yet".into(),
                1 => "1 tablet".into(),
                count => format!("{count} tablets"),
            },
            paired: count > 0,
            retired: till.retired == 1,
            href: href(&at, &till.id),
        }
    };
    page(&TillsHtml {
        shell: at.shell("Tills"),
        desk: at.desk(Section::Tills, "Tills", None),
        tills: tills.iter().map(line).collect(),
    })
}

fn href(at: &At, id: &TillId) -> String {
    at.path(&format!("/tills/{id}"))
}

/// A till of this store; of any other it is not found.
async fn find(app: &App, at: &At, id: &str) -> Result<Till, WebError> {
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    let till = app.db.till(at.merchant(), &id).await?;
    if till.store_id == at.store.id { Ok(till) } else { Err(WebError::NotFound) }
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    prefix: String,
}

impl Typed {
    fn html(&self, at: &At, id: &TillId, known: bool, faults: &Faults) -> FormHtml {
        let title = if known { self.name.as_str() } else { "New till" };
        let mut fields = vec![Field::text("name", "Name", &self.name).faults(faults)];
        if !known {
            let prefix = Field::text("prefix", "Receipts begin with", &self.prefix);
            let hint = "One to four letters or digits, like C2. It stays for good.";
            fields.push(prefix.hint(hint).faults(faults));
        }
        let action = href(at, id);
        let retire = Act {
            action: format!("{action}/retire"),
            words: "Put it away",
            icon: "trash",
            means: "Its tablets are no tills any more; old sales keep it.".into(),
        };
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Tills, title, None),
            back: Some((at.path("/tills"), "Tills")),
            action,
            id: None,
            fault: unsaved(faults),
            panels: vec![Panel { title: "Till".into(), fields, ..Panel::default() }],
            button: if known { "Save" } else { "Add the till" },
            acts: if known { vec![retire] } else { vec![] },
        }
    }
}

/// `GET …/tills/new`
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let next = app.db.tills(&at.store.id).await?.len() + 1;
    let typed = Typed { name: format!("Counter {next}"), prefix: format!("C{next}") };
    let faults = Faults::default();
    form(&typed.html(&at, &TillId::new(), false, &faults), &faults)
}

/// `GET …/tills/{till}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let till = find(&app, &at, &id).await?;
    let typed = Typed { name: till.name, prefix: till.prefix };
    let faults = Faults::default();
    form(&typed.html(&at, &till.id, true, &faults), &faults)
}

/// `POST …/tills/{till}`: adds it or renames it; sent twice it is the same till.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let id: TillId = id.parse().map_err(|_| WebError::NotFound)?;
    let known = app.db.tills(&at.store.id).await?.into_iter().find(|till| till.id == id);
    let mut faults = Faults::default();
    let name = faults.take("name", read::name(&typed.name));
    let prefix = match &known {
        Some(till) => till.prefix.clone(),
        None => faults.take("prefix", read::prefix(&typed.prefix)),
    };
    if let Err(faults) = faults.check(()) {
        return form(&typed.html(&at, &id, known.is_some(), &faults), &faults);
    }
    let mut tx = app.db.begin().await?;
    let (who, now) = (at.who(), app.now());
    if let Some(till) = known {
        tx.save_till(&Till { name: name.clone(), ..till }).await?;
        tx.audit(at.merchant(), &who, "till.changed", &name, now).await?;
        tx.commit().await?;
        return Ok(at.done("/tills", "saved"));
    }
    let till = Till { id: id.clone(), ..open::till(&at.store, &name, &prefix) };
    if !tx.add_till(&till, now).await? {
        drop(tx);
        let mut faults = Faults::default();
        faults.note("prefix", "Another till of this store has it.");
        return form(&typed.html(&at, &id, false, &faults), &faults);
    }
    tx.audit(at.merchant(), &who, "till.added", &format!("{prefix} {name}"), now).await?;
    tx.commit().await?;
    Ok(at.done("/tills", "added"))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/tills/{till}/code`: a new code, shown once.
pub(super) async fn code(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let till = find(&app, &at, &id).await?;
    if till.retired == 1 {
        return Err(WebError::conflict("This till is put away. Use it again first."));
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let code = pairing::new_code(&mut tx, &till, now).await?;
    tx.audit(at.merchant(), &at.who(), "till.code_made", &till.name, now).await?;
    tx.commit().await?;
    // The name by which the owner reaches us is the best guess at how a tablet does.
    let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
    let base = origin.unwrap_or(&app.config.public_url);
    let (first, second) = code.code.split_at(code.code.len() / 2);
    let title = format!("Pair a tablet with {}", till.name);
    let left_ms = code.expires.0 - now.0;
    page(&CodeHtml {
        shell: at.shell("Pair a tablet"),
        desk: at.desk(Section::Tills, &title, None),
        code: format!("{first} {second}"),
        address: format!("{base}/pair"),
        qr: qr::draw(&format!("{base}/pair?code={}", code.code), Spare::Screen)
            .map_err(WebError::internal)?,
        until: at.local().time(code.expires.0),
        left_ms,
        left: countdown(left_ms),
        again: format!("{}/code", href(&at, &till.id)),
    })
}

/// `POST …/tills/{till}/{act}`: unpair, retire, back.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let till = find(&app, &at, &id).await?;
    let (retired, what, word) = match act.as_str() {
        "unpair" => (till.retired, "till.unpaired", "unpaired"),
        "retire" => (1, "till.retired", "retired"),
        "back" => (0, "till.back", "back"),
        _ => return Err(WebError::NotFound),
    };
    let mut tx = app.db.begin().await?;
    if act != "back" {
        tx.end_sessions_of(till.id.as_str()).await?;
        tx.end_pairings_of(&till.id).await?;
    }
    let detail = format!("{} {}", till.prefix, till.name);
    tx.save_till(&Till { retired, ..till }).await?;
    tx.audit(at.merchant(), &at.who(), what, &detail, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/tills", word))
}
