//! The till: what staff see and press, from the shelf to the receipt.

mod act;
mod bar;
mod card;
mod card_codes;
mod card_lightning;
mod cards;
mod charge;
mod live;
mod page;
mod parked;
pub(in crate::web) mod points;
mod recent;
mod sale;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use super::error::WebError;
use super::who::Cashier;
use crate::app::App;
use crate::till::{Actor, TillError};

/// Every address of the till.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        // The shelf is long; nothing in this page comes from its address, which could be guessed at
        // by its length (BREACH).
        .route("/till", get(page::till).layer(CompressionLayer::new()))
        .route("/till/tip", post(charge::tip))
        .route("/till/sales", post(charge::charge))
        .route("/till/sales/{sale}", get(sale::page))
        .route("/till/sales/{sale}/live", get(live::stream))
        .route("/till/sales/{sale}/state", get(sale::state))
        .route("/till/sales/{sale}/offer", post(act::offer))
        .route("/till/sales/{sale}/cash", post(act::cash))
        .route("/till/sales/{sale}/tap", post(act::tap))
        .route("/till/sales/{sale}/cancel", post(act::cancel))
        .route("/till/sales/{sale}/payments/{payment}/add", post(act::add))
        .route("/till/sales/{sale}/payments/{payment}/give-back", post(act::give_back))
        .route("/till/recent", get(recent::page))
        .route("/till/cards", get(cards::page))
        .route("/till/cards/top-up", post(cards::top_up))
        .route("/till/cards/moves/{done}", get(cards::done))
        .route("/till/cards/points", get(cards::points).post(cards::convert))
        .route("/till/cards/look", post(card::look))
        .route("/till/cards/find", get(card::find))
        .route("/till/cards/new", get(card_codes::new).post(card_codes::issue))
        .route("/till/cards/seen/{tap}", get(card::seen))
        .route("/till/cards/seen/{tap}/top-up", get(card_lightning::show))
        .route("/till/cards/seen/{tap}/page", post(card_codes::page))
        .route("/till/cards/of/{card}", get(card::of))
        .route("/till/cards/of/{card}/again", post(card_codes::again))
        .route("/till/cards/of/{card}/wipe", post(card_codes::wipe))
        .route("/till/cards/of/{card}/{act}", post(card::act))
        .route("/till/parked", post(parked::park))
        .route("/till/parked/{parked}/take", post(parked::take))
}

impl From<TillError> for WebError {
    fn from(error: TillError) -> Self {
        match error {
            TillError::Db(error) => error.into(),
            TillError::Ledger(error) => Self::internal(error),
            TillError::Points(error) => Self::internal(error),
            TillError::PriceChanged | TillError::KeyReused => Self::conflict(error.to_string()),
            // The page asks for the PIN and sends the same tap with it.
            TillError::PinNeeded => {
                Self::Refused(StatusCode::PRECONDITION_REQUIRED, error.to_string())
            }
            refused => Self::Refused(StatusCode::UNPROCESSABLE_ENTITY, refused.to_string()),
        }
    }
}

fn actor(cashier: Cashier) -> Actor {
    Actor { store: cashier.device.store, till: cashier.device.till, staff: cashier.staff }
}

/// What a list was narrowed by, for the addresses on it.
fn narrowed(show: &str, query: &str) -> String {
    let mut out = String::new();
    if !show.is_empty() {
        out.push_str(&format!("show={}&", super::next::encode(show)));
    }
    if !query.is_empty() {
        out.push_str(&format!("q={}&", super::next::encode(query)));
    }
    out
}

/// Two letters of a name: `Keisha Brown` is `KB`, `Keisha` is `KE`.
pub(super) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let letters: String = match (words.next(), words.next()) {
        (Some(first), Some(second)) => [first, second].into_iter().collect(),
        _ => name.trim().chars().take(2).collect(),
    };
    letters.to_uppercase()
}
