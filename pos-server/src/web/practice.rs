//! The wallet page that plays the customer in a practice shop. It reaches practice nodes alone:
//! an invoice of a real one is not theirs, and is refused in words.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::error::WebError;
use super::form::OpenForm;
use super::page::practice_wallet::{PracticeWalletHtml, Said};
use super::page::shell::Shell;
use super::session::visit;
use crate::app::App;
use crate::rail::sandbox::{By, How, InvoiceFacts, Sandbox, WalletError};

/// A slow payment settles after this.
const SLOW: Duration = Duration::from_secs(4);

/// The practice wallet's addresses.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/practice/wallet", get(show)).route("/practice/wallet/pay", post(pay))
}

/// What is in the address.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    invoice: String,
}

/// What a press sends.
#[derive(Debug, Deserialize)]
struct Press {
    #[serde(default)]
    invoice: String,
    #[serde(default)]
    how: String,
}

async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page(&app, &headers, &asked.invoice, None)
}

async fn pay(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    OpenForm(press): OpenForm<Press>,
) -> Result<Response, WebError> {
    let said = match press.how.as_str() {
        "" => None,
        how => Some(do_pay(&app, press.invoice.trim(), how)?),
    };
    page(&app, &headers, press.invoice.trim(), said)
}

fn do_pay(app: &App, invoice: &str, how: &str) -> Result<Said, WebError> {
    let how = match how {
        "exact" => How::Exact,
        "late" => How::Late,
        "twice" => How::Twice,
        "over" => How::Over(By::Percent(10)),
        "under" => How::Under(By::Percent(10)),
        "slow" => How::Slow(SLOW),
        "refuse" => How::Refuse,
        _ => return Err(WebError::bad("This way to pay is not one of the wallet's.")),
    };
    let paid = find(app, invoice).and_then(|(node, _)| node.pay(invoice, how));
    let wrong = |words: String| Said { done: false, words };
    Ok(match paid {
        Err(error) => wrong(error.to_string()),
        Ok(payment) if payment.arrived.is_empty() => {
            Said { done: true, words: "On its way: it settles in 4 seconds.".into() }
        }
        Ok(payment) => {
            let amounts: Vec<String> =
                payment.arrived.iter().map(|paid| paid.amount.to_string()).collect();
            Said { done: true, words: format!("Paid {}.", amounts.join(" and ")) }
        }
    })
}

/// The practice node whose invoice this is.
fn find(app: &App, invoice: &str) -> Result<(Arc<Sandbox>, InvoiceFacts), WalletError> {
    let nodes: Vec<Arc<Sandbox>> = app.sandboxes().values().cloned().collect();
    let mut last = None;
    for node in nodes {
        match node.decode(invoice) {
            Ok(facts) => return Ok((node, facts)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or(WalletError::NotOurs))
}

fn page(
    app: &App,
    headers: &HeaderMap,
    invoice: &str,
    said: Option<Said>,
) -> Result<Response, WebError> {
    if app.sandboxes().is_empty() {
        return Err(WebError::NotFound);
    }
    let visit = visit(headers, app);
    let facts = if invoice.is_empty() { None } else { Some(find(app, invoice)) };
    let (sats, memo, fault) = match facts {
        None => (String::new(), String::new(), None),
        Some(Ok((_, facts))) => (
            facts.invoice.amount.map_or_else(|| "any amount".into(), |sats| sats.to_string()),
            facts.invoice.memo,
            None,
        ),
        Some(Err(error)) => (String::new(), String::new(), Some(error.to_string())),
    };
    let page = PracticeWalletHtml {
        shell: Shell {
            title: "Practice wallet".into(),
            shop: "Practice wallet".into(),
            practice: true,
        },
        invoice: if sats.is_empty() { String::new() } else { invoice.to_uppercase() },
        sats,
        memo,
        csrf: visit.csrf,
        said: said.or(fault.map(|words| Said { done: false, words })),
    };
    let cookie = AppendHeaders([(SET_COOKIE, visit.cookie)]);
    Ok((cookie, Html(page.render()?)).into_response())
}
