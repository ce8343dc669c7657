//! The Lightning connection: practice, the merchant's own LND, or cash alone.

mod secrets;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::desk::{At, page};
use super::{health, switch};
use crate::app::App;
use crate::db::report::Span;
use crate::domain::money::{Money, Msat};
use crate::rail::lnd::{Finding, Lnd, LndSecrets, Severity};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::desk::Section;
use crate::web::page::dashboard::lightning::{FindingLine, LightningHtml};
use crate::web::read::Faults;
use secrets::Typed;

/// A month of sales says what a usual one is.
const USUAL_DAYS: i64 = 30;
/// A usual sale where nothing was sold yet.
const USUAL_SATS: u64 = 20_000;

/// `GET …/lightning`
pub(super) async fn show(State(app): State<Arc<App>>, at: At) -> Result<Response, WebError> {
    page(&html(&app, &at, &Typed::default(), &Checked::default()).await?)
}

/// What a check came to.
#[derive(Default)]
struct Checked {
    findings: Vec<Finding>,
    kept: Option<String>,
    faults: Faults,
    fault: Option<String>,
}

impl Checked {
    fn sound(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Fault)
    }
}

async fn html(
    app: &App,
    at: &At,
    typed: &Typed,
    checked: &Checked,
) -> Result<LightningHtml, WebError> {
    let connections = app.db.connections(&at.store.id).await?;
    let connection = connections.iter().find(|one| one.rail != "btcpay");
    let health = health::rail(app, at, connection);
    let found = super::home::found(app, at).await?;
    let (what, icon) = match connection {
        None if !connections.is_empty() => ("No node of your own".to_owned(), "bolt"),
        None => ("Cash only".to_owned(), "cash"),
        Some(one) if one.rail == "sandbox" => (one.label.clone(), "flask"),
        Some(one) => (format!("LND at {}", one.label), "bolt"),
    };
    Ok(LightningHtml {
        shell: at.shell("Lightning"),
        desk: at.desk(Section::Lightning, "Lightning", Some("How money reaches you".into())),
        what,
        about: health.words,
        icon,
        badge: health::badge(app, connection),
        practice: at.store.practice(),
        connected: connection.is_some(),
        findings: checked.findings.iter().map(line).collect(),
        kept: checked.kept.clone(),
        sound: checked.sound(),
        fault: checked.fault.clone(),
        link: typed.link_field(&checked.faults),
        files: typed.file_fields(&checked.faults),
        found,
    })
}

fn line(finding: &Finding) -> FindingLine {
    let (class, icon) = match finding.severity {
        Severity::Good => ("paid", "check"),
        Severity::Skipped => ("past", "none"),
        Severity::Warning => ("warn", "alert"),
        Severity::Fault => ("fail", "fail"),
    };
    FindingLine { class, icon, words: finding.words.clone() }
}

/// `POST …/lightning/check`: says in words what is well and what is not; connects nothing.
pub(super) async fn check(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let secrets = match typed.read(&app, &at) {
        Ok(secrets) => secrets,
        Err(faults) => {
            let fault = Some("That cannot be used. See below.".to_owned());
            return say(&app, &at, &typed, &Checked { faults, fault, ..Checked::default() }).await;
        }
    };
    let findings = look(&app, &at, &secrets).await?;
    let kept = Some(secrets::keep(&app, &at, &secrets)?);
    say(&app, &at, &typed, &Checked { findings, kept, ..Checked::default() }).await
}

async fn say(app: &App, at: &At, typed: &Typed, checked: &Checked) -> Result<Response, WebError> {
    let sound = checked.sound() && checked.fault.is_none();
    let status = if sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = html(app, at, typed, checked).await?;
    Ok((status, Html(askama::Template::render(&page)?)).into_response())
}

async fn look(app: &App, at: &At, secrets: &LndSecrets) -> Result<Vec<Finding>, WebError> {
    let usual = usual(app, at).await?;
    match Lnd::new(secrets) {
        Ok(lnd) => Ok(lnd.check(Some(usual)).await),
        Err(error) => {
            let words = error.to_string();
            Ok(vec![Finding { severity: Severity::Fault, words }])
        }
    }
}

/// What a usual sale asks for, so that the check knows whether one fits.
async fn usual(app: &App, at: &At) -> Result<Msat, WebError> {
    let now = app.now();
    let span = Span { from: at.local().day_start(now.0, USUAL_DAYS), until: now };
    let usual = app.db.usual_sale(&at.store.id, &at.store.money, span).await?;
    let fallback = Msat::from_sat(USUAL_SATS).map_err(WebError::internal)?;
    let asked = usual
        .zip(app.quote(&at.store).ok())
        .and_then(|(usual, quote)| quote.ask(Money::new(usual, at.currency)).ok());
    Ok(asked.unwrap_or(fallback))
}

/// `POST …/lightning/connect`: from now on the money is real.
pub(super) async fn connect(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let secrets = match typed.read(&app, &at) {
        Ok(secrets) => secrets,
        Err(faults) => {
            let fault = Some("That cannot be used. Check it again.".to_owned());
            return say(&app, &at, &typed, &Checked { faults, fault, ..Checked::default() }).await;
        }
    };
    if let Err(words) = switch::to_lnd(&app, &at, &secrets).await? {
        let kept = Some(secrets::keep(&app, &at, &secrets)?);
        let checked = Checked { kept, fault: Some(words), ..Checked::default() };
        return say(&app, &at, &typed, &checked).await;
    }
    Ok(at.done("/lightning", "connected"))
}

#[derive(Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
    #[serde(default)]
    sure: String,
}

/// `POST …/lightning/money`: real without a node, no node any more, or back to practice.
pub(super) async fn money(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(form): SafeForm<To>,
) -> Result<Response, WebError> {
    let fault = if form.sure.is_empty() {
        Some("Nothing was changed: tick the box first.".to_owned())
    } else {
        match form.to.as_str() {
            "real" => switch::to_cash(&app, &at).await?.err(),
            "cash" => switch::leave(&app, &at, "lnd").await?.err(),
            "practice" => switch::to_practice(&app, &at).await?.err(),
            _ => Some("Nothing was changed: open the page again.".to_owned()),
        }
    };
    match fault {
        None => Ok(at.done("/lightning", "saved")),
        Some(words) => {
            let checked = Checked { fault: Some(words), ..Checked::default() };
            say(&app, &at, &Typed::default(), &checked).await
        }
    }
}
