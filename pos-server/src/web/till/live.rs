//! The live stream of one sale. It carries the whole view each time, read from the database, so a
//! page that missed ten changes is right after one.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use serde::Deserialize;
use tokio::sync::broadcast;

use super::act::read_sale;
use super::view::{facts, facts_after, view};
use crate::app::App;
use crate::domain::id::SaleId;
use crate::till::Actor;
use crate::web::error::WebError;
use crate::web::who::Cashier;

/// A hint may be lost; the database is looked at this often all the same.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Proxies drop a silent stream; a page that hears nothing this long (twice) asks anew.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

struct Watch {
    app: Arc<App>,
    actor: Actor,
    csrf: String,
    sale: SaleId,
    hints: broadcast::Receiver<SaleId>,
    seen: i64,
}

/// What the page knows.
#[derive(Debug, Default, Deserialize)]
pub(super) struct From {
    /// The last event that its first view held.
    #[serde(default)]
    after: i64,
}

/// `GET /till/sales/{sale}/live?after=SEQ`: server-sent events from after `Last-Event-ID`, at first
/// from after the page's own view.
pub(super) async fn stream(
    State(app): State<Arc<App>>,
    cashier: Cashier,
    Path(sale): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let csrf = cashier.device.session.csrf.clone();
    let actor = super::actor(cashier);
    let sale = read_sale(&sale)?;
    // Listen first, then look: nothing falls between.
    let hints = app.live.listen();
    facts(&app, &actor, &sale).await?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let seen = last.and_then(|id| id.parse().ok()).unwrap_or(from.after);
    let watch = Watch { app, actor, csrf, sale, hints, seen };
    let events = futures_util::stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    });
    // An event, not a comment: the page hears it, and knows that the line is good.
    let here =
        KeepAlive::new().interval(KEEP_ALIVE).event(Event::default().event("ping").data("here"));
    Ok(Sse::new(events).keep_alive(here))
}

impl Watch {
    /// The next view that is newer than the last one; nothing when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            match self.look().await {
                Ok(Some(event)) => return Some(event),
                Ok(None) => {}
                // The page polls on when the stream ends, and says so if that fails too.
                Err(_) => return None,
            }
            if !self.hint().await {
                return None;
            }
        }
    }

    async fn look(&mut self) -> Result<Option<Event>, WebError> {
        let events = self.app.db.events(&self.sale).await?;
        if events.last().is_none_or(|event| event.seq <= self.seen) {
            return Ok(None);
        }
        let facts = facts_after(&self.app, &self.actor, &self.sale, events).await?;
        self.seen = facts.seq();
        let points = super::points::of_sale(&self.app, &self.actor, &facts).await?;
        let live = view(&self.app, &self.actor, &self.csrf, "", &facts, points)?.live()?;
        let event = Event::default().event("sale").id(self.seen.to_string());
        Ok(Some(event.json_data(live).map_err(WebError::internal)?))
    }

    /// Waits until the sale may have changed; false when the server stops.
    async fn hint(&mut self) -> bool {
        let deadline = tokio::time::Instant::now() + LOOK_EVERY;
        loop {
            tokio::select! {
                () = self.app.stopping.cancelled() => return false,
                () = tokio::time::sleep_until(deadline) => return true,
                hint = self.hints.recv() => match hint {
                    Ok(sale) if sale != self.sale => {}
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                }
            }
        }
    }
}
