//! `GET /sales/{id}/events`: what happened to a sale, as a list or as a stream. Both are read from
//! the database, so that nothing is missed, whoever committed it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, HeaderMap};
use axum::response::sse::{Event as Line, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, broadcast};
use utoipa::{IntoParams, ToSchema};

use super::gate::Caller;
use super::limit::STREAMS_MAX;
use super::money::instant;
use super::problem::{Problem, Refusals};
use super::refusal::Refusal;
use super::sale::find;
use super::scope::Scope;
use super::sent::Asked;
use crate::app::App;
use crate::db::{DbError, event};
use crate::domain::id::SaleId;

/// A hint may be lost; the database is looked at this often all the same.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Proxies drop a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// From where on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct From {
    /// Only events after the one with this `seq`.
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<String>,
}

/// One thing that happened to a sale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    /// Its place among the sale's events, from 1 without gaps.
    seq: i64,
    /// A dotted word: `sale.opened`, `offer.made`, `payment.seen`, `payment.arrived`, `sale.paid`.
    #[serde(rename = "type")]
    #[schema(example = "sale.paid")]
    kind: String,
    #[schema(format = DateTime)]
    at: String,
    /// More, by type; amounts in minor units.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// What happened to a sale, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventList {
    events: Vec<Event>,
}

/// Follow a sale
///
/// With `Accept: text/event-stream` a stream of server-sent events: `id` is the event's `seq`,
/// `event` its type, `data` an Event as JSON. It goes on after `Last-Event-ID`. Otherwise the
/// events so far.
#[utoipa::path(
    get, path = "/sales/{id}/events", operation_id = "followSale", tag = "sales",
    security(("token" = ["sales:read"])),
    params(
        ("id" = String, Path, description = "The sale"),
        From,
        ("Last-Event-ID" = Option<i64>, Header, description = "As `after`, for a stream"),
    ),
    responses(
        (status = 200, description = "The events", content(
            (EventList = "application/json"), (String = "text/event-stream")
        )),
        Refusals
    )
)]
pub(super) async fn follow(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(from): Asked<From>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    caller.may(Scope::SalesRead)?;
    let after = read_after("after", from.after.as_deref())?;
    // Listen first, then look: nothing falls between.
    let hints = app.live.listen();
    let sale = find(&app, &caller, &id).await?.id;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        let events = newer(&app, &sale, after).await?;
        return Ok(Json(EventList { events }).into_response());
    }
    let seen = after.max(read_after("Last-Event-ID", header("last-event-id"))?);
    let place = caller.limit.stream(&caller.token.id).ok_or_else(|| {
        Problem::too_often(&format!("This token follows {STREAMS_MAX} sales already: close some."))
    })?;
    let ready = VecDeque::new();
    let watch = Watch { app, caller, sale, hints, seen, ready, _place: place };
    let events = futures_util::stream::unfold(watch, |mut watch| async move {
        let line = watch.next().await?;
        Some((Ok::<_, Infallible>(line), watch))
    });
    let alive = KeepAlive::new().interval(KEEP_ALIVE).text("here");
    Ok(Sse::new(events).keep_alive(alive).into_response())
}

fn read_after(field: &str, text: Option<&str>) -> Result<i64, Problem> {
    let seq = text.map_or(Ok(0), str::parse::<i64>).ok().filter(|seq| *seq >= 0);
    seq.ok_or_else(|| Problem::field(field, "The “seq” of an event: a whole number."))
}

async fn newer(app: &App, sale: &SaleId, after: i64) -> Result<Vec<Event>, DbError> {
    let events = app.db.events(sale).await?;
    events.into_iter().filter(|event| event.seq > after).map(Event::of).collect()
}

impl Event {
    fn of(event: event::Event) -> Result<Self, DbError> {
        let unreadable = |_| DbError::Unreadable(format!("event {}", event.kind));
        Ok(Self {
            detail: serde_json::from_str(&event.body).map_err(unreadable)?,
            seq: event.seq,
            at: instant(event.at_ms),
            kind: event.kind,
        })
    }
}

struct Watch {
    app: Arc<App>,
    caller: Caller,
    sale: SaleId,
    hints: broadcast::Receiver<SaleId>,
    seen: i64,
    ready: VecDeque<Event>,
    _place: OwnedSemaphorePermit,
}

impl Watch {
    /// The next event; nothing when the token is revoked, or the server stops. Whoever follows
    /// connects anew then, and learns why.
    async fn next(&mut self) -> Option<Line> {
        while self.ready.is_empty() {
            // Looked up each time, so that a stream does not outlive its token.
            self.app.db.api_token(&self.caller.token.token_hash).await.ok()??;
            self.ready.extend(newer(&self.app, &self.sale, self.seen).await.ok()?);
            if self.ready.is_empty() && !self.hint().await {
                return None;
            }
        }
        let event = self.ready.pop_front()?;
        self.seen = event.seq;
        let line = Line::default().id(event.seq.to_string()).event(&event.kind);
        line.json_data(&event).ok()
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
