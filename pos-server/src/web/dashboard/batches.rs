//! Batches: many cards to be set up in an afternoon, their list, and a file of it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::card_codes::wished;
use super::cards::{Typed, Wish, href};
use super::desk::{At, form, page, unsaved};
use crate::access::token;
use crate::app::App;
use crate::card::leave;
use crate::db::card::{BatchLine, CardBatch, CardSetup};
use crate::domain::time::Time;
use crate::web::card_code;
use crate::web::csv;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::cards::{BatchCard, BatchHtml, BatchLink, BatchesHtml};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::form::FormHtml;
use crate::web::page::part::Badge;
use crate::web::read::{self, Faults};

/// No batch is larger.
const MOST: i64 = 500;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// `GET …/cards/batches`
pub(super) async fn list(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let mut batches = Vec::new();
    for batch in app.db.card_batches(at.merchant(), &at.store.id).await? {
        let lines = app.db.batch_lines(at.merchant(), &batch.id).await?;
        batches.push(BatchLink {
            words: count(&lines),
            by: format!("{}, {}", batch.who, at.local().near(batch.created_ms, app.now().0)),
            href: at.path(&format!("/cards/batches/{}", batch.id)),
            label: batch.label,
        });
    }
    page(&BatchesHtml {
        shell: at.shell("Batches of cards"),
        desk: at.desk(Section::Cards, "Batches of cards", None),
        batches,
    })
}

fn count(lines: &[BatchLine]) -> String {
    let programmed = lines.iter().filter(|line| line.card_id.is_some()).count();
    let tapped = lines.iter().filter(|line| line.confirmed_ms.is_some()).count();
    format!("{} cards, {programmed} programmed, {tapped} tapped", lines.len())
}

/// What was typed of a batch.
#[derive(Deserialize)]
pub(super) struct BatchTyped {
    #[serde(default)]
    id: String,
    #[serde(default)]
    many: String,
    #[serde(default)]
    days: String,
    #[serde(flatten)]
    card: Typed,
}

impl BatchTyped {
    fn html(&self, at: &At, faults: &Faults) -> FormHtml {
        let hint = "What every label begins with: Yard Card makes Yard Card 001.";
        let mut panel = self.card.panel("Each card", hint, faults);
        panel.fields.push(Field::whole("many", "How many", &self.many).faults(faults));
        panel.fields.push(
            Field::whole("days", "Days that the codes last", &self.days)
                .hint("Each is good once, and gives out one card’s keys: keep the file safe.")
                .faults(faults),
        );
        FormHtml {
            shell: at.shell("A batch of cards"),
            desk: at.desk(Section::Cards, "A batch of cards", None),
            back: Some((at.path("/cards/batches"), "Batches")),
            id: Some(self.id.clone()),
            fault: unsaved(faults),
            panels: vec![panel],
            button: "Make the codes",
            acts: vec![],
            action: at.path("/cards/batches/new"),
        }
    }
}

/// `GET …/cards/batches/new`
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
    let typed = BatchTyped {
        id: uuid::Uuid::now_v7().to_string(),
        many: "20".into(),
        days: policy.batch_days.to_string(),
        card: Typed::usual(&app, &at, String::new()).await?,
    };
    let faults = Faults::default();
    form(&typed.html(&at, &faults), &faults)
}

/// `POST …/cards/batches/new`: all leaves at once; sent twice it is the same batch.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<BatchTyped>,
) -> Result<Response, WebError> {
    let mut faults = Faults::default();
    let wish = typed.card.read(&at, &mut faults);
    let many = faults.take("many", read::whole(&typed.many, 1, MOST));
    let days = faults.take("days", read::whole(&typed.days, 1, 365));
    let id: uuid::Uuid = typed.id.parse().map_err(|_| WebError::NotFound)?;
    let wish = match faults.check(wish) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, &faults), &faults),
    };
    let now = app.now();
    let until = now.after(DAY * u32::try_from(days).unwrap_or(1));
    let batch = CardBatch {
        id: id.to_string(),
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        label: wish.label.clone(),
        many,
        expires_ms: until.0,
        who: at.who(),
        created_ms: now.0,
    };
    let setups = setups(&app, &at, &batch, &wish, until).await?;
    let mut tx = app.db.begin().await?;
    if tx.add_card_batch(&batch).await? {
        for setup in &setups {
            tx.add_card_setup(setup).await?;
        }
        let detail = format!("{}: {many} cards", batch.label);
        tx.audit(at.merchant(), &at.who(), "card.batch_made", &detail, now).await?;
        tx.commit().await?;
    } else {
        drop(tx);
        app.db.card_batch(at.merchant(), &at.store.id, &batch.id).await?;
    }
    Ok(Redirect::to(&at.path(&format!("/cards/batches/{}", batch.id))).into_response())
}

async fn setups(
    app: &App,
    at: &At,
    batch: &CardBatch,
    wish: &Wish,
    until: Time,
) -> Result<Vec<CardSetup>, WebError> {
    let policy = app.db.card_policy(at.merchant(), &at.store.id).await?;
    let one = |number: i64| -> Result<CardSetup, WebError> {
        let secret = token::random();
        let hash = token::hash(&secret);
        let sealed = app.seal.seal(&purpose(&hash), secret.as_bytes())?;
        let setup = wished(leave(&at.store, &policy, hash, until), wish);
        Ok(CardSetup {
            label: format!("{} {number:03}", wish.label),
            batch_id: Some(batch.id.clone()),
            batch_no: Some(number),
            sealed: Some(sealed),
            ..setup
        })
    };
    (1..=batch.many).map(one).collect()
}

fn purpose(hash: &str) -> String {
    format!("card batch/{hash}")
}

/// The link of a leave that can still be used.
fn link(app: &App, line: &BatchLine) -> Result<Option<String>, WebError> {
    if line.card_id.is_some() || line.expires_ms <= app.now().0 {
        return Ok(None);
    }
    let secret = app.seal.open(&purpose(&line.token_hash), &line.sealed)?;
    let secret = std::str::from_utf8(&secret).map_err(WebError::internal)?;
    Ok(Some(card_code::program(app, secret)))
}

fn state(line: &BatchLine, now: Time) -> (&'static str, &'static str, &'static str) {
    match (&line.card_id, line.confirmed_ms) {
        (Some(_), Some(_)) => ("paid", "done", "Tapped"),
        (Some(_), None) => ("seen", "card", "Programmed"),
        (None, _) if line.expires_ms <= now.0 => ("past", "glass", "Time ran out"),
        (None, _) => ("wait", "clock", "Waiting"),
    }
}

/// `GET …/cards/batches/{batch}`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let batch = app.db.card_batch(at.merchant(), &at.store.id, &id).await?;
    let lines = app.db.batch_lines(at.merchant(), &id).await?;
    let until = format!("The codes last until {}.", at.local().full(batch.expires_ms));
    let card = |line: &BatchLine| -> Result<BatchCard, WebError> {
        let (class, icon, words) = state(line, app.now());
        Ok(BatchCard {
            label: line.label.clone(),
            badge: Badge { class, icon, words: words.into() },
            link: link(&app, line)?,
            card: line.card_id.as_ref().map(|card| href(&at, card)),
        })
    };
    page(&BatchHtml {
        shell: at.shell(&batch.label),
        desk: at.desk(Section::Cards, &batch.label, Some(until)),
        csv: at.path(&format!("/cards/batches/{id}/cards.csv")),
        words: count(&lines),
        lines: lines.iter().map(card).collect::<Result<_, _>>()?,
    })
}

/// `GET …/cards/batches/{batch}/cards.csv`
pub(super) async fn csv(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let batch = app.db.card_batch(at.merchant(), &at.store.id, &id).await?;
    let mut text = csv::row(&["label", "programming link", "state", "good until"]);
    for line in app.db.batch_lines(at.merchant(), &id).await? {
        let link = link(&app, &line)?.unwrap_or_default();
        let until = at.local().stamp(line.expires_ms);
        text.push_str(&csv::row(&[&line.label, &link, state(&line, app.now()).2, &until]));
    }
    let mut tx = app.db.begin().await?;
    tx.audit(at.merchant(), &at.who(), "card.batch_read", &batch.label, app.now()).await?;
    tx.commit().await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"cards.csv\""),
    ];
    Ok((headers, text).into_response())
}
