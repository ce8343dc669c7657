//! Parking a sale and taking it up again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::till::cart::CartRequest;
use crate::till::once::Once;
use crate::till::park as verbs;
use crate::till::park::Taken;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::who::Cashier;

/// What Park sends.
#[derive(Debug, Deserialize)]
pub(super) struct ParkForm {
    key: String,
    cart: String,
    #[serde(default)]
    name: String,
}

/// What taking one up sends.
#[derive(Debug, Deserialize)]
pub(super) struct TakeForm {
    key: String,
}

/// `POST /till/parked`
pub(super) async fn park(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(form): SafeForm<ParkForm>,
) -> Result<Redirect, WebError> {
    let actor = super::actor(cashier);
    let scope = format!("{}/park", actor.till.id);
    let once = Once::new(&scope, &form.key, &[&form.cart, &form.name])?;
    let cart = CartRequest::read(&form.cart)?;
    verbs::park(&app, &actor, &cart, &form.name, &once).await?;
    Ok(Redirect::to("/till"))
}

/// `POST /till/parked/{parked}/take`: the cart, for one tablet only, as often as it asks.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(parked): Path<String>,
    SafeForm(form): SafeForm<TakeForm>,
) -> Result<Json<Taken>, WebError> {
    let actor = super::actor(cashier);
    let id = parked.parse().map_err(|_| WebError::NotFound)?;
    let scope = format!("{}/take", actor.till.id);
    let once = Once::new(&scope, &form.key, &[&parked])?;
    Ok(Json(verbs::take(&app, &actor, &id, &once).await?))
}
