//! `GET /sales`: the sales of a store, the newest first, a page at a time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::gate::Caller;
use super::money::read_instant;
use super::problem::{FieldError, Problem, Refusals};
use super::refusal::Refusal;
use super::sale::many;
use super::scope::Scope;
use super::sent::Asked;
use super::view::Sale;
use crate::app::App;
use crate::db::sale::{self, Listed};
use crate::domain::id::SaleId;
use crate::domain::time::Time;

const USUAL: i64 = 20;
const MOST: i64 = 100;
const STATES: [&str; 5] = ["open", "paid", "voided", "part_refunded", "refunded"];

/// Which sales.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those that are `open`, `paid`, `voided`, `part_refunded` or `refunded`.
    state: Option<String>,
    /// Opened then or later (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Opened before that (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
    /// `next` of the page before, with all else as it was.
    cursor: Option<String>,
    /// Sales on a page, 1 to 100; 20 if not said.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

/// A page of sales, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalePage {
    sales: Vec<Sale>,
    /// Where older ones are read, as `cursor`; none on the last page.
    #[schema(required)]
    next: Option<String>,
}

/// List sales
#[utoipa::path(
    get, path = "/sales", operation_id = "listSales", tag = "sales",
    security(("token" = ["sales:read"])),
    params(Wanted),
    responses((status = 200, description = "A page of sales", body = SalePage), Refusals)
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<SalePage>, Refusal> {
    caller.may(Scope::SalesRead)?;
    let (listed, limit) = wanted.read()?;
    let mut sales = app.db.sales_listed(&caller.store.id, &listed, limit + 1).await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = sales.len() > page;
    sales.truncate(page);
    let next = sales.last().filter(|_| more).map(write_cursor);
    Ok(Json(SalePage { sales: many(&app, &caller, sales).await?, next }))
}

impl Wanted {
    fn read(self) -> Result<(Listed, i64), Problem> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, detail: String| {
            errors.push(FieldError { field: field.into(), detail });
        };
        let state = self.state.unwrap_or_default();
        if !state.is_empty() && !STATES.contains(&state.as_str()) {
            wrong("state", format!("One of {}.", STATES.join(", ")));
        }
        let mut instant = |field, text: Option<String>, usual| match text {
            None => usual,
            Some(text) => read_instant(&text).unwrap_or_else(|words| {
                wrong(field, words);
                usual
            }),
        };
        let from = Time(instant("from", self.from, 0));
        let to = Time(instant("to", self.to, i64::MAX));
        let before = self.cursor.and_then(|cursor| {
            let read = read_cursor(&cursor);
            if read.is_none() {
                wrong("cursor", "Send “next” of the page before, as it is.".into());
            }
            read
        });
        let limit = self.limit.map_or(Ok(USUAL), |limit| limit.parse().map_err(|_| ()));
        let limit = limit.ok().filter(|limit| (1..=MOST).contains(limit)).unwrap_or_else(|| {
            wrong("limit", format!("A whole number from 1 to {MOST}."));
            USUAL
        });
        if errors.is_empty() {
            Ok((Listed { state, from, to, before }, limit))
        } else {
            Err(Problem::fields(errors))
        }
    }
}

/// A place in the list that stays where it is when sales are added.
fn write_cursor(sale: &sale::Sale) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{} {}", sale.opened_ms, sale.id))
}

fn read_cursor(cursor: &str) -> Option<(Time, SaleId)> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (opened, id) = text.split_once(' ')?;
    Some((Time(opened.parse().ok()?), id.parse().ok()?))
}
