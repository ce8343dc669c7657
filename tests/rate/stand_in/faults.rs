//! Faults that any source can have, whatever it speaks.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::Play;

pub(super) fn json(body: String) -> Response {
    let response = Response::builder().header(CONTENT_TYPE, "application/json");
    response.body(body.into()).unwrap()
}

pub(super) fn html(body: String) -> Response {
    let response = Response::builder().header(CONTENT_TYPE, "text/html; charset=UTF-8");
    response.body(body.into()).unwrap()
}

pub(super) fn status(code: u16, body: &'static str) -> Response {
    Response::builder().status(code).body(body.into()).unwrap()
}

/// The answer, if the play is a fault that needs no knowledge of the source.
pub(super) async fn of_any_source(play: &Play) -> Option<Response> {
    Some(match play {
        Play::ErrorArrayUnder500 => status(500, r#"["error",10020,"symbol: invalid"]"#),
        Play::Broken => status(503, "<html>down for maintenance</html>"),
        Play::TooMany(None) => status(429, r#"{"error":"ERR_RATE_LIMIT"}"#),
        Play::TooMany(Some(seconds)) => {
            let mut response = status(429, "{}");
            response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
            response
        }
        Play::Html => html("<!doctype html><title>Just a moment</title>".into()),
        Play::Hang => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            status(200, "{}")
        }
        Play::Cut => cut(),
        Play::Oversize => json(format!("{{\"pad\":\"{}\"}}", "x".repeat(3 << 20))),
        _ => return None,
    })
}

/// Promises a hundred bytes, sends ten, and breaks off.
fn cut() -> Response {
    let begun = stream::iter([Ok(Bytes::from_static(b"{\"result\":"))]);
    let broken = stream::iter([Err(std::io::Error::other("cut"))]);
    let response = Response::builder().header(CONTENT_LENGTH, 100);
    response.body(Body::from_stream(begun.chain(broken))).unwrap()
}
