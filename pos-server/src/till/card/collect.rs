//! The tap that says whose points a sale is about: while it is open, or shortly after it was paid,
//! whatever it is paid with. The first card wins.

use std::time::Duration;

use serde_json::json;

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::by_points::reference;
use super::{day, first, refuse, take};
use crate::app::App;
use crate::card::{Asked, No, Place, Shown, Taken, judge};
use crate::db::card::Card;
use crate::db::sale::Sale;
use crate::db::{DbError, Tx};
use crate::domain::id::SaleId;
use crate::domain::points::Worth;
use crate::domain::rate::Quote;
use crate::domain::time::Time;
use crate::points::{self, Running};

/// A card that is tapped within this after the sale was paid still collects.
pub const AFTER: Duration = Duration::from_secs(15 * 60);

/// Notes the card behind `link` as the one that collects the points of a sale. An open sale promises
/// them; one that was just paid gives them at once. The same card again changes nothing.
pub async fn collect(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    link: &str,
    once: &Once,
) -> Result<(), TillError> {
    if once.answered(&app.db).await?.is_some() {
        return first(app, once).await.map(|_| ());
    }
    let sale = app.db.sale(&actor.store.merchant_id, id).await?;
    if sale.store_id != actor.store.id {
        return Err(DbError::NotFound.into());
    }
    let running = points::running_at(&app.db, &actor.store).await?;
    let running = running.ok_or_else(|| TillError::refused("No points are given here."))?;
    let taken = take(app, actor, link, Place::Till).await?;
    // From memory, and only where points are worth satoshi.
    let quote = match running.rules.worth {
        Worth::Sat(_) => app.quote(&actor.store).ok(),
        Worth::Minor(_) => None,
    };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    if !once.keep(&mut tx, "", now).await? {
        drop(tx);
        return first(app, once).await.map(|_| ());
    }
    let card = match used(&mut tx, actor, &sale.money, &taken, now).await? {
        Ok(card) => card,
        Err((why, words)) => {
            drop(tx);
            return refuse(app, once, &taken, why, words).await;
        }
    };
    if let Some(words) = closed(&sale, &card, now) {
        drop(tx);
        return refuse(app, once, &taken, "no points", words.into()).await;
    }
    tx.set_sale_card(id, &card.id).await?;
    sale.card_id = Some(card.id.clone());
    note(&mut tx, &running, &sale, &card, quote.as_ref(), now).await?;
    tx.end_card_tap(&taken.id, "collects").await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// The card of a proven tap, which is used up now; or why it may not act here, for the tap's row and
/// for the cashier.
pub(super) async fn used(
    tx: &mut Tx,
    actor: &Actor,
    money: &str,
    taken: &Taken,
    now: Time,
) -> Result<Result<Card, (&'static str, String)>, TillError> {
    let tap = &taken.shown;
    let card = tx.card(&tap.card_id).await?;
    if let Err(no) = fit(actor, money, taken, card.as_ref(), now) {
        return Ok(Err(no));
    }
    let new = tx.use_tap(&tap.card_id, tap.version, tap.counter, now).await?;
    match card {
        Some(card) if new => Ok(Ok(card)),
        _ => Ok(Err((No::Used.name(), words(No::Used).into()))),
    }
}

/// Whether a card may collect and spend points here; if not, why, for the tap's row and for the cashier.
pub(super) fn fit(
    actor: &Actor,
    money: &str,
    taken: &Taken,
    card: Option<&Card>,
    now: Time,
) -> Result<(), (&'static str, String)> {
    let today = day(actor, now);
    let merchant = &actor.store.merchant_id;
    let asked = Asked { merchant, money, msat: 0, put_msat: 0, day: &today, pin: None, now };
    let no = card.map_or(Some(No::Gone), |card| judge(card, &taken.shown, &asked));
    no.map_or(Ok(()), |no| Err((no.name(), words(no).into())))
}

/// Points for a tap that came before an amount, and was used up by it, where the merchant gives some and
/// the card rested.
pub(super) async fn for_a_tap(
    tx: &mut Tx,
    actor: &Actor,
    card: &Card,
    tap: &Shown,
    now: Time,
) -> Result<(), TillError> {
    let store = &actor.store;
    let Some(running) = points::running_in(tx, store).await? else { return Ok(()) };
    let (name, who) = (reference(tap), actor.staff.name.as_str());
    points::tap(tx, &running, store, card, &name, who, now).await?;
    Ok(())
}

/// Why a card gets or spends no points, for a cashier to say.
fn words(no: No) -> &'static str {
    match no {
        No::OtherShop => "This card is another shop’s. It has no points here.",
        No::OtherMoney => "Practice and real do not mix: this card has no points here.",
        No::Frozen => "This card is frozen.",
        No::Alarmed => {
            "This card may have been copied, so it is frozen. A manager can look into it."
        }
        No::Expired => "This card’s time is over.",
        No::Used => "Tapped twice. Take the card away, and tap it again.",
        _ => "This card is not in use any more.",
    }
}

/// Why a sale gives this card no points any more.
fn closed(sale: &Sale, card: &Card, now: Time) -> Option<&'static str> {
    let other = sale.card_id.as_ref().is_some_and(|first| *first != card.id);
    let fresh = |closed: i64| now.since(Time(closed)) <= AFTER;
    match sale.state.as_str() {
        _ if other => Some("Another card collects the points of this sale."),
        "open" => None,
        "paid" if sale.card_id.is_some() || sale.closed_ms.is_some_and(fresh) => None,
        "paid" => Some("This sale was paid too long ago. Tap the card within 15 minutes."),
        _ => Some("This sale gives no points."),
    }
}

async fn note(
    tx: &mut Tx,
    running: &Running,
    sale: &Sale,
    card: &Card,
    quote: Option<&Quote>,
    now: Time,
) -> Result<(), TillError> {
    if sale.state == "paid" {
        let before = tx.earning(&sale.id).await?.is_some();
        let earned = points::earn(tx, sale, quote, now).await?;
        if !before && earned.is_some_and(|earning| earning.all() == 0) {
            // The page says so; there is no other event to tell it by.
            let body = json!({ "points": 0 });
            tx.add_event(&sale.merchant_id, &sale.id, "points.none", &body, now).await?;
        }
        return Ok(());
    }
    if tx.earning(&sale.id).await?.is_some() {
        return Ok(());
    }
    let earning = points::promise(tx, running, sale, card, quote, now).await?;
    let body = json!({ "points": earning.all(), "event": earning.event_id });
    tx.add_event(&sale.merchant_id, &sale.id, "points.promised", &body, now).await?;
    Ok(())
}
