//! Events: the form of one, and its end.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::known;
use super::programme::maybe;
use crate::app::App;
use crate::db::points::{Budget, PointsEvent, Programme};
use crate::domain::money::Money;
use crate::domain::points::POINTS_MAX;
use crate::points;
use crate::web::dashboard::desk::{At, form, unsaved};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::dashboard::form::{Act, FormHtml, Panel};
use crate::web::read::{self, Faults};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    rate: String,
    minimum: String,
    from: String,
    to: String,
    place: String,
    budget: String,
    most_cards: String,
    most_per_card: String,
}

const WEEK_MS: i64 = 7 * 86_400_000;

impl Typed {
    fn of(at: &At, event: &PointsEvent, budget: &Budget) -> Self {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let local = at.local();
        Self {
            name: event.name.clone(),
            rate: read::write_bp(event.rate_bp),
            minimum: Money::new(event.minimum, at.currency).to_input(),
            from: local.wall(event.from_ms),
            to: local.wall(event.to_ms),
            place: if event.stores == "[]" { "all" } else { "here" }.into(),
            budget: number(budget.most),
            most_cards: number(event.most_cards),
            most_per_card: number(event.most_per_card),
        }
    }

    fn fresh(at: &At, now: i64) -> Self {
        let local = at.local();
        Self {
            rate: "5".into(),
            minimum: "0".into(),
            from: local.wall(now),
            to: local.wall(now + WEEK_MS),
            place: "all".into(),
            budget: "10000".into(),
            ..Self::default()
        }
    }

    fn read(&self, at: &At, before: PointsEvent) -> Result<(PointsEvent, Option<i64>), Faults> {
        let mut faults = Faults::default();
        let local = at.local();
        let moment = |text: &str| {
            let moment = local.instant(text.trim()).map(|time| time.0);
            moment.ok_or_else(|| "A day and a time.".to_owned())
        };
        let (from_ms, to_ms) =
            (faults.take("from", moment(&self.from)), faults.take("to", moment(&self.to)));
        if to_ms <= from_ms {
            faults.note("to", "After it begins.");
        }
        let budget = maybe(&mut faults, "budget", &self.budget, POINTS_MAX);
        if budget.is_none() {
            faults.note("budget", "An event has a budget: it ends when that is used up.");
        }
        let event = PointsEvent {
            name: faults.take("name", read::name(&self.name)),
            rate_bp: faults.take("rate", read::percent_bp(&self.rate)),
            minimum: faults.take("minimum", read::amount(&self.minimum, at.currency)),
            from_ms,
            to_ms,
            stores: match self.place.as_str() {
                "here" => format!("[\"{}\"]", at.store.id),
                "before" => before.stores.clone(),
                _ => "[]".into(),
            },
            most_cards: maybe(&mut faults, "most_cards", &self.most_cards, POINTS_MAX),
            most_per_card: maybe(&mut faults, "most_per_card", &self.most_per_card, POINTS_MAX),
            ..before
        };
        faults.check((event, budget))
    }

    fn html(&self, at: &At, id: &str, known: Option<&PointsEvent>, faults: &Faults) -> FormHtml {
        let title = known.map_or("New event", |event| event.name.as_str());
        let places = vec![
            Choice::new("all", "All stores that take part"),
            Choice::new("here", &at.store.name),
        ];
        let whole = |name, label, value: &str| Field::whole(name, label, value).faults(faults);
        let what = Panel {
            title: "What customers get".into(),
            lead: Some(
                "Its rate stands in place of the programme’s. If two fit, the better one for the \
                 customer counts, never both."
                    .into(),
            ),
            fields: vec![Field::text("name", "Name", &self.name).faults(faults)],
            pairs: vec![
                Field::decimal("rate", "Of a purchase, %", &self.rate).faults(faults),
                Field::decimal(
                    "minimum",
                    &format!("Least purchase, {}", at.currency),
                    &self.minimum,
                )
                .faults(faults),
                Field::moment("from", "Begins", &self.from).faults(faults),
                Field::moment("to", "Ends", &self.to).faults(faults),
                Field::select("place", "Where", &self.place, places),
            ],
        };
        let until = Panel {
            title: "Until".into(),
            lead: Some("It ends at the first of these. The budget is set aside before a point is promised.".into()),
            fields: vec![],
            pairs: vec![
                whole("budget", "Budget in points", &self.budget),
                whole("most_cards", "So many customers", &self.most_cards).optional(),
                whole("most_per_card", "Most points by customer", &self.most_per_card).optional(),
            ],
        };
        let action = at.path(&format!("/points/events/{id}"));
        let open = known.is_some_and(|event| event.stopped_ms.is_none());
        FormHtml {
            shell: at.shell(title),
            desk: at.desk(Section::Points, title, None),
            back: Some((at.path("/points"), "Points")),
            id: None,
            fault: unsaved(faults),
            panels: vec![what, until],
            button: if known.is_some() { "Save" } else { "Start the event" },
            acts: if open {
                vec![Act {
                    action: format!("{action}/stop"),
                    words: "Stop it now",
                    icon: "none",
                    means: "Nothing more is promised by it; what is promised stands.".into(),
                }]
            } else {
                vec![]
            },
            action,
        }
    }
}

async fn programme(app: &App, at: &At) -> Result<Programme, WebError> {
    let (programme, _, _) = known(app, at).await?;
    programme.ok_or_else(|| WebError::conflict("Set the programme up first.".to_owned()))
}

/// `GET …/points/events/new`: the form comes with the id that the event will have.
pub(super) async fn new(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    programme(&app, &at).await?;
    let (typed, faults) = (Typed::fresh(&at, app.now().0), Faults::default());
    form(&typed.html(&at, &uuid::Uuid::now_v7().to_string(), None, &faults), &faults)
}

/// `GET …/points/events/{event}`
pub(super) async fn edit(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let event = app.db.points_event(at.merchant(), &id).await?;
    let budget = app.db.budget(at.merchant(), &id).await?;
    let (typed, faults) = (Typed::of(&at, &event, &budget), Faults::default());
    form(&typed.html(&at, &id, Some(&event), &faults), &faults)
}

/// `POST …/points/events/{event}`: adds it or changes it; sent twice it is the same event.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let id = uuid::Uuid::try_parse(&id).map_err(|_| WebError::NotFound)?.to_string();
    let (programme, now) = (programme(&app, &at).await?, app.now());
    let before = match app.db.points_event(at.merchant(), &id).await {
        Ok(event) => Some(event),
        Err(crate::db::DbError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let blank = PointsEvent {
        id: id.clone(),
        programme_id: programme.id,
        merchant_id: at.merchant().clone(),
        money: at.store.money.clone(),
        name: String::new(),
        rate_bp: 0,
        minimum: 0,
        from_ms: 0,
        to_ms: 0,
        stores: "[]".into(),
        most_cards: None,
        most_per_card: None,
        stopped_ms: None,
        created_ms: now.0,
    };
    let (event, budget) = match typed.read(&at, before.clone().unwrap_or(blank)) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, &id, before.as_ref(), &faults), &faults),
    };
    let mut tx = app.db.begin().await?;
    if !tx.save_event(&event).await? {
        return Err(WebError::conflict("This event was stopped. Make a new one.".to_owned()));
    }
    let fits = points::set_limit(&mut tx, &id, at.merchant(), &at.store.id, budget, now).await;
    if !fits.map_err(WebError::internal)? {
        drop(tx);
        let mut faults = Faults::default();
        faults.note("budget", "More than this is promised and given already.");
        return form(&typed.html(&at, &id, before.as_ref(), &faults), &faults);
    }
    let what = if before.is_some() { "points.event_changed" } else { "points.event_added" };
    let most = budget.unwrap_or_default();
    let detail = format!("{}: {}%, {most} points", event.name, read::write_bp(event.rate_bp));
    tx.audit(at.merchant(), &at.who(), what, &detail, now).await?;
    tx.commit().await?;
    Ok(at.done("/points", if before.is_some() { "saved" } else { "added" }))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/points/events/{event}/stop`
pub(super) async fn stop(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let event = app.db.points_event(at.merchant(), &id).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if tx.stop_event(at.merchant(), &id, now).await? {
        tx.audit(at.merchant(), &at.who(), "points.event_stopped", &event.name, now).await?;
        tx.commit().await?;
    }
    Ok(at.done("/points", "stopped"))
}
