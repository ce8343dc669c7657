//! What a program sends, read whole within a limit: JSON bodies and queries. Every fault names its
//! field.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::refusal::Refusal;
use crate::web::error::WebError;
use crate::web::form;

/// A JSON body.
pub(super) struct Sent<T>(pub(super) T);

/// What stands after the question mark of an address.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let bytes = form::collect(&parts.headers, body).await.map_err(unread)?;
        if !is_json(&parts.headers) {
            let words = "The body must be JSON: say “Content-Type: application/json”.";
            return Err(Problem::unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE, words).into());
        }
        let text = String::from_utf8(bytes).map_err(|_| {
            Problem::unreadable(StatusCode::BAD_REQUEST, "The body is not text in UTF-8.")
        })?;
        Ok(Self(parse(&text)?))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn unread(error: WebError) -> Refusal {
    match error {
        WebError::Refused(StatusCode::PAYLOAD_TOO_LARGE, _) => {
            let words = "The body is too large: at most 256 kB. Nothing was done.";
            Problem::unreadable(StatusCode::PAYLOAD_TOO_LARGE, words).into()
        }
        other => other.into(),
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    // A list would be read as the fields in their order.
    if !text.trim_start().starts_with('{') {
        let words = "The body must be a JSON object: “{ … }”.";
        return Err(Problem::unreadable(StatusCode::BAD_REQUEST, words));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (field, fault) = (error.path().to_string(), error.into_inner());
        match fault.classify() {
            serde_json::error::Category::Data => misplaced(&field, &fault.to_string()),
            _ => not_json(&fault),
        }
    })?;
    json.end().map_err(|fault| not_json(&fault))?;
    Ok(read)
}

fn not_json(fault: &serde_json::Error) -> Problem {
    let (line, column) = (fault.line(), fault.column());
    let words = format!("The body is not JSON: look at line {line}, sign {column}.");
    Problem::unreadable(StatusCode::BAD_REQUEST, words)
}

/// A field that is missing, unknown, or of another kind, in words.
fn misplaced(field: &str, fault: &str) -> Problem {
    let named = fault.split('`').nth(1).unwrap_or_default();
    let within = |name: &str| match field {
        "." | "?" => name.to_owned(),
        field if field.ends_with(name) => field.to_owned(),
        field => format!("{field}.{name}"),
    };
    if fault.starts_with("missing field") {
        return Problem::field(&within(named), "This is missing.");
    }
    if fault.starts_with("unknown field") {
        return Problem::field(&within(named), "There is no such field.");
    }
    if fault.starts_with("duplicate field") {
        return Problem::field(&within(named), "This is there twice.");
    }
    let what = fault.split(" at line ").next().unwrap_or(fault);
    Problem::field(field, format!("This is of the wrong kind: {what}."))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => {
                let fault = std::error::Error::source(&error).map(ToString::to_string);
                let fault = fault.unwrap_or_default();
                let start = ["missing field", "unknown field", "duplicate field"];
                let at = start.iter().find_map(|start| fault.find(start)).unwrap_or(0);
                Err(misplaced("?", &fault[at..]))
            }
        }
    }
}
