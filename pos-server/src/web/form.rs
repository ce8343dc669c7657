//! Forms: read whole within a limit, as text, and only from pages of ours.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use super::cookie::Cookie;
use super::error::WebError;
use super::{csrf, session};
use crate::access::token;
use crate::app::App;

/// No form of ours is larger.
pub const MOST_BYTES: usize = 256 * 1024;
// What a browser still sends is read and thrown away up to here, or it would see a broken
// connection in place of our words.
const DRAIN_BYTES: usize = 32 * 1024 * 1024;

/// A form from a page of somebody who is in: an owner, or a tablet.
pub struct SafeForm<T>(pub T);

/// A form from a page of somebody who is not in yet: sign-in, first start, pairing.
pub struct OpenForm<T>(pub T);

/// A form from a card's own page, of whoever tapped the card.
pub struct HolderForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for SafeForm<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let text = read(&parts.headers, body).await?;
        from_us(app, &parts.headers)?;
        let tokens = session::form_tokens(&parts.extensions, &parts.headers, app).await?;
        proven(&parts.headers, &text, &tokens)?;
        parse(&text).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for OpenForm<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let text = read(&parts.headers, body).await?;
        from_us(app, &parts.headers)?;
        let visit = Cookie::Visit.read(&app.config, &parts.headers);
        let tokens: Vec<_> = visit.iter().map(|visit| csrf::visit_token(app, visit)).collect();
        proven(&parts.headers, &text, &tokens)?;
        parse(&text).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for HolderForm<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let text = read(&parts.headers, body).await?;
        from_us(app, &parts.headers)?;
        let visit = session::holder(&parts.headers, app).await?;
        let tokens: Vec<_> = visit.iter().map(|visit| visit.csrf.clone()).collect();
        proven(&parts.headers, &text, &tokens)?;
        parse(&text).map(Self)
    }
}

fn from_us(app: &App, headers: &HeaderMap) -> Result<(), WebError> {
    if csrf::same_origin(&app.config, headers) {
        return Ok(());
    }
    Err(WebError::forbidden("This came from another site. Nothing was changed."))
}

fn proven(headers: &HeaderMap, text: &str, tokens: &[String]) -> Result<(), WebError> {
    let in_header = headers.get("x-csrf").and_then(|value| value.to_str().ok());
    let pairs: Vec<(String, String)> = parse(text)?;
    let in_form = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
    let given = in_header.or(in_form).unwrap_or_default();
    if tokens.iter().any(|token| token::same(token, given)) {
        return Ok(());
    }
    Err(WebError::forbidden("This page was out of date. Nothing was changed: open it again."))
}

async fn read(headers: &HeaderMap, body: Body) -> Result<String, WebError> {
    let bytes = collect(headers, body).await?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !bytes.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        let words = "This is not a form of ours. Nothing was changed.";
        return Err(WebError::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, words.into()));
    }
    let unreadable = "This form holds signs that are not text. Nothing was changed.";
    let text = String::from_utf8(bytes).map_err(|_| WebError::bad(unreadable))?;
    if is_text(&text, true) { Ok(text) } else { Err(WebError::bad(unreadable)) }
}

/// Reads a body to its end, and refuses one that is too large.
pub(super) async fn collect(headers: &HeaderMap, mut body: Body) -> Result<Vec<u8>, WebError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let said: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let (mut bytes, mut seen, mut too_large) = (Vec::new(), 0usize, said > MOST_BYTES);
    while let Some(frame) = body.frame().await {
        let broken = || WebError::bad("The connection broke off. Nothing was changed.");
        let data = frame.map_err(|_| broken())?.into_data().unwrap_or_default();
        seen = seen.saturating_add(data.len());
        too_large |= seen > MOST_BYTES;
        if seen > DRAIN_BYTES {
            break;
        }
        if too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if too_large {
        let words = "That is more than a page sends: at most 256 kB. Nothing was changed.";
        return Err(WebError::Refused(StatusCode::PAYLOAD_TOO_LARGE, words.into()));
    }
    Ok(bytes)
}

/// True when the percent-coded text is UTF-8 without control signs; line ends only where allowed.
pub(super) fn is_text(coded: &str, lines: bool) -> bool {
    let mut plain = Vec::with_capacity(coded.len());
    let mut bytes = coded.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            plain.push(byte);
            continue;
        }
        let mut rest = bytes.clone();
        let digits = [rest.next(), rest.next()];
        let digit = |sign: Option<u8>| char::from(sign.unwrap_or(b'x')).to_digit(16);
        match (digit(digits[0]), digit(digits[1])) {
            (Some(high), Some(low)) => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(0));
                bytes = rest;
            }
            _ => plain.push(byte),
        }
    }
    let allowed = |sign: char| !sign.is_control() || (lines && matches!(sign, '\n' | '\r' | '\t'));
    String::from_utf8(plain).is_ok_and(|plain| plain.chars().all(allowed))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, WebError> {
    serde_urlencoded::from_str(text).map_err(|_| {
        WebError::bad("This form did not arrive whole. Nothing was changed: open the page again.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf8_without_control_signs() {
        assert!(is_text("name=Caf%C3%A9+100%25&x=%0D%0A", true));
        assert!(!is_text("x=%0D%0A", false));
        assert!(!is_text("name=%C3", true));
        assert!(!is_text("name=%00", true));
        assert!(is_text("name=100%", true));
    }
}
