//! Receipts, for whoever has the unguessable address of one: page, print and PDF.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::error::WebError;
use super::page::{ReceiptHtml, ReceiptPrintHtml, Shell};
use crate::app::App;
use crate::receipt::{Paper, Receipt, pdf, qr, read};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The addresses of receipts; nobody has to sign in, and no search engine keeps them.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/r/{token}", get(page))
        .route("/r/{token}/print", get(print))
        .route("/r/{token}/receipt.pdf", get(download))
        .layer(map_response(unlisted))
}

async fn unlisted(mut response: Response) -> Response {
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    response
}

#[derive(Deserialize)]
struct Wanted {
    paper: Option<String>,
}

impl Wanted {
    fn paper(&self, usual: Paper) -> Result<Paper, WebError> {
        let Some(paper) = self.paper.as_deref() else { return Ok(usual) };
        Paper::read(paper).ok_or_else(|| WebError::bad("Paper is 58, 80 or a4."))
    }
}

async fn page(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
) -> Result<Html<String>, WebError> {
    let receipt = find(&app, &token).await?;
    Ok(Html(ReceiptHtml { shell: shell(&receipt), receipt }.render()?))
}

async fn print(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    let paper = wanted.paper(Paper::Mm80)?;
    let receipt = find(&app, &token).await?;
    let qr = qr::draw(&receipt.url, qr::Spare::Paper).map_err(WebError::internal)?;
    let page = ReceiptPrintHtml { shell: shell(&receipt), receipt, qr, paper, at_once: true };
    Ok(Html(page.render()?))
}

async fn download(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let paper = wanted.paper(Paper::A4)?;
    let receipt = find(&app, &token).await?;
    let pdf = pdf::draw(&receipt, paper).map_err(WebError::internal)?;
    let named = format!("inline; filename=\"{}.pdf\"", file_name(&receipt));
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, pdf).into_response())
}

async fn find(app: &App, token: &str) -> Result<Receipt, WebError> {
    Ok(read::read(&app.db, token, &app.config.public_url).await?)
}

fn shell(receipt: &Receipt) -> Shell {
    Shell { title: receipt.title(), shop: receipt.shop.clone(), practice: receipt.practice }
}

/// `Receipt-C1-01043`: letters that every file system takes.
fn file_name(receipt: &Receipt) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    receipt.title().chars().map(safe).collect()
}
