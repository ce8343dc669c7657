//! Flash Cards: the list with its alarms, one card's form, and what is done with one press.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::backed;
use super::desk::{At, form, page, unsaved};
use crate::app::App;
use crate::db::card::{Card, CardAlarm, CardBacking};
use crate::domain::local::Local;
use crate::web::card_words::{badge, called, sats};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::cards::{AlarmLine, CardLine, CardsHtml};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::read::{self, Faults};

/// Sats: nobody spends more than a bitcoin by card.
pub(super) const MOST: i64 = 100_000_000;
pub(super) const MSAT_PER_SAT: i64 = 1_000;

/// `GET …/cards`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let cards = app.db.cards(at.merchant(), &at.store.money).await?;
    let alarms = app.db.open_card_alarms(at.merchant()).await?;
    let total = cards.iter().fold(0i64, |sum, card| sum.saturating_add(card.balance_msat));
    let backings = app.db.card_backings(at.merchant()).await?;
    let of = |card: &Card| backings.iter().find(|one| one.card_id == card.id);
    let lines: Result<_, WebError> =
        cards.iter().map(|card| line(&app, &at, card, of(card))).collect();
    let paired = app.db.connections(&at.store.id).await?.iter().any(|one| one.rail == "btcpay");
    let alarm = |alarm: &CardAlarm| {
        let card = cards.iter().find(|card| card.id == alarm.card_id)?;
        Some(AlarmLine {
            label: called(card),
            words: format!(
                "{}{}",
                alarm.detail,
                if alarm.froze == 1 { " It is frozen." } else { "" }
            ),
            when: at.local().near(alarm.at_ms, app.now().0),
            href: href(&at, &card.id),
        })
    };
    page(&CardsHtml {
        shell: at.shell("Cards"),
        desk: at.desk(Section::Cards, "Cards", None),
        alarms: alarms.iter().filter_map(alarm).collect(),
        cards: lines?,
        owed: sats(total)?,
        paired,
    })
}

fn line(
    app: &App,
    at: &At,
    card: &Card,
    backing: Option<&CardBacking>,
) -> Result<CardLine, WebError> {
    let near = |ms| format!("Last tap {}", at.local().near(ms, app.now().0));
    let tapped = card.tapped_ms.map_or_else(|| "Never tapped".into(), near);
    let (balance, tapped) = match backing {
        Some(backing) => {
            let (balance, seen) = backed::in_list(at, app, backing)?;
            (balance, format!("{seen} · {tapped}"))
        }
        None => (sats(card.balance_msat)?, tapped),
    };
    Ok(CardLine {
        label: called(card),
        balance,
        tapped,
        badge: badge(card, app.now()),
        frozen: card.state == "frozen",
        href: href(at, &card.id),
        page: match backing {
            Some(_) => format!("{}/btcpay", href(at, &card.id)),
            None => href(at, &card.id),
        },
    })
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

/// What was typed of a card, a new one or one of a batch.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) tap: String,
    #[serde(default)]
    pub(super) day: String,
    #[serde(default)]
    pub(super) most: String,
    #[serde(default)]
    pub(super) until: String,
}

/// The same, read. Amounts are millisatoshi.
#[derive(Default)]
pub(super) struct Wish {
    pub(super) label: String,
    pub(super) tap_msat: i64,
    pub(super) day_msat: i64,
    pub(super) most_msat: Option<i64>,
    pub(super) until_ms: Option<i64>,
}

impl Typed {
    /// What a form for a card of this store begins with.
    pub(super) async fn usual(app: &App, at: &At, label: String) -> Result<Self, WebError> {
        let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
        let sats = |msat: i64| (msat / MSAT_PER_SAT).to_string();
        Ok(Self {
            label,
            tap: sats(policy.tap_limit_msat),
            day: sats(policy.day_limit_msat),
            most: policy.balance_limit_msat.map(sats).unwrap_or_default(),
            until: String::new(),
        })
    }

    fn of(at: &At, card: &Card) -> Self {
        let sats = |msat: i64| (msat / MSAT_PER_SAT).to_string();
        Self {
            label: card.label.clone(),
            tap: sats(card.tap_most_msat),
            day: sats(card.day_most_msat),
            most: card.balance_limit_msat.map(sats).unwrap_or_default(),
            // The last day on which it pays; it ends when that day does.
            until: card.expires_ms.map(|end| at.local().date(end - 1)).unwrap_or_default(),
        }
    }

    pub(super) fn read(&self, at: &At, faults: &mut Faults) -> Wish {
        let amount = |text: &str| read::whole(text, 1, MOST).map(|sats| sats * MSAT_PER_SAT);
        let most = self.most.trim();
        Wish {
            label: faults.take("label", read::name(&self.label)),
            tap_msat: faults.take("tap", amount(&self.tap)),
            day_msat: faults.take("day", amount(&self.day)),
            most_msat: (!most.is_empty()).then(|| faults.take("most", amount(most))),
            until_ms: faults.take("until", end_of(at, &self.until)),
        }
    }

    pub(super) fn panel(&self, title: &str, hint: &str, faults: &Faults) -> Panel {
        Panel {
            title: title.into(),
            fields: vec![Field::text("label", "Label", &self.label).hint(hint).faults(faults)],
            pairs: vec![
                Field::whole("tap", "Most by one tap, sats", &self.tap).faults(faults),
                Field::whole("day", "Most on one day, sats", &self.day).faults(faults),
                Field::whole("most", "Most on the card, sats", &self.most)
                    .optional()
                    .hint("Empty for no limit.")
                    .faults(faults),
                Field::date("until", "Last day it pays", &self.until)
                    .optional()
                    .hint("Empty for no end.")
                    .faults(faults),
            ],
            ..Panel::default()
        }
    }

    fn html(&self, at: &At, card: &Card, faults: &Faults) -> FormHtml {
        let action = href(at, &card.id);
        let hint = "How you tell it from the others, like Marcia or Card 12.";
        FormHtml {
            shell: at.shell(&card.label),
            desk: at.desk(Section::Cards, &card.label, None),
            back: Some((at.path("/cards"), "Cards")),
            id: None,
            fault: unsaved(faults),
            panels: vec![self.panel("Card", hint, faults)],
            button: "Save",
            acts: acts(card, &action),
            action,
        }
    }
}

/// The end of a day in the store.
fn end_of(at: &At, date: &str) -> Result<Option<i64>, String> {
    let date = date.trim();
    if date.is_empty() {
        return Ok(None);
    }
    let end = at.local().day_end(date).ok_or("A day like 2027-12-31.")?;
    Ok(Some(end.0))
}

fn acts(card: &Card, action: &str) -> Vec<Act> {
    let act = |path: &str, words, icon, means: &str| Act {
        action: format!("{action}/{path}"),
        words,
        icon,
        means: means.into(),
    };
    let mut acts = match card.state.as_str() {
        "frozen" => vec![act("thaw", "Thaw it", "refund", "It pays again at once.")],
        "new" | "active" => {
            vec![act("freeze", "Freeze it", "snow", "It pays nothing until it is thawed.")]
        }
        _ => vec![],
    };
    if crate::card::pin::blocked(card) {
        let means = "Three wrong PINs blocked it. It may be tried again.";
        acts.push(act("pin-reset", "Let the PIN be tried again", "keys", means));
    }
    if card.state != "gone" {
        let means = "A code that writes new keys onto this very chip. The old ones end with the \
            first tap by the new.";
        acts.push(act("again", "Write the chip again", "card", means));
    }
    if card.balance_msat == 0 {
        let means =
            "Shows the keys to an app that takes them off the chip. Your password is asked.";
        acts.push(act("wipe", "Wipe the chip", "trash", means));
    }
    acts
}

/// `GET …/cards/{card}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let faults = Faults::default();
    let mut html = Typed::of(&at, &card).html(&at, &card, &faults);
    if app.db.card_backing(&id).await?.is_some() {
        backed::at_btcpay(&mut html.acts);
    }
    form(&html, &faults)
}

/// `POST …/cards/{card}`: label, limits and end.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let mut faults = Faults::default();
    let wish = typed.read(&at, &mut faults);
    let wish = match faults.check(wish) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, &card, &faults), &faults),
    };
    let detail = detail(&wish, &at.local())?;
    let changed = Card {
        label: wish.label,
        tap_most_msat: wish.tap_msat,
        day_most_msat: wish.day_msat,
        balance_limit_msat: wish.most_msat,
        expires_ms: wish.until_ms,
        ..card
    };
    let mut tx = app.db.begin().await?;
    tx.save_card(&changed).await?;
    tx.audit(at.merchant(), &at.who(), "card.changed", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(at.done("/cards", "saved"))
}

fn detail(wish: &Wish, local: &Local) -> Result<String, WebError> {
    let mut words = format!(
        "{}: at most {} by tap, {} by day",
        wish.label,
        sats(wish.tap_msat)?,
        sats(wish.day_msat)?
    );
    if let Some(most) = wish.most_msat {
        words.push_str(&format!(", {} on it", sats(most)?));
    }
    if let Some(end) = wish.until_ms {
        words.push_str(&format!(", good until {}", local.day(end - 1)));
    }
    Ok(words)
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/cards/{card}/{act}`: freeze, thaw, pin-reset, settle.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id, act)): Path<(String, String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let (card, merchant, now) = (find(&app, &at, &id).await?, at.merchant(), app.now());
    let mut tx = app.db.begin().await?;
    let (done, what, word) = match act.as_str() {
        "freeze" => (tx.freeze_card(merchant, &id, "staff").await?, "card.frozen", "frozen"),
        "thaw" => {
            let thawed = tx.thaw_card(merchant, &id).await?;
            tx.settle_card_alarms(merchant, &id, now).await?;
            (thawed, "card.thawed", "thawed")
        }
        "pin-reset" => (tx.reset_card_pin(merchant, &id).await?, "card.pin_reset", "unlocked"),
        "settle" => {
            (tx.settle_card_alarms(merchant, &id, now).await?, "card.alarm_settled", "settled")
        }
        _ => return Err(WebError::NotFound),
    };
    if done {
        tx.audit(merchant, &at.who(), what, &card.label, now).await?;
        tx.commit().await?;
    }
    Ok(at.done("/cards", word))
}
