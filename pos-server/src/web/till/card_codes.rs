//! Codes that a manager shows at the till: for a new card, for one that is issued again or wiped, and
//! for a holder's page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use serde::Deserialize;

use super::bar::shell;
use super::card::{managed, tapped};
use crate::app::App;
use crate::card::{leave, leave_again};
use crate::db::card::{Card, CardSetup};
use crate::domain::local::Local;
use crate::till::Actor;
use crate::till::card::find;
use crate::web::card_code;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::card::{TillCodeHtml, TillIssueHtml};
use crate::web::page::part::Code;
use crate::web::read;
use crate::web::who::Cashier;

/// `GET /till/cards/new`
pub(super) async fn new(
    State(app): State<Arc<App>>,
    cashier: Cashier,
) -> Result<Html<String>, WebError> {
    let (csrf, actor) = managed(cashier)?;
    let cards = app.db.cards(&actor.store.merchant_id, &actor.store.money).await?;
    let page = TillIssueHtml {
        shell: shell(&actor, "Issue a card"),
        csrf,
        label: format!("Card {}", cards.len() + 1),
    };
    Ok(Html(page.render()?))
}

/// What the form for a new card sends.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    label: String,
}

/// `POST /till/cards/new`: a code for an app that programs one card, with the store's usual limits.
pub(super) async fn issue(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    SafeForm(wish): SafeForm<Wish>,
) -> Result<Html<String>, WebError> {
    let (_, actor) = managed(cashier)?;
    let label = read::name(&wish.label).map_err(WebError::bad)?;
    let policy = app.db.card_policy(&actor.store.merchant_id, &actor.store.id).await?;
    let local = Local::new(&actor.store.time_zone);
    let make = |hash, until| CardSetup {
        label: label.clone(),
        ..leave(&actor.store, &policy, hash, until)
    };
    let code = card_code::leave(&app, &local, &actor.staff.name, make).await?;
    let page = TillCodeHtml {
        shell: shell(&actor, "Set up a card"),
        title: format!("Set up {label}"),
        steps: SETTING_UP,
        code,
        back: "/till/cards".into(),
    };
    Ok(Html(page.render()?))
}

const SETTING_UP: &[&str] = &[
    "On a phone with a Bolt Card app, scan this code.",
    "Hold the card to the phone until the app says that it is done.",
    "Tap the card once here.",
];
const WIPING: &[&str] = &[
    "On a phone with a Bolt Card app, scan this code.",
    "Hold the card to the phone until the app says that it is wiped.",
    "The card is gone then; its chip may be set up as a new one.",
];

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /till/cards/of/{card}/again`: the next keys, for this very card.
pub(super) async fn again(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(card): Path<String>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Html<String>, WebError> {
    let (_, actor) = managed(cashier)?;
    let card = find(&app, &actor, &card).await?;
    if card.state == "gone" {
        return Err(WebError::conflict("This card is not in use any more."));
    }
    if app.db.card_backing(&card.id).await?.is_some() {
        return Err(WebError::conflict(card_code::AT_BTCPAY));
    }
    let local = Local::new(&actor.store.time_zone);
    let make = |hash, until| leave_again(&card, hash, until);
    let code = card_code::leave(&app, &local, &actor.staff.name, make).await?;
    show(&actor, &card, format!("Write {} again", card.label), SETTING_UP, code)
}

/// `POST /till/cards/of/{card}/wipe`: its keys, to take them off.
pub(super) async fn wipe(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(card): Path<String>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Html<String>, WebError> {
    let (_, actor) = managed(cashier)?;
    let card = find(&app, &actor, &card).await?;
    let local = Local::new(&actor.store.time_zone);
    let code = card_code::wipe(&app, &local, &actor.staff.name, &card).await?;
    show(&actor, &card, format!("Wipe {}", card.label), WIPING, code)
}

fn show(
    actor: &Actor,
    card: &Card,
    title: String,
    steps: &'static [&'static str],
    code: Code,
) -> Result<Html<String>, WebError> {
    let page = TillCodeHtml {
        shell: shell(actor, &title),
        title: title.clone(),
        steps,
        code,
        back: format!("/till/cards/of/{}", card.id),
    };
    Ok(Html(page.render()?))
}

/// `POST /till/cards/seen/{tap}/page`: the way to the holder's own page, for whoever tapped just now.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(tap): Path<String>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Html<String>, WebError> {
    let actor = super::actor(cashier);
    let card = tapped(&app, &actor, &tap).await?;
    let local = Local::new(&actor.store.time_zone);
    let code = card_code::page(&app, &local, &actor.staff.name, &card).await?;
    let page = TillCodeHtml {
        shell: shell(&actor, "The holder’s page"),
        title: format!("The page of {}", card.label),
        steps: &[
            "The holder scans this code with a phone.",
            "The page opens for a quarter of an hour.",
        ],
        code,
        back: format!("/till/cards/seen/{tap}"),
    };
    Ok(Html(page.render()?))
}
