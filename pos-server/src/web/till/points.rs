//! What the till says of points: on the page of a sale, and of a card that was tapped.

use crate::app::App;
use crate::db::card::Card;
use crate::db::points::PointsMove;
use crate::db::store::Store;
use crate::domain::money::{Money, Msat};
use crate::domain::points::Worth;
use crate::domain::time::Time;
use crate::points::{self, Standing};
use crate::till::Actor;
use crate::till::card::AFTER;
use crate::web::error::WebError;
use crate::web::known::Facts;
use crate::web::page::part::grouped;
use crate::web::page::sale::SalePoints;

/// What points do at a sale; nothing where no programme runs. What a page shows of a sale without a
/// card costs one query.
pub(super) async fn of_sale(
    app: &App,
    actor: &Actor,
    facts: &Facts,
) -> Result<Option<SalePoints>, WebError> {
    if points::running_at(&app.db, &actor.store).await?.is_none() {
        return Ok(None);
    }
    let sale = &facts.sale;
    let Some(card) = &sale.card_id else {
        let fresh = |closed: i64| facts.now.since(Time(closed)) <= AFTER;
        let asks = sale.state == "paid" && sale.closed_ms.is_some_and(fresh);
        return Ok(Some(SalePoints { asks, ..SalePoints::default() }));
    };
    let earning = app.db.earning(&sale.id).await?;
    let moves = app.db.points_of_sale(&sale.id).await?;
    let card = app.db.card(card).await?;
    let standing = match &card {
        Some(card) => points::standing(&app.db, card, facts.now).await?,
        None => None,
    };
    let all = earning.as_ref().map_or(0, |earning| earning.all() - earning.clawed);
    let promised = earning.as_ref().is_some_and(|earning| earning.state == "promised");
    let earned = earning.as_ref().filter(|earning| earning.state == "earned");
    Ok(Some(SalePoints {
        asks: false,
        collects: (promised || earning.is_none()).then(|| match earning {
            Some(_) if all > 0 => format!("{} come with this sale", count(all)),
            Some(_) => "No points come with this sale".into(),
            None => "This card collects the points".into(),
        }),
        card: standing.as_ref().map(|standing| words(app, &actor.store, standing)),
        has_some: standing.as_ref().is_some_and(|standing| standing.held > 0),
        earned: earned.map(|_| match all {
            0 => "No points for this sale".into(),
            all => format!("+{}", count(all)),
        }),
        spent: spent(&moves).map(|spent| format!("−{}", count(spent))),
        left: standing.map(|standing| count(standing.held)),
    }))
}

/// How many points a sale took, those that went back left out.
fn spent(moves: &[PointsMove]) -> Option<i64> {
    let sum = |kind: &str| -> i64 {
        moves.iter().filter(|one| one.kind == kind).map(|one| one.points).sum()
    };
    Some(sum("spent") - sum("returned")).filter(|spent| *spent > 0)
}

/// What a card has in points: `420 points, worth J$420.00`; nothing where there is no programme.
pub(in crate::web) async fn of_card(
    app: &App,
    store: &Store,
    card: &Card,
) -> Result<Option<String>, WebError> {
    let standing = points::standing(&app.db, card, app.now()).await?;
    Ok(standing.map(|standing| words(app, store, &standing)))
}

fn words(app: &App, store: &Store, standing: &Standing) -> String {
    if standing.owed > 0 {
        return format!("owes {}", count(standing.owed));
    }
    match worth(app, store, standing) {
        Some(worth) if standing.held > 0 => format!("{}, worth {worth}", count(standing.held)),
        _ => count(standing.held),
    }
}

/// What they are worth in the store's money; nothing without a price.
fn worth(app: &App, store: &Store, standing: &Standing) -> Option<String> {
    let currency = store.currency().ok()?;
    if currency.to_string() != standing.currency {
        return None;
    }
    match standing.worth {
        Worth::Minor(minor) => Some(currency.write(standing.held.checked_mul(minor)?)),
        Worth::Sat(sat) => {
            let msat = standing.held.checked_mul(sat)?.checked_mul(1_000)?;
            let worth: Money = app.quote(store).ok()?.worth(Msat::from_db(msat).ok()?).ok()?;
            Some(worth.to_string())
        }
    }
}

/// `1 point`, `420 points`.
fn count(points: i64) -> String {
    if points == 1 { "1 point".into() } else { format!("{} points", grouped(points)) }
}
