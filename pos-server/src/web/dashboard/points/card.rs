//! A card's points: what is there, what moved them, and its holder's birthday.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::db::card::Card;
use crate::db::points::PointsMove;
use crate::points;
use crate::web::dashboard::desk::{At, form, unsaved};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::Field;
use crate::web::page::dashboard::points::{MoveLine, PointsCardHtml};
use crate::web::page::part::grouped;
use crate::web::read::{self, Faults};

/// At most so many moves are shown.
const MOVES: i64 = 200;

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    birthday: String,
}

/// A card of this merchant and this store's kind of money; any other is not found.
async fn find(app: &App, at: &At, id: &str) -> Result<Card, WebError> {
    let card = app.db.card(id).await?;
    let mine = |card: &Card| card.merchant_id == *at.merchant() && card.money == at.store.money;
    card.filter(mine).ok_or(WebError::NotFound)
}

/// `GET …/points/cards/{card}`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let birthday = app.db.points_card(&id).await?.and_then(|points| points.birthday);
    let faults = Faults::default();
    let typed = Typed { birthday: birthday.unwrap_or_default() };
    form(&html(&app, &at, &card, &typed, &faults).await?, &faults)
}

/// `POST …/points/cards/{card}`: the holder's birthday, or none.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let card = find(&app, &at, &id).await?;
    let mut faults = Faults::default();
    let birthday = faults.take("birthday", read::month_day(&typed.birthday));
    if faults != Faults::default() {
        return form(&html(&app, &at, &card, &typed, &faults).await?, &faults);
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut points = tx.lock_points(&card, now).await?;
    points.birthday = birthday;
    tx.save_points(&points).await?;
    tx.audit(at.merchant(), &at.who(), "points.birthday_changed", &card.label, now).await?;
    tx.commit().await?;
    Ok(at.done(&format!("/points/cards/{id}"), "saved"))
}

async fn html(
    app: &App,
    at: &At,
    card: &Card,
    typed: &Typed,
    faults: &Faults,
) -> Result<PointsCardHtml, WebError> {
    let standing = points::standing(&app.db, card, app.now()).await?;
    let moves = app.db.points_moves(&card.id, MOVES).await?;
    let local = at.local();
    let expires = standing.as_ref().and_then(|standing| standing.expires);
    Ok(PointsCardHtml {
        shell: at.shell(&card.label),
        desk: at.desk(Section::Points, &card.label, None),
        held: grouped(standing.as_ref().map_or(0, |standing| standing.held)),
        owed: standing.map(|standing| standing.owed).filter(|owed| *owed > 0).map(grouped),
        expires: expires.map(|(points, at)| format!("{points} are gone on {}", local.day(at))),
        moves: moves.iter().map(|one| line(at, one)).collect(),
        action: at.path(&format!("/points/cards/{}", card.id)),
        birthday: Field::text("birthday", "Birthday, month and day", &typed.birthday)
            .optional()
            .hint("Like 11-21. The year is nobody’s business.")
            .faults(faults),
        fault: unsaved(faults),
    })
}

fn line(at: &At, one: &PointsMove) -> MoveLine {
    let (words, plus) = match one.kind.as_str() {
        "earned" => ("Earned", true),
        "tap" => ("For a tap", true),
        "spent" => ("Spent", false),
        "returned" => ("Given back", true),
        "taken_back" => ("Taken back: the sale’s money did not count", false),
        "refunded" => ("Taken back for a refund", false),
        "expired" => ("Gone by time", false),
        "converted" => ("Turned into balance", false),
        "moved_in" => ("From the card it replaces", true),
        _ => ("To the card that replaces it", false),
    };
    let sign = if plus { "+" } else { "−" };
    MoveLine {
        words,
        when: at.local().stamp(one.at_ms),
        points: format!("{sign}{}", grouped(one.points)),
        after: format!("{} left", grouped(one.held)),
        href: one.sale_id.as_ref().map(|sale| at.path(&format!("/sales/{sale}"))),
    }
}
