//! Parking a sale and taking it up again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::till::cart::CartRequest;
use crate::till::once::Once;
use crate::till::{TillError, park as verbs};
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

/// What taking one up sends: nothing but the form's token.
#[derive(Debug, Deserialize)]
pub(super) struct TakeForm {}

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

/// `POST /till/parked/{parked}/take`: the cart, for one tablet only.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(parked): Path<String>,
    SafeForm(_): SafeForm<TakeForm>,
) -> Result<Json<Value>, WebError> {
    let actor = super::actor(cashier);
    let id = parked.parse().map_err(|_| WebError::NotFound)?;
    let parked = verbs::take(&app, &actor, &id).await?;
    let cart: Value = serde_json::from_str(&parked.cart)
        .map_err(|_| TillError::Refused("This parked sale cannot be read.".into()))?;
    Ok(Json(json!({ "cart": cart, "name": parked.name })))
}
