//! Codes for one card: to set a new one up, to write it again, to wipe it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::cards::{Nothing, Typed, Wish, find, href};
use super::desk::{At, form, page, unsaved};
use crate::access::tries::{self, Tried};
use crate::app::App;
use crate::card::{leave, leave_again};
use crate::db::card::{Card, CardSetup};
use crate::domain::time::Time;
use crate::web::card_code;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::cards::CardCodeHtml;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::{FormHtml, Panel};
use crate::web::page::part::Code;
use crate::web::read::Faults;

const SETTING_UP: [&str; 2] = [
    "2. Hold a blank NTAG 424 DNA card to the phone until the app says that it is done.",
    "3. Tap the card once at a till to put cash on it.",
];
pub(super) const AGAIN: [&str; 2] = [
    "2. Hold this very card to the phone until the app says that it is done.",
    "3. Tap the card once at a till: its old keys end with that.",
];
const WIPING: [&str; 2] = [
    "2. Hold the card to the phone until the app says that it is wiped.",
    "3. The card is gone; its chip may be set up as a new one.",
];

pub(super) fn code_page(
    at: &At,
    title: &str,
    steps: [&'static str; 2],
    code: Code,
) -> Result<Response, WebError> {
    page(&CardCodeHtml {
        shell: at.shell(title),
        desk: at.desk(Section::Cards, title, None),
        steps,
        code,
    })
}

fn new_form(at: &At, typed: &Typed, faults: &Faults) -> FormHtml {
    let hint = "How you tell it from the others, like Marcia or Card 12.";
    FormHtml {
        shell: at.shell("Issue a card"),
        desk: at.desk(Section::Cards, "Issue a card", None),
        back: Some((at.path("/cards"), "Cards")),
        id: None,
        fault: unsaved(faults),
        panels: vec![typed.panel("Card", hint, faults)],
        button: "Show the code",
        acts: vec![],
        action: at.path("/cards/new"),
    }
}

/// `GET …/cards/new`
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let next = app.db.cards(at.merchant(), &at.store.money).await?.len() + 1;
    let typed = Typed::usual(&app, &at, format!("Card {next}")).await?;
    let faults = Faults::default();
    form(&new_form(&at, &typed, &faults), &faults)
}

/// `POST …/cards/new`: a code for an app that programs one card, shown once.
pub(super) async fn issue(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let mut faults = Faults::default();
    let wish = typed.read(&at, &mut faults);
    let wish = match faults.check(wish) {
        Ok(wish) => wish,
        Err(faults) => return form(&new_form(&at, &typed, &faults), &faults),
    };
    let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
    let make = |hash, until: Time| wished(leave(&at.store, &policy, hash, until), &wish);
    let code = card_code::leave(&app, &at.local(), &at.who(), make).await?;
    code_page(&at, &format!("Set up {}", wish.label), SETTING_UP, code)
}

/// A leave for a card as it was wished.
pub(super) fn wished(setup: CardSetup, wish: &Wish) -> CardSetup {
    CardSetup {
        label: wish.label.clone(),
        tap_limit_msat: wish.tap_msat,
        day_limit_msat: wish.day_msat,
        balance_limit_msat: wish.most_msat,
        card_expires_ms: wish.until_ms,
        ..setup
    }
}

/// `POST …/cards/{card}/again`: the next keys, for this very card.
pub(super) async fn again(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    if card.state == "gone" {
        return Err(WebError::conflict("This card is not in use any more."));
    }
    if app.db.card_backing(&card.id).await?.is_some() {
        return Err(WebError::conflict("BTCPay gives this card its keys: see its own page."));
    }
    let make = |hash, until| leave_again(&card, hash, until);
    let code = card_code::leave(&app, &at.local(), &at.who(), make).await?;
    code_page(&at, &format!("Write {} again", card.label), AGAIN, code)
}

/// What was typed before keys are shown.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    password: String,
}

fn wipe_form(at: &At, card: &Card, faults: &Faults) -> FormHtml {
    let title = format!("Wipe {}", card.label);
    FormHtml {
        shell: at.shell(&title),
        desk: at.desk(Section::Cards, &title, None),
        back: Some((href(at, &card.id), "Back")),
        id: None,
        fault: None,
        panels: vec![Panel {
            title: "Are you sure?".into(),
            lead: Some(
                "Whoever scans the code gets the keys of this card. It is gone then.".into(),
            ),
            fields: vec![Field::password("password", "Your password").faults(faults)],
            ..Panel::default()
        }],
        button: "Show the code",
        acts: vec![],
        action: format!("{}/wipe", href(at, &card.id)),
    }
}

/// `POST …/cards/{card}/wipe`: asks for the password, counted like any try, then shows the code.
pub(super) async fn wipe(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(asked): SafeForm<Asked>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let mut faults = Faults::default();
    if asked.password.is_empty() {
        return form(&wipe_form(&at, &card, &faults), &faults);
    }
    let words = match tries::password(&app, Some(&at.owner.owner), &asked.password).await? {
        Tried::Right => {
            let code = card_code::wipe(&app, &at.local(), &at.who(), &card).await?;
            return code_page(&at, &format!("Wipe {}", card.label), WIPING, code);
        }
        Tried::Wrong(left) => format!("That password is not right. Tries left: {left}."),
        Tried::Locked | Tried::TillLocked => "Too many tries. Wait five minutes.".into(),
    };
    faults.note("password", words.as_str());
    form(&wipe_form(&at, &card, &faults), &faults)
}
