//! Points on the dashboard: what is promised, spent and left, the programme, events, and cards.

mod card;
mod events;
mod lines;
mod programme;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use super::desk::{At, form};
use crate::app::App;
use crate::db::points::{Budget, Programme};
use crate::domain::points::Rules;
use crate::points;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::read::Faults;
use programme::{Names, Typed};

/// Every page about points, below the store's address.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/points", get(view::show))
        .route("/points/live", get(view::live))
        .route("/points/programme", get(show).post(save))
        .route("/points/events/new", get(events::new))
        .route("/points/events/{event}", get(events::edit).post(events::save))
        .route("/points/events/{event}/stop", post(events::stop))
        .route("/points/cards/{card}", get(card::show).post(card::save))
}

/// The merchant's programme for this store's kind of money, with its rules and budget; usual rules
/// while there is none. One in another currency than the store's is not this store's to change.
async fn known(app: &App, at: &At) -> Result<(Option<Programme>, Rules, Option<Budget>), WebError> {
    let found = app.db.programme(at.merchant(), &at.store.money).await?;
    let Some(programme) = found else {
        // Rules that were tried with practice money are a good start for real money.
        let tried = app.db.programme(at.merchant(), "practice").await?;
        let tried = tried.filter(|one| one.currency == at.store.currency);
        let rules = tried.and_then(|one| serde_json::from_str(&one.rules).ok());
        let rules = Rules { stores: [].into(), ..rules.unwrap_or_default() };
        return Ok((None, rules, None));
    };
    if programme.currency != at.store.currency {
        let words = format!(
            "Your points are counted in {}. A store in another currency cannot take part.",
            programme.currency
        );
        return Err(WebError::conflict(words));
    }
    let rules: Rules = serde_json::from_str(&programme.rules)?;
    let budget = app.db.budget(at.merchant(), &programme.id).await?;
    Ok((Some(programme), rules, Some(budget)))
}

async fn names(app: &App, at: &At) -> Result<Names, WebError> {
    let items = app.db.items(&at.store.id).await?;
    Ok(Names::of(&items, &app.db.categories(&at.store.id).await?))
}

/// `GET …/points/programme`
async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    let (programme, rules, budget) = known(&app, &at).await?;
    let names = names(&app, &at).await?;
    let typed = Typed::of(&at, programme.as_ref(), &rules, budget.as_ref(), &names);
    let faults = Faults::default();
    form(&typed.html(&at, &faults), &faults)
}

/// `POST …/points/programme`
async fn save(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let (before, rules, _) = known(&app, &at).await?;
    let names = names(&app, &at).await?;
    let wish = match typed.read(&at, &rules, &names) {
        Ok(wish) => wish,
        Err(faults) => return form(&typed.html(&at, &faults), &faults),
    };
    if let Err(bad) = wish.rules.check() {
        return Err(WebError::conflict(format!("Nothing was saved: {bad}.")));
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let programme = Programme {
        id: before.map_or_else(|| uuid::Uuid::now_v7().to_string(), |before| before.id),
        merchant_id: at.merchant().clone(),
        money: at.store.money.clone(),
        currency: at.store.currency.clone(),
        rules: serde_json::to_string(&wish.rules)?,
        running: i64::from(wish.running),
        changed_ms: now.0,
    };
    tx.save_programme(&programme).await?;
    // Somebody else may have made it in this moment: then his is the one.
    let kept = tx.programme(at.merchant(), &at.store.money).await?.ok_or(WebError::NotFound)?;
    let fits =
        points::set_limit(&mut tx, &kept.id, at.merchant(), &at.store.id, wish.budget, now).await;
    if !fits.map_err(WebError::internal)? {
        drop(tx);
        let mut faults = Faults::default();
        faults.note("budget", "More than this is promised and given already.");
        return form(&typed.html(&at, &faults), &faults);
    }
    let detail = programme::words(&wish);
    tx.audit(at.merchant(), &at.who(), "points.programme_changed", &detail, now).await?;
    tx.commit().await?;
    Ok(at.done("/points", "saved"))
}
