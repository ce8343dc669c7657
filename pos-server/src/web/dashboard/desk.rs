//! Whose dashboard it is: the owner, and a store of his by the address.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::db::store::Store;
use crate::domain::currency::Currency;
use crate::domain::id::MerchantId;
use crate::domain::local::Local;
use crate::web::error::WebError;
use crate::web::page::Shell;
use crate::web::page::dashboard::desk::{Desk, OtherStore, Section};
use crate::web::read::Faults;
use crate::web::who::Owner;

/// The owner at a store's desk. A store of somebody else is not found.
pub(super) struct At {
    pub(super) owner: Owner,
    pub(super) store: Store,
    pub(super) currency: Currency,
    stores: Vec<Store>,
    done: Option<&'static str>,
}

#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

/// What was done, by the word in the address: never words from the address itself.
const DONE: &[(&str, &str)] = &[
    ("saved", "Saved"),
    ("added", "Added"),
    ("retired", "Put away"),
    ("back", "Back in use"),
    ("unpaired", "The tablet is no till any more"),
    ("unlocked", "May try again"),
    ("password", "The password is changed, and every other browser is signed out"),
    ("connected", "Connected"),
    ("frozen", "Frozen: it pays nothing until it is thawed"),
    ("stopped", "Stopped: nothing more is promised by it"),
    ("thawed", "Thawed"),
    ("ended", "Ended: it never pays again"),
    ("settled", "Settled"),
    ("revoked", "Revoked: it lets nobody in any more"),
    ("removed", "Removed"),
    ("refused", "Nothing was approved at BTCPay, and nothing was changed"),
    ("unpaired-btcpay", "BTCPay is not connected any more"),
    ("rotated", "The webhook has a new secret; the old one is good until the next change"),
    ("given-up", "Looked at once more; if nothing was heard, it is given up"),
    ("swapped", "First and second changed places"),
];

impl FromRequestParts<Arc<App>> for At {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, WebError> {
        let owner = Owner::from_request_parts(parts, app).await?;
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let path = path.map_err(|_| WebError::NotFound)?;
        let id = path.get("store").map(String::as_str).unwrap_or_default();
        let stores = app.db.stores(owner.merchant()).await?;
        let store = stores.iter().find(|store| store.id.as_str() == id);
        let store = store.cloned().ok_or(WebError::NotFound)?;
        let query = Query::<Done>::from_request_parts(parts, app).await.ok();
        let word = query.map(|Query(done)| done.done).unwrap_or_default();
        let done = DONE.iter().find(|(name, _)| *name == word).map(|(_, words)| *words);
        Ok(Self { owner, currency: store.currency()?, store, stores, done })
    }
}

impl At {
    pub(super) fn merchant(&self) -> &MerchantId {
        &self.store.merchant_id
    }

    pub(super) fn who(&self) -> String {
        self.owner.who()
    }

    pub(super) fn local(&self) -> Local {
        Local::new(&self.store.time_zone)
    }

    pub(super) fn money(&self, minor: i64) -> String {
        self.currency.write(minor)
    }

    pub(super) fn shell(&self, title: &str) -> Shell {
        Shell {
            title: title.into(),
            shop: self.store.name.clone(),
            practice: self.store.practice(),
        }
    }

    pub(super) fn desk(&self, section: Section, title: &str, under: Option<String>) -> Desk {
        let others = self.stores.iter().filter(|store| store.id != self.store.id);
        Desk {
            csrf: self.owner.session.csrf.clone(),
            store: self.store.id.to_string(),
            store_name: self.store.name.clone(),
            section,
            title: title.into(),
            under,
            others: others
                .map(|store| OtherStore { id: store.id.to_string(), name: store.name.clone() })
                .collect(),
            done: self.done,
        }
    }

    /// Every store: name, what it is, address.
    pub(super) fn all_stores(&self) -> Vec<(String, String, String)> {
        let what = |store: &Store| {
            let money = if store.practice() { "practice money" } else { "real money" };
            format!("{}, {money}", store.currency)
        };
        let row =
            |store: &Store| (store.name.clone(), what(store), format!("/dashboard/{}", store.id));
        self.stores.iter().map(row).collect()
    }

    pub(super) fn path(&self, path: &str) -> String {
        format!("/dashboard/{}{path}", self.store.id)
    }

    /// On to a page of this store, which says what was done.
    pub(super) fn done(&self, path: &str, word: &str) -> Response {
        Redirect::to(&format!("{}?done={word}", self.path(path))).into_response()
    }
}

/// A page.
pub(super) fn page(template: &impl Template) -> Result<Response, WebError> {
    Ok(Html(template.render()?).into_response())
}

/// A form's page: with faults it says that nothing was saved.
pub(super) fn form(template: &impl Template, faults: &Faults) -> Result<Response, WebError> {
    let sound = *faults == Faults::default();
    let status = if sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(template.render()?)).into_response())
}

/// What a form says above its fields when some have faults.
pub(super) fn unsaved(faults: &Faults) -> Option<String> {
    let sound = *faults == Faults::default();
    (!sound).then(|| "Nothing was saved yet. See the fields marked below.".into())
}
