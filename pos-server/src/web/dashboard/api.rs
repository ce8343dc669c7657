//! Tokens for other programs: the list, a form for one more, and the end of one.

mod typed;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::desk::{At, form, unsaved};
use crate::access::token;
use crate::app::App;
use crate::db::api_token::ApiToken;
use crate::db::staff::Staff;
use crate::db::till::Till;
use crate::domain::id::ApiTokenId;
use crate::web::api::OPENAPI;
use crate::web::api::scope::Scope;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::api::{ApiHtml, ScopeTick, TokenLine, TryOut};
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::read::Faults;
use typed::{Choices, Typed};

/// `GET …/api`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    at: At,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (choices, typed, faults) =
        (Choices::of(&app, &at).await?, Typed::usual(), Faults::default());
    form(&html(&app, &at, &headers, &choices, &typed, &faults, None).await?, &faults)
}

/// `POST …/api`: makes a token and shows it, this once.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    at: At,
    headers: HeaderMap,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let choices = Choices::of(&app, &at).await?;
    let (secret, now) = (format!("pos_{}", token::random()), app.now());
    let kept = match typed.read(&at, &choices, &token::hash(&secret), now.0) {
        Ok(kept) => kept,
        Err(faults) => {
            let page = html(&app, &at, &headers, &choices, &typed, &faults, None).await?;
            return form(&page, &faults);
        }
    };
    let mut tx = app.db.begin().await?;
    if !tx.add_api_token(&kept).await? {
        let words = "This token was made already, and shown. If it is lost, make another.";
        return Err(WebError::conflict(words));
    }
    let detail = format!("{}: {}", kept.name, kept.scopes.replace(' ', ", "));
    tx.audit(at.merchant(), &at.who(), "api_token.made", &detail, now).await?;
    tx.commit().await?;
    let (typed, faults) = (Typed::usual(), Faults::default());
    form(&html(&app, &at, &headers, &choices, &typed, &faults, Some(secret)).await?, &faults)
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST …/api/{token}/revoke`
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    at: At,
    Path((_, id)): Path<(String, String)>,
    SafeForm(Nothing {}): SafeForm<Nothing>,
) -> Result<Response, WebError> {
    let tokens = app.db.api_tokens(&at.store.id).await?;
    let token = tokens.iter().find(|token| token.id.as_str() == id).ok_or(WebError::NotFound)?;
    let (mut tx, now) = (app.db.begin().await?, app.now());
    if tx.revoke_api_token(&at.store.id, &token.id, now).await? {
        tx.audit(at.merchant(), &at.who(), "api_token.revoked", &token.name, now).await?;
        tx.commit().await?;
    }
    Ok(at.done("/api", "revoked"))
}

async fn html(
    app: &App,
    at: &At,
    headers: &HeaderMap,
    choices: &Choices,
    typed: &Typed,
    faults: &Faults,
    made: Option<String>,
) -> Result<ApiHtml, WebError> {
    let mut tokens = app.db.api_tokens(&at.store.id).await?;
    tokens.sort_by_key(|token| token.revoked_ms.is_some());
    let (tills, staff) = (app.db.tills(&at.store.id).await?, app.db.staff_of(&at.store.id).await?);
    let line = |token: &ApiToken| line(app, at, &tills, &staff, token);
    let till = choices.tills.iter().map(|till| Choice::new(till.id.as_str(), &till.name));
    let person = choices.staff.iter().map(|one| Choice::new(one.id.as_str(), &one.name));
    let tick = |scope: Scope| ScopeTick {
        name: scope.as_str(),
        words: words(scope),
        on: typed.has(scope),
    };
    Ok(ApiHtml {
        shell: at.shell("API"),
        desk: at.desk(Section::Api, "API", Some("Other programs that sell here".into())),
        tokens: tokens.iter().map(line).collect(),
        id: ApiTokenId::new().to_string(),
        fault: unsaved(faults),
        fields: vec![
            Field::text("name", "Name", &typed.name)
                .hint("What uses it, like Web shop.")
                .faults(faults),
            Field::select("till", "Sells at", &typed.till, till.collect()).faults(faults),
            Field::select("staff", "As", &typed.staff, person.collect())
                .hint("Sales, receipts and the log name this person.")
                .faults(faults),
        ],
        scopes: Scope::ALL.map(tick).to_vec(),
        scopes_fault: faults.of("scopes"),
        tries: tries(&base(app, headers), made.as_deref().unwrap_or("TOKEN")),
        openapi: OPENAPI,
        made,
    })
}

fn words(scope: Scope) -> &'static str {
    match scope {
        Scope::SalesRead => "Read and follow sales",
        Scope::SalesWrite => "Open and cancel sales",
        Scope::ItemsRead => "Read items",
        Scope::RatesRead => "Read the price of bitcoin",
    }
}

fn line(app: &App, at: &At, tills: &[Till], staff: &[Staff], token: &ApiToken) -> TokenLine {
    let till = tills.iter().find(|till| till.id == token.till_id);
    let person = staff.iter().find(|one| one.id == token.staff_id);
    let name = |name: Option<&String>| name.cloned().unwrap_or_default();
    let near = |ms| at.local().near(ms, app.now().0);
    let (till, person) = (name(till.map(|till| &till.name)), name(person.map(|one| &one.name)));
    TokenLine {
        name: token.name.clone(),
        seller: format!("Sells at {till} as {person}"),
        scopes: token.scopes.replace(' ', ", "),
        used: match (token.revoked_ms, token.used_ms) {
            (Some(revoked), _) => format!("Revoked {}", near(revoked)),
            (None, Some(used)) => format!("Last used {}", near(used)),
            (None, None) => "Never used".into(),
        },
        revoked: token.revoked_ms.is_some(),
        href: at.path(&format!("/api/{}", token.id)),
    }
}

/// The name by which the owner reaches us, where the browser says it.
fn base(app: &App, headers: &HeaderMap) -> String {
    let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
    origin.unwrap_or(&app.config.public_url).to_owned()
}

fn tries(base: &str, token: &str) -> Vec<TryOut> {
    let bearer = format!("-H 'Authorization: Bearer {token}'");
    let read = format!("curl {bearer} '{base}/api/v1/sales?limit=1'");
    let key = ApiTokenId::new();
    let open = format!(
        "curl {bearer} -H 'Content-Type: application/json' -H 'Idempotency-Key: {key}' \
         -d '{{\"lines\": [{{\"name\": \"Coffee\", \"amount\": \"450\"}}]}}' {base}/api/v1/sales"
    );
    vec![
        TryOut { title: "Read the last sale", line: read },
        TryOut { title: "Open a sale", line: open },
    ]
}
