//! What can be done with an open sale. Each answers with the sale as it is afterwards.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::domain::id::SaleId;
use crate::domain::money::Money;
use crate::till::card::Tapped;
use crate::till::once::Once;
use crate::till::{self, Actor, TillError};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::who::Cashier;

/// What the forms of a sale send.
#[derive(Deserialize)]
pub(super) struct ActForm {
    key: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    received: String,
    #[serde(default)]
    link: String,
    /// What a tap is for: `points` pays with them, `collect` says whose they are; else it pays.
    #[serde(default, rename = "use")]
    what_for: String,
    #[serde(default)]
    pin: String,
}

fn once(actor: &Actor, verb: &str, sale: &SaleId, form: &ActForm) -> Result<Once, TillError> {
    let scope = format!("{}/{verb}", actor.till.id);
    let body = [sale.as_str(), &form.amount, &form.received, &form.link, &form.what_for];
    Once::new(&scope, &form.key, &body)
}

fn there(sale: &SaleId) -> Redirect {
    Redirect::to(&format!("/till/sales/{sale}"))
}

pub(super) fn read_sale(id: &str) -> Result<SaleId, WebError> {
    id.parse().map_err(|_| WebError::NotFound)
}

/// `POST /till/sales/{sale}/offer`: a new quote, for all that is due or a typed part.
pub(super) async fn offer(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    let typed = form.amount.trim();
    let part = match typed.is_empty() {
        true => None,
        false => Some(Money::parse(typed, actor.store.currency()?).map_err(TillError::from)?.minor),
    };
    let once = once(&actor, "offer", &sale, &form)?;
    till::offer::renew(&app, &actor, &sale, part, &once).await?;
    Ok(there(&sale))
}

/// `POST /till/sales/{sale}/cash`: the cash that was handed over.
pub(super) async fn cash(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    let received =
        Money::parse(&form.received, actor.store.currency()?).map_err(TillError::from)?;
    let once = once(&actor, "cash", &sale, &form)?;
    till::cash::take(&app, &actor, &sale, received.minor, &once).await?;
    Ok(there(&sale))
}

/// `POST /till/sales/{sale}/tap`: the link that a card gave its reader, and the PIN if it was asked.
pub(super) async fn tap(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    // The PIN is no part of what is hashed: four digits are soon guessed from a hash.
    let once = once(&actor, "tap", &sale, &form)?;
    match form.what_for.as_str() {
        "points" => till::card::pay_by_points(&app, &actor, &sale, &form.link, &once).await?,
        "collect" => till::card::collect(&app, &actor, &sale, &form.link, &once).await?,
        _ => pay(&app, &actor, &sale, &form, &once).await?,
    }
    Ok(there(&sale))
}

async fn pay(
    app: &App,
    actor: &Actor,
    sale: &SaleId,
    form: &ActForm,
    once: &Once,
) -> Result<(), TillError> {
    let tapped = Tapped { link: &form.link, pin: (!form.pin.is_empty()).then_some(&*form.pin) };
    till::card::pay(app, actor, sale, tapped, once).await
}

/// `POST /till/sales/{sale}/cancel`
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    let once = once(&actor, "cancel", &sale, &form)?;
    till::void::void(&app, &actor, &sale, &once).await?;
    Ok(there(&sale))
}

/// `POST /till/sales/{sale}/payments/{payment}/add`: a late payment counts after all.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path((sale, payment)): Path<(String, String)>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    let once = once(&actor, &format!("add/{payment}"), &sale, &form)?;
    till::late::add(&app, &actor, &sale, &payment, &once).await?;
    Ok(there(&sale))
}

/// `POST /till/sales/{sale}/payments/{payment}/give-back`: the payer got it back in cash.
pub(super) async fn give_back(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path((sale, payment)): Path<(String, String)>,
    SafeForm(form): SafeForm<ActForm>,
) -> Result<Redirect, WebError> {
    let (actor, sale) = (super::actor(cashier), read_sale(&sale)?);
    let once = once(&actor, &format!("give-back/{payment}"), &sale, &form)?;
    till::late::give_back(&app, &actor, &sale, &payment, &once).await?;
    Ok(there(&sale))
}
