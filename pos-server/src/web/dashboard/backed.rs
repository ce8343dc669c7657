//! Cards whose money is at the store's BTCPay: issuing one, bringing one in by a tap, what is left on
//! it, setting it up again, and ending it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::card_codes::{AGAIN, code_page};
use super::cards::{MSAT_PER_SAT, find, href};
use super::desk::{At, form, page, unsaved};
use crate::access::token;
use crate::app::App;
use crate::backing::{self, BackingError, Money};
use crate::card::{leave, leave_again};
use crate::db::card::{Card, CardBacking, CardSetup};
use crate::domain::time::Time;
use crate::web::card_code::{LASTS, draw, program};
use crate::web::card_words::{badge, sats};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::backed::{BackedHtml, ImportHtml, Left};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::read::{self, Faults};

/// Sats: what a form for a new card begins with: set aside, by tap, by day.
const USUAL: (&str, &str, &str) = ("50000", "100000", "300000");
const SETTING_UP: [&str; 2] = [
    "2. Hold a blank NTAG 424 DNA card to the phone until the app says that it is done.",
    "3. Tap the card once at a till: what is on it is set aside already.",
];
/// Sats: nobody puts more than a bitcoin on a card.
const MOST: i64 = 100_000_000;

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    label: String,
    sats: String,
    tap: String,
    day: String,
    link: String,
    purse: String,
}

/// Label, sats to set aside, and both limits in millisatoshi.
type Wish = (String, i64, i64, i64);

impl Typed {
    fn usual(next: usize) -> Self {
        let (sats, tap, day) = (USUAL.0.into(), USUAL.1.into(), USUAL.2.into());
        Self { label: format!("Card {next}"), sats, tap, day, ..Self::default() }
    }

    fn read(&self, set_aside: bool) -> Result<Wish, Faults> {
        let mut faults = Faults::default();
        let label = faults.take("label", read::name(&self.label));
        let sats = match set_aside {
            true => faults.take("sats", read::whole(&self.sats, 1, MOST)),
            false => 0,
        };
        let tap = faults.take("tap", read::whole(&self.tap, 1, MOST));
        let day = faults.take("day", read::whole(&self.day, 1, MOST));
        faults.check((label, sats, tap * MSAT_PER_SAT, day * MSAT_PER_SAT))
    }

    fn label(&self, faults: &Faults) -> Field {
        Field::text("label", "Label", &self.label)
            .hint("How you tell it from the others, like Marcia or Card 12.")
            .faults(faults)
    }

    fn limits(&self, faults: &Faults) -> Vec<Field> {
        vec![
            Field::whole("tap", "Most by one tap, sats", &self.tap).faults(faults),
            Field::whole("day", "Most on one day, sats", &self.day).faults(faults),
        ]
    }

    fn html(&self, at: &At, faults: &Faults, fault: Option<String>) -> FormHtml {
        let title = "Issue a card at BTCPay";
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Cards, title, None),
            back: Some((at.path("/cards"), "Cards")),
            action: at.path("/cards/btcpay/new"),
            id: None,
            fault: fault.or_else(|| unsaved(faults)),
            panels: vec![Panel {
                title: "Card".into(),
                lead: Some(
                    "Its money stays at your BTCPay, as a pull payment of its own. BTCPay pays at \
                     any till that takes Bolt Cards, by its Lightning payout processor: turn that on \
                     there, to process payouts instantly. The limits below hold at your tills."
                        .into(),
                ),
                fields: vec![
                    self.label(faults),
                    Field::whole("sats", "Set aside for it, sats", &self.sats)
                        .hint(
                            "BTCPay pays so much from your store’s Lightning wallet, and no more.",
                        )
                        .faults(faults),
                ],
                pairs: self.limits(faults),
            }],
            button: "Show the code",
            acts: vec![],
        }
    }

    fn import_html(&self, at: &At, faults: &Faults, fault: Option<String>) -> ImportHtml {
        let title = "Bring a card in";
        ImportHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Cards, title, None),
            action: at.path("/cards/btcpay/import"),
            fault: fault.or_else(|| unsaved(faults)),
            fields: vec![
                self.label(faults),
                Field::text("purse", "Pull payment’s id", &self.purse)
                    .hint("Only where several pull payments have the same name and balance.")
                    .optional()
                    .faults(faults),
            ],
            pairs: self.limits(faults),
        }
    }
}

/// A refusal on the page that it belongs to.
fn refusal(error: BackingError) -> Result<String, WebError> {
    match error {
        BackingError::Db(error) => Err(error.into()),
        BackingError::Keys(error) => Err(WebError::internal(error)),
        words => Ok(words.to_string()),
    }
}

fn unprocessable(page: &impl askama::Template) -> Result<Response, WebError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

async fn next(app: &App, at: &At) -> Result<usize, WebError> {
    Ok(app.db.cards(at.merchant(), &at.store.money).await?.len() + 1)
}

/// `GET …/cards/btcpay/new`
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let faults = Faults::default();
    form(&Typed::usual(next(&app, &at).await?).html(&at, &faults, None), &faults)
}

async fn setup(
    app: &App,
    at: &At,
    secret: &str,
    wish: &Wish,
    until: Time,
) -> Result<CardSetup, WebError> {
    let (label, _, tap_limit_msat, day_limit_msat) = wish.clone();
    let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
    let setup = leave(&at.store, &policy, token::hash(secret), until);
    Ok(CardSetup { label, tap_limit_msat, day_limit_msat, balance_limit_msat: None, ..setup })
}

/// `POST …/cards/btcpay/new`: money is set aside, and a code for an app is shown once.
pub(super) async fn issue(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let wish = match typed.read(true) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, &faults, None), &faults),
    };
    let (secret, until) = (token::random(), app.now().after(LASTS));
    let setup = setup(&app, &at, &secret, &wish, until).await?;
    match backing::prepare(&app, &setup, wish.1, &at.who()).await {
        Ok(()) => {
            let code = draw(&app, &at.local(), program(&app, &secret), until)?;
            code_page(&at, &format!("Set up {}", setup.label), SETTING_UP, code)
        }
        Err(error) => {
            let fault = Some(refusal(error)?);
            unprocessable(&typed.html(&at, &Faults::default(), fault))
        }
    }
}

/// `GET …/cards/btcpay/import`
pub(super) async fn import_page(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    page(&Typed::usual(next(&app, &at).await?).import_html(&at, &Faults::default(), None))
}

/// `POST …/cards/btcpay/import`: the link that a card of the paired BTCPay gave its reader.
pub(super) async fn import(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let wish = match typed.read(false) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.import_html(&at, &faults, None), &faults),
    };
    let setup = setup(&app, &at, "", &wish, app.now()).await?;
    let purse = Some(typed.purse.trim()).filter(|purse| !purse.is_empty());
    match backing::import(&app, &setup, &typed.link, purse, &at.who()).await {
        Ok(id) => {
            Ok(Redirect::to(&format!("{}/btcpay?done=added", href(&at, &id))).into_response())
        }
        Err(error) => {
            let fault = Some(refusal(error)?);
            unprocessable(&typed.import_html(&at, &Faults::default(), fault))
        }
    }
}

/// A card's balance in words.
fn left(at: &At, app: &App, money: &Money) -> Result<Left, WebError> {
    let near = |ms| at.local().near(ms, app.now().0);
    Ok(match money {
        Money::Now(msat) => {
            Left { amount: Some(sats(*msat)?), words: "At BTCPay, just now".into() }
        }
        Money::Unseen(Some((msat, when))) => Left {
            amount: None,
            words: format!(
                "We can’t see the balance right now. BTCPay last said {}, {}.",
                sats(*msat)?,
                near(when.0)
            ),
        },
        Money::Unseen(None) => {
            Left { amount: None, words: "We can’t see the balance right now.".into() }
        }
        Money::Ended => {
            Left { amount: None, words: "BTCPay pays nothing from this card any more.".into() }
        }
    })
}

async fn backed(app: &App, at: &At, id: &str) -> Result<(Card, CardBacking), WebError> {
    let card = find(app, at, id).await?;
    let backing = app.db.card_backing(id).await?.ok_or(WebError::NotFound)?;
    Ok((card, backing))
}

/// `GET …/cards/{card}/btcpay`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    say(&app, &at, &id, None).await
}

async fn say(app: &App, at: &At, id: &str, fault: Option<String>) -> Result<Response, WebError> {
    let (card, backing) = backed(app, at, id).await?;
    let money = match backing::look(app, &backing).await {
        Ok(money) => money,
        Err(error) => {
            refusal(error)?;
            Money::Unseen(None)
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let host = super::health::host(&backing.server).to_owned();
    let html = BackedHtml {
        shell: at.shell(&card.label),
        desk: at.desk(Section::Cards, &card.label, Some(format!("Its money is at {host}"))),
        href: href(at, id),
        left: left(at, app, &money)?,
        state: badge(&card, app.now()),
        gone: card.state == "gone",
        ended: backing.ended_ms.is_some() || money == Money::Ended,
        imported: backing.imported == 1,
        again: card.next_version.is_some(),
        fault,
    };
    Ok((status, Html(askama::Template::render(&html)?)).into_response())
}

/// What the forms of a card's page send.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wishes {
    sure: String,
    away: String,
}

/// `POST …/cards/{card}/btcpay/{act}`: `again` shows a code that sets it up anew, `gone` ends it here
/// and, if the owner wants it, at BTCPay.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(wishes): SafeForm<Wishes>,
) -> Result<Response, WebError> {
    let (card, backing) = backed(&app, &at, &id).await?;
    match act.as_str() {
        "again" if card.state != "gone" => {
            let (secret, until) = (token::random(), app.now().after(LASTS));
            let setup = leave_again(&card, token::hash(&secret), until);
            match backing::prepare_again(&app, &setup, &backing, &at.who()).await {
                Ok(()) => {
                    let code = draw(&app, &at.local(), program(&app, &secret), until)?;
                    code_page(&at, &format!("Write {} again", card.label), AGAIN, code)
                }
                Err(error) => say(&app, &at, &id, Some(refusal(error)?)).await,
            }
        }
        "gone" if wishes.sure.is_empty() => {
            say(&app, &at, &id, Some("Nothing was changed: tick the box first.".into())).await
        }
        "gone" => {
            let away = !wishes.away.is_empty();
            match backing::end(&app, &card, &backing, away, &at.who()).await {
                Ok(()) => Ok(at.done("/cards", "ended")),
                Err(error) => say(&app, &at, &id, Some(refusal(error)?)).await,
            }
        }
        _ => Err(WebError::NotFound),
    }
}

/// What can be done with such a card by one press: BTCPay gives it its keys, and decides elsewhere.
pub(super) fn at_btcpay(acts: &mut Vec<Act>) {
    acts.retain(|act| !act.action.ends_with("/again") && !act.action.ends_with("/wipe"));
    for act in acts.iter_mut().filter(|act| act.action.ends_with("/freeze")) {
        act.means = "It pays nothing at your tills until it is thawed. At other tills BTCPay \
            decides, and still pays."
            .into();
    }
}

/// What the list of cards says is on one whose money is at BTCPay, and how old that is.
pub(super) fn in_list(
    at: &At,
    app: &App,
    backing: &CardBacking,
) -> Result<(String, String), WebError> {
    let Some((msat, seen)) = backing.left_msat.zip(backing.seen_ms) else {
        return Ok(("At BTCPay".into(), "not looked at yet".into()));
    };
    let near = at.local().near(seen, app.now().0);
    Ok((sats(msat)?, format!("at BTCPay, seen {near}")))
}
