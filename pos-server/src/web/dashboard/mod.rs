//! The dashboard behind the owner's password: one route table.

mod account;
mod api;
mod backed;
mod batches;
pub(in crate::web) mod btcpay;
mod card_codes;
mod card_network;
mod card_rules;
mod cards;
mod categories;
mod connections;
mod desk;
mod health;
mod home;
mod items;
mod lightning;
mod log;
mod new_store;
mod points;
mod rates;
mod sale;
mod sales;
mod settings;
mod staff;
mod switch;
mod tills;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{get, post};

use super::error::WebError;
use super::who::Owner;
use crate::app::App;

/// Every page and form of the dashboard.
pub fn router() -> Router<Arc<App>> {
    let store = Router::new()
        .route("/", get(home::show))
        .route("/sales", get(sales::show))
        .route("/sales/{sale}", get(sale::show))
        .route("/sales/{sale}/offers/{attempt}/give-up", post(sale::give_up))
        .route("/items", get(items::list))
        .route("/items/new", get(items::new))
        .route("/items/{item}", get(items::edit).post(items::save))
        .route("/items/{item}/{act}", post(items::act))
        .route("/categories/new", get(categories::new))
        .route("/categories/{category}", get(categories::edit).post(categories::save))
        .route("/categories/{category}/{act}", post(categories::act))
        .route("/tills", get(tills::list))
        .route("/tills/new", get(tills::new))
        .route("/tills/{till}", get(tills::edit).post(tills::save))
        .route("/tills/{till}/code", post(tills::code))
        .route("/tills/{till}/{act}", post(tills::act))
        .route("/staff", get(staff::list))
        .route("/staff/new", get(staff::new))
        .route("/staff/{staff}", get(staff::edit).post(staff::save))
        .route("/staff/{staff}/{act}", post(staff::act))
        .route("/cards", get(cards::list))
        .route("/cards/new", get(card_codes::new).post(card_codes::issue))
        .route("/cards/btcpay/new", get(backed::new).post(backed::issue))
        .route("/cards/btcpay/import", get(backed::import_page).post(backed::import))
        .route("/cards/{card}/btcpay", get(backed::show))
        .route("/cards/{card}/btcpay/{act}", post(backed::act))
        .route("/cards/rules", get(card_rules::show).post(card_rules::save))
        .route("/cards/batches", get(batches::list))
        .route("/cards/batches/new", get(batches::new).post(batches::add))
        .route("/cards/batches/{batch}", get(batches::show))
        .route("/cards/batches/{batch}/cards.csv", get(batches::csv))
        .route("/cards/{card}", get(cards::edit).post(cards::save))
        .route("/cards/{card}/again", post(card_codes::again))
        .route("/cards/{card}/wipe", post(card_codes::wipe))
        .route("/cards/{card}/lightning", get(card_network::show))
        .route("/cards/{card}/{act}", post(cards::act))
        .merge(points::router())
        .route("/lightning", get(lightning::show))
        .route("/lightning/check", post(lightning::check))
        .route("/lightning/connect", post(lightning::connect))
        .route("/lightning/money", post(lightning::money))
        .route("/btcpay", get(btcpay::show))
        .route("/btcpay/go", post(btcpay::go))
        .route("/btcpay/paste", post(btcpay::paste))
        .route("/btcpay/found", get(btcpay::found))
        .route("/btcpay/connect", post(btcpay::connect))
        .route("/btcpay/{act}", post(btcpay::act))
        .route("/connections", get(connections::show))
        .route("/connections/{act}", post(connections::act))
        .route("/rates", get(rates::show).post(rates::save))
        .route("/settings", get(settings::show).post(settings::save))
        .route("/api", get(api::show).post(api::add))
        .route("/api/{token}/revoke", post(api::revoke))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/log", get(log::show))
        .route("/new-store", get(new_store::show).post(new_store::open));
    Router::new().route("/dashboard", get(first)).nest("/dashboard/{store}", store)
}

/// On to the oldest store.
async fn first(State(app): State<Arc<App>>, owner: Owner) -> Result<Redirect, WebError> {
    let stores = app.db.stores(owner.merchant()).await?;
    let store = stores.first().ok_or(WebError::NotFound)?;
    Ok(Redirect::to(&format!("/dashboard/{}", store.id)))
}
