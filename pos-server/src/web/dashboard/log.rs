//! The audit log, and whether it is whole.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, page};
use crate::app::App;
use crate::db::audit::{AuditRow, Chain};
use crate::web::error::WebError;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::log::{ChainWords, LogHtml, LogRow};

const ROWS: usize = 100;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

/// `GET …/log?before=…`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    Query(Before { before }): Query<Before>,
) -> Result<Response, WebError> {
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let rows = app.db.audit_rows(at.merchant(), before.unwrap_or(i64::MAX), limit).await?;
    let older = rows.get(ROWS).and_then(|_| rows.get(ROWS - 1));
    let older = older.map(|row| format!("{}?before={}", at.path("/log"), row.seq));
    let chain = match before {
        None => Some(words(app.db.verify_audit(at.merchant()).await?)),
        Some(_) => None,
    };
    let local = at.local();
    let line = |row: &AuditRow| LogRow {
        seq: row.seq,
        at: local.stamp(row.at_ms),
        who: row.who.clone(),
        what: row.what.replace(['.', '_'], " "),
        detail: row.detail.clone(),
    };
    page(&LogHtml {
        shell: at.shell("Log"),
        desk: at.desk(Section::Account, "Log", Some("All that was done, by whom and when".into())),
        chain,
        rows: rows.iter().take(ROWS).map(line).collect(),
        older,
    })
}

fn words(chain: Chain) -> ChainWords {
    match chain {
        Chain::Sound(rows, head) => {
            let head = head.get(..16).unwrap_or_default();
            let words = format!(
                "All {rows} rows are as they were written: each is sealed by the one after. \
                 Note down {head} to know this end again."
            );
            ChainWords { sound: true, words }
        }
        Chain::Broken(seq) => {
            let words = format!(
                "Row {seq} does not follow the one before it: it was changed, or a row is gone."
            );
            ChainWords { sound: false, words }
        }
    }
}
