//! `POST /sales`: opens a sale, once for a key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};

use super::cart::NewSale;
use super::gate::Caller;
use super::key::Key;
use super::problem::Refusals;
use super::refusal::Refusal;
use super::sale::{find, whole};
use super::scope::Scope;
use super::sent::Sent;
use super::view::Sale;
use crate::app::App;
use crate::till::open;

/// Open a sale
///
/// The shelf decides the prices. Without a price of bitcoin or a way to be paid in it, the sale
/// opens all the same, without an offer: `known` says why. The same key with the same body answers
/// with the same sale, as it is then; keys are remembered for a week.
#[utoipa::path(
    post, path = "/sales", operation_id = "openSale", tag = "sales",
    security(("token" = ["sales:write"])),
    params(("Idempotency-Key" = String, Header, description = "A new one for each sale")),
    request_body = NewSale,
    responses(
        (status = 201, description = "The sale", body = Sale, headers(("Location" = String))),
        Refusals
    )
)]
pub(super) async fn charge(
    State(app): State<Arc<App>>,
    caller: Caller,
    key: Key,
    Sent(new): Sent<NewSale>,
) -> Result<Response, Refusal> {
    caller.may(Scope::SalesWrite)?;
    let body = serde_json::to_string(&new).map_err(crate::web::error::WebError::internal)?;
    let once = key.once(&caller, "charge", &[&body])?;
    // What was sold once is not priced again: the shelf may have changed since.
    let id = match once.answered(&app.db).await? {
        Some(first) => first,
        None => {
            let actor = caller.actor(&app).await?;
            let (cart, tip) = new.read(&app, &actor.store).await?;
            open::open(&app, &actor, &cart, tip, &once).await?.to_string()
        }
    };
    let sale = find(&app, &caller, &id).await?;
    let sale = whole(&app, &caller, sale).await?;
    let there = [(LOCATION, format!("/api/v1/sales/{id}"))];
    Ok((StatusCode::CREATED, there, Json(sale)).into_response())
}
