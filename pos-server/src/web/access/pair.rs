//! A tablet becomes a till.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::{on_with, page, shell};
use crate::access::pairing;
use crate::app::App;
use crate::web::error::WebError;
use crate::web::form::OpenForm;
use crate::web::page::PairHtml;
use crate::web::session::{self, visit};

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

/// Asks for the code, filled in from a QR code's link.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<Code>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    ask(&app, &headers, StatusCode::OK, query.code, None)
}

fn ask(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    code: String,
    error: Option<String>,
) -> Result<Response, WebError> {
    let visit = visit(headers, app);
    let code: String = code.chars().take(20).collect();
    let html = PairHtml { shell: shell("Pair this tablet"), csrf: visit.csrf, code, error };
    page(status, visit.cookie, &html)
}

/// Makes this browser the till that the code is for.
pub(super) async fn pair(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OpenForm(form): OpenForm<Code>,
) -> Result<Response, WebError> {
    let mut tx = app.db.begin().await?;
    let Some(till) = pairing::use_code(&app, &mut tx, &form.code).await? else {
        drop(tx);
        let words = "This code is not right, was used before, or is too old. Ask the owner for a \
                     new one.";
        return ask(
            &app,
            &headers,
            StatusCode::UNPROCESSABLE_ENTITY,
            form.code,
            Some(words.into()),
        );
    };
    let cookie = session::start_till(&mut tx, &app, &till.merchant_id, &till.id).await?;
    let detail = format!("{} {}", till.prefix, till.name);
    tx.audit(&till.merchant_id, "tablet", "till.paired", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(on_with(cookie, "/till/unlock"))
}
