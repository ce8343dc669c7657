//! The overview: budgets as they stand, events, and the cards with the most points.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};

use super::known;
use crate::app::App;
use crate::db::points::{Budget, PointsEvent};
use crate::web::dashboard::desk::{At, page};
use crate::web::error::WebError;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::points::{BudgetView, BudgetsHtml, CardPoints, PointsHtml};
use crate::web::page::part::{Badge, grouped};
use crate::web::read;

/// At most so many cards are listed.
const CARDS: i64 = 50;

/// `GET …/points`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let (programme, rules, _) = known(&app, &at).await?;
    let cards = app.db.points_cards(at.merchant(), &at.store.money, CARDS).await?;
    let mut lines = Vec::new();
    for points in cards {
        let label = app.db.card(&points.card_id).await?.map(|card| card.label);
        lines.push(CardPoints {
            label: label.unwrap_or_default(),
            held: grouped(points.held),
            owed: (points.owed > 0).then(|| grouped(points.owed)),
            href: at.path(&format!("/points/cards/{}", points.card_id)),
        });
    }
    let (held, owed) = app.db.points_out(at.merchant(), &at.store.money).await?;
    let state = match &programme {
        None => ("past", "none", "Not set up".to_owned()),
        Some(one) if one.running == 0 => ("past", "none", "Stopped".into()),
        Some(_) if !rules.stores.contains(at.store.id.as_str()) => {
            ("warn", "alert", "Not in this store".into())
        }
        Some(_) => ("paid", "done", format!("Running, {}%", read::write_bp(rules.rate_bp))),
    };
    let (class, icon, words) = state;
    page(&PointsHtml {
        shell: at.shell("Points"),
        desk: at.desk(Section::Points, "Points", None),
        badge: Badge { class, icon, words },
        set_up: programme.is_some(),
        budgets: budgets(&app, &at).await?,
        held: grouped(held),
        owed: (owed > 0).then(|| grouped(owed)),
        cards: lines,
    })
}

/// `GET …/points/live`: the budgets alone, for the page that asks again.
pub(super) async fn live(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    Ok(Html(budgets(&app, &at).await?.render()?).into_response())
}

async fn budgets(app: &App, at: &At) -> Result<BudgetsHtml, WebError> {
    let (programme, _, budget) = known(app, at).await?;
    let (Some(programme), Some(budget)) = (programme, budget) else {
        return Ok(BudgetsHtml { programme: None, events: vec![] });
    };
    let mut events = Vec::new();
    for event in app.db.points_events(&programme.id).await? {
        let budget = app.db.budget(at.merchant(), &event.id).await?;
        let cards = app.db.event_cards(&event.id).await?;
        let mut view = figures(&budget);
        view.badge = Some(badge(&event, &budget, cards, app.now().0));
        let (from, to) = (at.local().day(event.from_ms), at.local().day(event.to_ms));
        view.under = format!("{}%, {from} to {to}", read::write_bp(event.rate_bp));
        if let Some(most) = event.most_cards {
            view.under.push_str(&format!(", {cards} of {most} customers"));
        }
        view.href = at.path(&format!("/points/events/{}", event.id));
        view.name = event.name;
        events.push(view);
    }
    let mut own = figures(&budget);
    own.name = "Programme".into();
    own.href = at.path("/points/programme");
    Ok(BudgetsHtml { programme: Some(own), events })
}

fn figures(budget: &Budget) -> BudgetView {
    let used = budget.promised.saturating_add(budget.spent);
    BudgetView {
        name: String::new(),
        under: String::new(),
        href: String::new(),
        badge: None,
        promised: grouped(budget.promised),
        spent: grouped(budget.spent),
        left: budget.left().map_or_else(|| "No limit".into(), grouped),
        bar: budget.most.filter(|most| *most > 0).map(|most| (used, most)),
    }
}

fn badge(event: &PointsEvent, budget: &Budget, cards: i64, now: i64) -> Badge {
    let full = event.most_cards.is_some_and(|most| cards >= most);
    let (class, icon, words) = match budget.left() {
        _ if event.stopped_ms.is_some() => ("past", "none", "Stopped"),
        _ if now >= event.to_ms => ("past", "glass", "Over"),
        _ if now < event.from_ms => ("wait", "clock", "To come"),
        Some(0) => ("warn", "alert", "Used up"),
        _ if full => ("warn", "people", "Enough customers"),
        _ => ("paid", "done", "Running"),
    };
    Badge { class, icon, words: words.into() }
}
