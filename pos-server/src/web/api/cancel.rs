//! `POST /sales/{id}/cancel`: voids a sale that nobody paid.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::gate::Caller;
use super::key::Key;
use super::problem::{Problem, Refusals};
use super::refusal::Refusal;
use super::sale::{find, whole};
use super::scope::Scope;
use super::view::Sale;
use crate::app::App;
use crate::till::void;

/// Cancel a sale
///
/// Its offers are made unpayable first. A sale that was paid, or may have been, is not cancelled.
#[utoipa::path(
    post, path = "/sales/{id}/cancel", operation_id = "cancelSale", tag = "sales",
    security(("token" = ["sales:write"])),
    params(
        ("id" = String, Path, description = "The sale"),
        ("Idempotency-Key" = String, Header, description = "A new one for each try"),
    ),
    responses((status = 200, description = "The sale, cancelled", body = Sale), Refusals)
)]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    key: Key,
) -> Result<Json<Sale>, Refusal> {
    caller.may(Scope::SalesWrite)?;
    let sale = find(&app, &caller, &id).await?;
    let once = key.once(&caller, "cancel", &[sale.id.as_str()])?;
    if once.answered(&app.db).await?.is_none() {
        let actor = caller.actor(&app).await?;
        void::void(&app, &actor, &sale.id, &once).await?;
    }
    let sale = find(&app, &caller, &id).await?;
    if sale.state != "voided" {
        let words = "This sale was paid before it could be cancelled. Nothing was changed.";
        return Err(Problem::conflict(words).into());
    }
    Ok(Json(whole(&app, &caller, sale).await?))
}
