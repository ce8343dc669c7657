//! Flash Cards: the list, issuing one, its limits, and freezing it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::backed;
use super::desk::{At, form, page, unsaved};
use crate::access::token;
use crate::app::App;
use crate::db::card::{Card, CardBacking, CardSetup};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::receipt::qr::{self, Spare};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::next::encode;
use crate::web::page::dashboard::cards::{CardCodeHtml, CardLine, CardsHtml};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::page::part::Badge;
use crate::web::page::words::countdown;
use crate::web::read::{self, Faults};

/// How long a card can be set up.
pub(super) const LASTS: Duration = Duration::from_secs(600);
/// Sats: the limits that a form for a new card begins with, by tap and by day.
const USUAL: (&str, &str) = ("100000", "300000");
/// Sats: nobody spends more than a bitcoin by card.
const MOST: i64 = 100_000_000;
pub(super) const MSAT_PER_SAT: i64 = 1_000;

/// `GET …/cards`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let cards = app.db.cards(at.merchant(), &at.store.money).await?;
    let total = cards.iter().fold(0i64, |sum, card| sum.saturating_add(card.balance_msat));
    let backings = app.db.card_backings(at.merchant()).await?;
    let of = |card: &Card| backings.iter().find(|one| one.card_id == card.id);
    let lines: Result<_, WebError> =
        cards.iter().map(|card| line(&app, &at, card, of(card))).collect();
    let paired = app.db.connections(&at.store.id).await?.iter().any(|one| one.rail == "btcpay");
    page(&CardsHtml {
        shell: at.shell("Cards"),
        desk: at.desk(Section::Cards, "Cards", None),
        cards: lines?,
        owed: sats(total)?,
        paired,
    })
}

/// What a card may do now.
pub(super) fn badge(card: &Card) -> Badge {
    let (class, icon, words) = match card.state.as_str() {
        "new" => ("wait", "clock", "Not tapped yet"),
        "active" => ("paid", "done", "In use"),
        "frozen" => ("warn", "snow", "Frozen"),
        _ => ("past", "none", "Gone"),
    };
    Badge { class, icon, words: words.into() }
}

fn line(
    app: &App,
    at: &At,
    card: &Card,
    backing: Option<&CardBacking>,
) -> Result<CardLine, WebError> {
    let near = |ms| format!("Last tap {}", at.local().near(ms, app.now().0));
    Ok(CardLine {
        label: card.label.clone(),
        balance: match backing {
            Some(backing) => backed::in_list(at, app, backing)?,
            None => sats(card.balance_msat)?,
        },
        tapped: card.tapped_ms.map_or_else(|| "Never tapped".into(), near),
        badge: badge(card),
        frozen: card.state == "frozen",
        href: href(at, &card.id),
        page: match backing {
            Some(_) => format!("{}/btcpay", href(at, &card.id)),
            None => href(at, &card.id),
        },
    })
}

pub(super) fn sats(msat: i64) -> Result<String, WebError> {
    Ok(Msat::from_db(msat).map_err(WebError::internal)?.to_string())
}

pub(super) fn href(at: &At, id: &str) -> String {
    at.path(&format!("/cards/{id}"))
}

/// A card of this merchant and this store's kind of money; any other is not found.
pub(super) async fn find(app: &App, at: &At, id: &str) -> Result<Card, WebError> {
    let card = app.db.card(id).await?;
    let mine = |card: &Card| card.merchant_id == *at.merchant() && card.money == at.store.money;
    card.filter(mine).ok_or(WebError::NotFound)
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    label: String,
    #[serde(default)]
    tap: String,
    #[serde(default)]
    day: String,
}

/// Label, and both limits in millisatoshi.
type Wish = (String, i64, i64);

impl Typed {
    fn read(&self) -> Result<Wish, Faults> {
        let mut faults = Faults::default();
        let label = faults.take("label", read::name(&self.label));
        let tap = faults.take("tap", read::whole(&self.tap, 1, MOST));
        let day = faults.take("day", read::whole(&self.day, 1, MOST));
        faults.check((label, tap * MSAT_PER_SAT, day * MSAT_PER_SAT))
    }

    fn html(&self, at: &At, card: Option<&Card>, faults: &Faults) -> FormHtml {
        let title = card.map_or("Issue a card", |card| card.label.as_str());
        let action = card.map_or_else(|| at.path("/cards/new"), |card| href(at, &card.id));
        let act = |path: &str, words, icon, means: &str| Act {
            action: format!("{action}/{path}"),
            words,
            icon,
            means: means.into(),
        };
        let acts = match card.map(|card| card.state.as_str()) {
            Some("frozen") => vec![act("thaw", "Thaw it", "refund", "It pays again at once.")],
            Some("new" | "active") => {
                vec![act("freeze", "Freeze it", "snow", "It pays nothing until it is thawed.")]
            }
            _ => vec![],
        };
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Cards, title, None),
            back: Some((at.path("/cards"), "Cards")),
            id: None,
            fault: unsaved(faults),
            panels: vec![Panel {
                title: "Card".into(),
                fields: vec![
                    Field::text("label", "Label", &self.label)
                        .hint("How you tell it from the others, like Marcia or Card 12.")
                        .faults(faults),
                ],
                pairs: vec![
                    Field::whole("tap", "Most by one tap, sats", &self.tap).faults(faults),
                    Field::whole("day", "Most on one day, sats", &self.day).faults(faults),
                ],
                ..Panel::default()
            }],
            button: if card.is_some() { "Save" } else { "Show the code" },
            action,
            acts,
        }
    }
}

/// `GET …/cards/new`
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let next = app.db.cards(at.merchant(), &at.store.money).await?.len() + 1;
    let (tap, day) = (USUAL.0.into(), USUAL.1.into());
    let typed = Typed { label: format!("Card {next}"), tap, day };
    let faults = Faults::default();
    form(&typed.html(&at, None, &faults), &faults)
}

/// `POST …/cards/new`: a code for an app that programs one card, shown once.
pub(super) async fn issue(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let (label, tap_limit_msat, day_limit_msat) = match typed.read() {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, None, &faults), &faults),
    };
    let (secret, now) = (token::random(), app.now());
    let until = now.after(LASTS);
    let setup = CardSetup {
        token_hash: token::hash(&secret),
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        money: at.store.money.clone(),
        label: label.clone(),
        tap_limit_msat,
        day_limit_msat,
        expires_ms: until.0,
        card_id: None,
        again_for: None,
        balance_limit_msat: None,
        card_expires_ms: None,
        batch_id: None,
        batch_no: None,
        sealed: None,
    };
    let mut tx = app.db.begin().await?;
    tx.add_card_setup(&setup).await?;
    tx.audit(at.merchant(), &at.who(), "card.code_made", &label, now).await?;
    tx.commit().await?;
    code_page(&app, &at, &label, &secret, until)
}

/// A code for an app that programs one card.
pub(super) fn code_page(
    app: &App,
    at: &At,
    label: &str,
    secret: &str,
    until: Time,
) -> Result<Response, WebError> {
    let url = format!("{}/hooks/card/{secret}", app.config.public_url);
    let link = format!("boltcard://program?url={}", encode(&url));
    let title = format!("Set up {label}");
    page(&CardCodeHtml {
        shell: at.shell("Set up a card"),
        desk: at.desk(Section::Cards, &title, None),
        qr: qr::draw(&link, Spare::Screen).map_err(WebError::internal)?,
        link,
        until: at.local().time(until.0),
        until_ms: until.0,
        left: countdown(until.0 - app.now().0),
    })
}

/// `GET …/cards/{card}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let sats = |msat: i64| (msat / MSAT_PER_SAT).to_string();
    let (tap, day) = (sats(card.tap_most_msat), sats(card.day_most_msat));
    let typed = Typed { label: card.label.clone(), tap, day };
    let faults = Faults::default();
    form(&typed.html(&at, Some(&card), &faults), &faults)
}

/// `POST …/cards/{card}`: label and limits.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let (label, tap_most_msat, day_most_msat) = match typed.read() {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, Some(&card), &faults), &faults),
    };
    let detail = format!(
        "{label}: at most {} by tap, {} by day",
        sats(tap_most_msat)?,
        sats(day_most_msat)?
    );
    let mut tx = app.db.begin().await?;
    tx.save_card(&Card { label, tap_most_msat, day_most_msat, ..card }).await?;
    tx.audit(at.merchant(), &at.who(), "card.changed", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/cards", "saved"))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/cards/{card}/{act}`: freeze, thaw.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let mut tx = app.db.begin().await?;
    let (done, what, word) = match act.as_str() {
        "freeze" => (tx.freeze_card(at.merchant(), &id, "staff").await?, "card.frozen", "frozen"),
        "thaw" => (tx.thaw_card(at.merchant(), &id).await?, "card.thawed", "thawed"),
        _ => return Err(WebError::NotFound),
    };
    if done {
        tx.audit(at.merchant(), &at.who(), what, &card.label, app.now()).await?;
        tx.commit().await?;
    }
    Ok(at.done("/cards", word))
}
