//! A request, answered well or as badly as was planned.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;

use super::call::Answer;
use super::gate::{self, Asked};
use super::wire::HangUp;
use super::{boltcards, consent};
use crate::plan::Fault;
use crate::shared::{Seen, Shared, lock};
use crate::world::World;

/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(86_400);

pub(super) async fn any(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // A body that breaks off is no request.
    let Ok(body) = body.collect().await else { return hang_up() };
    let body = body.to_bytes();
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let words = parts.headers.get(header::AUTHORIZATION).and_then(|words| words.to_str().ok());
    let number = note(&shared, method, &parts.uri, words, &body);
    let query = serde_urlencoded::from_str(parts.uri.query().unwrap_or_default());
    let query: Vec<(String, String)> = query.unwrap_or_default();

    let fault = lock(&shared.plan).take(method, path);
    let answered = |status| {
        if let Some(seen) = lock(&shared.seen).get_mut(number) {
            seen.status = Some(status);
        }
    };
    if let Some(early) = undone(fault.as_ref()).await {
        if early.extensions().get::<HangUp>().is_none() {
            answered(early.status().as_u16());
        }
        return early;
    }
    if !path.starts_with("/api/") {
        let page = shared.with(|world| page(world, &parts, &body));
        answered(page.status().as_u16());
        return if fault == Some(Fault::Lost) { hang_up() } else { page };
    }
    let spoil = fault == Some(Fault::Wrong);
    let asked = Asked { method, path, query: &query, authorization: words, body: &body, spoil };
    let answer = shared.with(|world| gate::pass(world, &asked));
    answered(answer.status);
    match fault {
        Some(Fault::Lost) => hang_up(),
        Some(Fault::Half) => in_halves(&answer, None),
        Some(Fault::Slow(pause)) => in_halves(&answer, Some(Duration::from_millis(pause))),
        _ => whole(&answer),
    }
}

/// What is not the API: the consent page, the pages of cards, and a checkout page that says how an invoice stands.
/// Anything else is not found, and no fault: browsers ask for icons by themselves.
fn page(world: &mut World, parts: &Parts, body: &[u8]) -> Response {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    match (&parts.method, parts.uri.path()) {
        (&Method::GET, consent::PATH) => consent::ask(world, query).into_response(),
        (&Method::POST, consent::PATH) => consent::decide(world, body).into_response(),
        (&Method::GET, boltcards::WITHDRAW | boltcards::TOP_UP) => {
            world.tick();
            let query: Vec<_> = serde_urlencoded::from_bytes(query).unwrap_or_default();
            match parts.uri.path() {
                boltcards::WITHDRAW => boltcards::withdraw(world, &query),
                _ => boltcards::top_up(world, &query),
            }
        }
        (&Method::GET, path) => {
            world.tick();
            let invoice = path.strip_prefix("/i/").and_then(|id| world.invoice(id));
            let line = invoice.map(|invoice| format!("{} {:?}\n", invoice.id, invoice.status));
            line.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn note(
    shared: &Shared,
    method: &str,
    uri: &axum::http::Uri,
    words: Option<&str>,
    body: &[u8],
) -> usize {
    let mut all = lock(&shared.seen);
    all.push(Seen {
        method: method.to_owned(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(body).into_owned(),
        key: words.and_then(|words| words.strip_prefix("token ")).map(str::to_owned),
        status: None,
    });
    all.len() - 1
}

/// The answer of a fault that leaves the work undone.
async fn undone(fault: Option<&Fault>) -> Option<Response> {
    let html = "<html><head><title>Sorry</title></head><body>nginx</body></html>";
    Some(match fault? {
        Fault::Status(code) => {
            let code = StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (code, [(header::CONTENT_TYPE, "text/html")], html).into_response()
        }
        Fault::TooMany(seconds) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, wait, "").into_response()
        }
        Fault::Garbage => ([(header::CONTENT_TYPE, "application/json")], html).into_response(),
        Fault::Redirect(there) => {
            (StatusCode::FOUND, [(header::LOCATION, there.clone())], "").into_response()
        }
        Fault::Down => hang_up(),
        Fault::Hang => {
            tokio::time::sleep(FOR_EVER).await;
            hang_up()
        }
        Fault::Lost | Fault::Half | Fault::Slow(_) | Fault::Wrong => return None,
    })
}

fn hang_up() -> Response {
    let mut never = Response::new(Body::empty());
    never.extensions_mut().insert(HangUp);
    never
}

fn text(answer: &Answer) -> Bytes {
    answer.body.as_ref().map_or_else(Bytes::new, |body| body.to_string().into())
}

fn head(answer: &Answer) -> axum::http::response::Builder {
    let head = Response::builder().status(answer.status);
    match answer.body {
        Some(_) => head.header(header::CONTENT_TYPE, "application/json; charset=utf-8"),
        None => head,
    }
}

fn whole(answer: &Answer) -> Response {
    finish(head(answer), text(answer).into())
}

fn finish(head: axum::http::response::Builder, body: Body) -> Response {
    head.body(body).unwrap_or_else(|_| hang_up())
}

/// The answer in two halves; the second never comes if there is no pause to wait for it.
fn in_halves(answer: &Answer, pause: Option<Duration>) -> Response {
    let text = text(answer);
    let length = text.len();
    let (first, second) = (text.slice(..length / 2), text.slice(length / 2..));
    let second = stream::once(async move {
        match pause {
            Some(pause) => {
                tokio::time::sleep(pause).await;
                Ok(second)
            }
            None => Err(std::io::Error::other("cut off")),
        }
    });
    let body = Body::from_stream(stream::iter([Ok(first)]).chain(second));
    finish(head(answer).header(header::CONTENT_LENGTH, length), body)
}
