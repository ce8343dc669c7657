//! The merchant's BTCPay Server: paired by its consent page or a pasted key, looked at, set up,
//! and let go.

mod grant;
mod pair;
mod paired;

pub(in crate::web) use grant::Grant;
pub(super) use pair::{connect, found, go, paste};
pub(super) use paired::act;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use btcpay_bridge::{CARD_RIGHTS, PAY_RIGHT, RIGHTS};

use super::desk::At;
use crate::app::App;
use crate::db::connection::Connection;
use crate::web::error::WebError;
use crate::web::page::dashboard::btcpay::{BtcpayHtml, Pairing};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::read::Faults;

/// What the rights for cards are for.
const CARDS: &str = "Then cards can be issued whose money stays at BTCPay. It asks for two rights more: \
    to set money aside for a card and pay its points onto it without approval by hand, and to end a \
    card that is gone.";
/// Deliveries shown.
const DELIVERIES: i64 = 20;

/// `GET …/btcpay`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    say(&app, &at, Pairing::default()).await
}

/// The form as it was typed, with what is wrong with it.
fn pairing(server: &str, store: &str, faults: &Faults, fault: Option<String>) -> Pairing {
    Pairing {
        server: Some(address_field("server", server, faults)),
        cards: Some(Field::tick("cards", "For cards, too", "").hint(CARDS)),
        pasted: vec![
            address_field("address", server, faults),
            Field::text("store", "Store id", store)
                .hint("Under Store settings, General. Empty if the key is for one store.")
                .optional()
                .faults(faults),
            Field::text("key", "API key", "")
                .hint("Made under Account, API keys, with the rights that pairing asks for.")
                .faults(faults),
        ],
        fault,
        ..Pairing::default()
    }
}

fn address_field(name: &'static str, server: &str, faults: &Faults) -> Field {
    Field::text(name, "Address of your BTCPay Server", server)
        .hint("As in the browser: https://btcpay.example.com")
        .faults(faults)
}

async fn mine(app: &App, at: &At) -> Result<Option<Connection>, WebError> {
    let connections = app.db.connections(&at.store.id).await?;
    Ok(connections.into_iter().find(|one| one.rail == "btcpay"))
}

async fn say(app: &App, at: &At, pairing: Pairing) -> Result<Response, WebError> {
    let connection = mine(app, at).await?;
    let status = match pairing.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let pairing = if pairing.server.is_none() && pairing.way.is_none() {
        let fresh = self::pairing("", "", &Faults::default(), None);
        Pairing { fault: pairing.fault, ..fresh }
    } else {
        pairing
    };
    let paired = match &connection {
        Some(connection) => Some(paired::paired(app, at, connection).await?),
        None => None,
    };
    let page = BtcpayHtml {
        shell: at.shell("BTCPay"),
        desk: at.desk(Section::Btcpay, "BTCPay", Some("Sell through your own server".into())),
        rights: RIGHTS.iter().map(|right| (right.why, right.policy)).collect(),
        card_rights: CARD_RIGHTS
            .iter()
            .chain([&PAY_RIGHT])
            .map(|right| (right.why, right.policy))
            .collect(),
        pairing,
        paired,
    };
    Ok((status, Html(askama::Template::render(&page)?)).into_response())
}
