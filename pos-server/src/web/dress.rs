//! Refusals become what the asker can read: a page, a way to the right door, JSON for a script, or a
//! problem for a program.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, REFERER, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::api::problem;
use super::error::{Fault, WebError};
use super::form;
use super::next::{encode, path_of};
use super::page::MessageHtml;
use super::page::shell::Shell;

/// What is known of the asker.
struct Asked {
    program: bool,
    html: bool,
    reads: bool,
    here: String,
    from: Option<String>,
}

/// Refuses addresses that are not text, before anything reads them.
pub(super) async fn readable_address(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    if form::is_text(address, false) {
        return next.run(request).await;
    }
    let words = "This address holds signs that are not text.";
    WebError::Refused(StatusCode::BAD_REQUEST, words.into()).into_response()
}

/// Dresses a refusal that has no page yet.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let bare = response
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let fault = match response.extensions().get::<Fault>() {
        Some(fault) => fault.clone(),
        None if bare => Fault::of_status(status),
        None => return response,
    };
    if asked.program {
        return problem::dressed(response, fault);
    }
    let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    let mut dressed = asked.answer(status, fault);
    for cookie in cookies {
        dressed.headers_mut().append(SET_COOKIE, cookie);
    }
    dressed
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let accept = text(headers, ACCEPT.as_str()).unwrap_or("*/*");
        let takes = |kind| accept.contains(kind);
        let html = takes("text/html") || !(takes("application/json") || takes("event-stream"));
        let here = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let program = request.uri().path().starts_with("/api/");
        let from = text(headers, REFERER.as_str()).and_then(path_of).map(str::to_owned);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        Self { program, html, reads, here: here.to_owned(), from }
    }

    fn answer(self, status: StatusCode, fault: Fault) -> Response {
        let from = self.from.unwrap_or_else(|| "/".into());
        let next = if self.reads { &self.here } else { &from };
        let way = fault.door.map(|door| format!("{}?next={}", door.path(), encode(next)));
        if !self.html {
            let body = serde_json::json!({
                "error": fault.words, "code": fault.code, "sign_in": way,
            });
            let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            return (status, json, body.to_string()).into_response();
        }
        if let (true, Some(way)) = (self.reads, &way) {
            return (StatusCode::SEE_OTHER, [(LOCATION, way.clone())]).into_response();
        }
        let shop = "pos-server".to_owned();
        let page = MessageHtml {
            shell: Shell { title: fault.title.clone(), shop, practice: false },
            title: fault.title,
            words: fault.words,
            code: fault.code,
            href: way.unwrap_or(from),
            action: fault.action.to_owned(),
        };
        match page.render() {
            Ok(text) => (status, Html(text)).into_response(),
            Err(_) => (status, page.words).into_response(),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
