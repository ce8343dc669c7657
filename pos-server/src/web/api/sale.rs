//! `GET /sales/{id}`: one sale, as it is now.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::gate::Caller;
use super::problem::Refusals;
use super::refusal::Refusal;
use super::scope::Scope;
use super::view::Sale;
use crate::app::App;
use crate::db::{DbError, sale};
use crate::domain::id::SaleId;
use crate::web::error::WebError;
use crate::web::known::with_stories;

/// Read a sale
#[utoipa::path(
    get, path = "/sales/{id}", operation_id = "readSale", tag = "sales",
    security(("token" = ["sales:read"])),
    params(("id" = String, Path, description = "The sale")),
    responses((status = 200, description = "The sale as it is now", body = Sale), Refusals)
)]
pub(super) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Sale>, Refusal> {
    caller.may(Scope::SalesRead)?;
    let sale = find(&app, &caller, &id).await?;
    Ok(Json(whole(&app, &caller, sale).await?))
}

/// A sale of the caller's store; any other is not found.
pub(super) async fn find(app: &App, caller: &Caller, id: &str) -> Result<sale::Sale, Refusal> {
    let id: SaleId = id.parse().map_err(|_| WebError::NotFound)?;
    let sale = app.db.sale(&caller.store.merchant_id, &id).await?;
    if sale.store_id == caller.store.id { Ok(sale) } else { Err(WebError::NotFound.into()) }
}

/// Everything that is known of a sale.
pub(super) async fn whole(app: &App, caller: &Caller, sale: sale::Sale) -> Result<Sale, Refusal> {
    let sales = many(app, caller, vec![sale]).await?;
    Ok(sales.into_iter().next().ok_or(DbError::NotFound)?)
}

/// Everything that is known of sales of the caller's store.
pub(super) async fn many(
    app: &App,
    caller: &Caller,
    sales: Vec<sale::Sale>,
) -> Result<Vec<Sale>, Refusal> {
    let tills = app.db.tills(&caller.store.id).await?;
    let facts = with_stories(app, sales).await?;
    let sales = facts.iter().map(|facts| Sale::of(facts, &tills, &app.config));
    Ok(sales.collect::<Result<_, _>>()?)
}
