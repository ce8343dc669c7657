//! Answers: read within the limit, and sorted into success and errors.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{Error, FieldError, Result};

/// The longest text of the server that is kept in an error.
const LONGEST_MESSAGE: usize = 300;

/// A successful answer.
pub(crate) struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// The one shape of Greenfield's 400, 403, 404 and 503.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    code: Option<String>,
    message: Option<String>,
    missing_permission: Option<String>,
    // Of ASP.NET's own problem details, which some 404s are.
    title: Option<String>,
    // Of LNURL, which the pages of cards speak (LUD-01): `ERROR`, and why.
    status: Option<serde_json::Value>,
    reason: Option<String>,
}

/// What kept a request from being answered.
pub(crate) fn not_sent(error: reqwest::Error) -> Error {
    if error.is_builder() {
        Error::InvalidRequest(innermost(&error))
    } else if error.is_connect() {
        Error::Unreachable(innermost(&error))
    } else if error.is_timeout() {
        Error::TimedOut
    } else {
        Error::Interrupted(innermost(&error))
    }
}

// The outer errors of reqwest name the address with its query; the innermost says what happened.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(next) = cause.and_then(|cause| cause.source()) {
        cause = Some(next);
    }
    clip(&cause.map_or_else(|| "no reason given".to_owned(), ToString::to_string))
}

/// Reads an answer whole, and makes an error of everything but success.
pub(crate) async fn receive(mut response: Response, limit: usize) -> Result<Answer> {
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let to = to.and_then(|to| response.url().join(to).ok()).map(|to| origin(&to));
        return Err(Error::Redirected { status: status.as_u16(), to });
    }
    let retry_after = retry_after(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(not_sent)? {
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge { status: status.as_u16(), limit });
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok(Answer { status: status.as_u16(), body });
    }
    Err(refusal(status, &body, retry_after))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn refusal(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Error {
    let json = serde_json::from_slice::<Refusal>(body);
    // A JSON error of somebody else must not pass for the server's word that there is no such thing.
    let is_ours = json.as_ref().is_ok_and(|json| {
        let lnurl = json.status.as_ref().is_some_and(|status| status == "ERROR");
        json.code.is_some() || json.title.is_some() || lnurl
    });
    let Refusal { code, message, missing_permission, title, reason, .. } = json.unwrap_or_default();
    let message = clip(&message.or(title).or(reason).unwrap_or_default());
    let code = code.map(|code| clip(&code));
    match status.as_u16() {
        401 => Error::Unauthorized,
        403 => {
            Error::Forbidden { missing_permission: missing_permission.map(|p| clip(&p)), message }
        }
        404 if is_ours => Error::NotFound { code, message },
        422 => match serde_json::from_slice::<Vec<FieldError>>(body) {
            Ok(fields) => Error::Invalid(fields.into_iter().take(50).map(clipped).collect()),
            Err(_) => Error::Refused { status: 422, code, message },
        },
        429 => Error::RateLimited { retry_after },
        status @ 500.. => Error::Server { status, code, message },
        status if is_ours => Error::Refused { status, code, message },
        // Some operations, and older servers, send field errors with a 400.
        status => match serde_json::from_slice::<Vec<FieldError>>(body) {
            Ok(fields) => Error::Invalid(fields.into_iter().take(50).map(clipped).collect()),
            Err(_) => Error::Unreadable { status, reason: "it is not JSON of Greenfield".into() },
        },
    }
}

fn clipped(field: FieldError) -> FieldError {
    FieldError { path: clip(&field.path), message: clip(&field.message) }
}

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect()
}

/// Reads what a successful answer says.
pub(crate) fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T> {
    let read = serde_json::from_slice(&answer.body);
    read.map_err(|error| Error::Unreadable { status: answer.status, reason: reason(&error) })
}

/// Why JSON cannot be read. serde names values too, and an answer may hold keys: only what is
/// absent is named.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    if words.starts_with("missing field") {
        return clip(&words);
    }
    match error.classify() {
        Category::Data => "a field holds something else than it should".into(),
        Category::Syntax => "it is not JSON".into(),
        Category::Eof | Category::Io => "it ends too early".into(),
    }
}

/// Seconds, or a date measured against the answer's own `Date`, so that clocks need not agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wanted = text(RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = text(DATE).and_then(date).unwrap_or_else(SystemTime::now);
    Some(date(wanted)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_server_says_how_long_in_seconds_or_by_the_clock() {
        let waits = |pairs: &[(&'static str, &str)]| {
            let headers = pairs.iter().map(|(name, value)| {
                (reqwest::header::HeaderName::from_static(name), value.parse().unwrap())
            });
            retry_after(&headers.collect())
        };
        let minute = Some(Duration::from_secs(60));
        assert_eq!(waits(&[("retry-after", "60")]), minute);
        let date = ("date", "Sun, 06 Nov 1994 08:48:37 GMT");
        assert_eq!(waits(&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), minute);
        assert_eq!(waits(&[("retry-after", "soon")]), None);
        assert_eq!(waits(&[]), None);
    }

    #[test]
    fn words_of_the_server_are_clipped_and_cleaned() {
        let body = format!(r#"{{"code":"x","message":"a\u0007b{}"}}"#, "c".repeat(5_000));
        let error = refusal(StatusCode::BAD_REQUEST, body.as_bytes(), None);
        let Error::Refused { message, .. } = &error else { panic!("{error}") };
        assert!(message.starts_with("abc") && message.len() == LONGEST_MESSAGE);
    }
}
