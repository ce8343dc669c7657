//! Pairing: to the consent page and back, or by a pasted key; then a look, and the owner's word.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use btcpay_bridge::{Desk, Finding, Inspection, Secret, Severity};
use serde::Deserialize;

use super::grant::Grant;
use super::{pairing, say};
use crate::access::token;
use crate::app::App;
use crate::db::consent::Consent;
use crate::domain::id::ConnectionId;
use crate::rail::btcpay::{BtcpayChoices, BtcpaySecrets, desk};
use crate::web::dashboard::desk::At;
use crate::web::dashboard::rates::amount;
use crate::web::dashboard::switch;
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::btcpay::Pairing;
use crate::web::page::dashboard::lightning::FindingLine;
use crate::web::read::Faults;

/// How long an owner may take at the consent page.
const WAY_LASTS: Duration = Duration::from_secs(20 * 60);

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::web::dashboard) struct Typed {
    #[serde(alias = "address")]
    server: String,
    store: String,
    key: String,
    way: String,
    cards: String,
}

impl Typed {
    /// Cards whose money is at BTCPay are wanted, too.
    fn cards(&self) -> bool {
        !self.cards.is_empty()
    }

    /// The address, if it can be used; else what is wrong with the field it was typed in.
    fn server(&self, app: &App, field: &'static str) -> Result<String, Faults> {
        let server = self.server.trim().trim_end_matches('/').to_owned();
        let nobody = Secret::new("none");
        let usable = desk(&server, "", &nobody, app.config.btcpay_local);
        usable.map(|_| server).map_err(|error| {
            let mut faults = Faults::default();
            faults.note(field, error.to_string());
            faults
        })
    }
}

async fn set_out(app: &App, at: &At, server: String) -> Result<(String, String), WebError> {
    let secret = token::random();
    let way = Consent {
        token_hash: token::hash(&secret),
        merchant_id: at.merchant().clone(),
        store_id: at.store.id.clone(),
        server,
        granted: None,
        expires_ms: app.now().after(WAY_LASTS).0,
    };
    app.db.begin_consent(&way, app.now()).await?;
    Ok((secret, way.token_hash))
}

/// `POST …/btcpay/go`: the way to the consent page, whose address a form may not lead to.
pub(in crate::web::dashboard) async fn go(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let server = match typed.server(&app, "server") {
        Ok(server) => server,
        Err(faults) => return wrong(&app, &at, &typed, &faults, false).await,
    };
    let (secret, _) = set_out(&app, &at, server.clone()).await?;
    let back = format!("{}/hooks/consent/{secret}", app.config.public_url);
    let nobody = desk(&server, "", &Secret::new("none"), app.config.btcpay_local);
    let nobody = nobody.map_err(WebError::internal)?;
    let href =
        nobody.consent_address(&format!("pos-server: {}", at.store.name), &back, typed.cards());
    say(
        &app,
        &at,
        Pairing {
            consent: Some((server, href)),
            with_cards: typed.cards(),
            ..pairing(&typed.server, "", &Faults::default(), None)
        },
    )
    .await
}

async fn wrong(
    app: &App,
    at: &At,
    typed: &Typed,
    faults: &Faults,
    by_hand: bool,
) -> Result<Response, WebError> {
    let fault = Some("That cannot be used. See below.".to_owned());
    let typed = pairing(&typed.server, &typed.store, faults, fault);
    say(app, at, Pairing { by_hand, by_consent: !by_hand, ..typed }).await
}

/// `POST …/btcpay/paste`: a key that was made by hand.
pub(in crate::web::dashboard) async fn paste(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let server = match typed.server(&app, "address") {
        Ok(server) => server,
        Err(faults) => return wrong(&app, &at, &typed, &faults, true).await,
    };
    if typed.key.trim().is_empty() {
        let mut faults = Faults::default();
        faults.note("key", "Paste the key.");
        return wrong(&app, &at, &typed, &faults, true).await;
    }
    let store = Some(typed.store.trim().to_owned()).filter(|store| !store.is_empty());
    let grant = Grant { key: Secret::new(typed.key.trim()), store };
    let (secret, hash) = set_out(&app, &at, server).await?;
    app.db.end_consent(&hash, grant.seal(&app, &hash)?, app.now()).await?;
    Ok(Redirect::to(&at.path(&format!("/btcpay/found?way={secret}"))).into_response())
}

#[derive(Deserialize)]
pub(in crate::web::dashboard) struct Way {
    #[serde(default)]
    way: String,
}

async fn way(app: &App, at: &At, secret: &str) -> Result<Consent, WebError> {
    let way = app.db.consent(&token::hash(secret), app.now()).await?;
    let mine = |way: &Consent| way.store_id == at.store.id && way.merchant_id == *at.merchant();
    way.filter(mine).ok_or(WebError::NotFound)
}

/// `GET …/btcpay/found`: what the key opens; connects nothing yet.
pub(in crate::web::dashboard) async fn found(
    State(app): State<Arc<App>>,
    at: At,
    Query(query): Query<Way>,
) -> Result<Response, WebError> {
    let way = way(&app, &at, &query.way).await?;
    let grant = Grant::open(&app, &way)?;
    match grant.desk(&app, &way.server).await {
        Ok(desk) => {
            let seen = look(&desk, &at).await;
            say(&app, &at, shown(&way, &query.way, &seen, None)).await
        }
        Err(fault) => {
            let back = pairing(&way.server, "", &Faults::default(), Some(fault));
            say(&app, &at, back).await
        }
    }
}

async fn look(desk: &Desk, at: &At) -> Inspection {
    let mut seen = desk.inspect().await;
    if !seen.sound() {
        return seen;
    }
    let code = at.currency.code();
    let (severity, words) = match desk.rate(code).await {
        Ok(Some(rate)) => {
            (Severity::Good, format!("A bitcoin costs {} there.", amount(rate, at.currency)))
        }
        _ => (
            Severity::Fault,
            format!("BTCPay has no price in {code}: choose a rate source for it there."),
        ),
    };
    seen.findings.push(Finding { severity, words });
    seen
}

fn shown(way: &Consent, secret: &str, seen: &Inspection, fault: Option<String>) -> Pairing {
    Pairing {
        way: Some(secret.to_owned()),
        findings: seen.findings.iter().map(line).collect(),
        sound: seen.sound(),
        name: seen.name.clone().unwrap_or_else(|| way.server.clone()),
        fault,
        ..Pairing::default()
    }
}

pub(super) fn line(finding: &Finding) -> FindingLine {
    let (class, icon) = match finding.severity {
        Severity::Good => ("paid", "check"),
        Severity::Warning => ("warn", "alert"),
        Severity::Fault => ("fail", "fail"),
    };
    FindingLine { class, icon, words: finding.words.clone() }
}

/// `POST …/btcpay/connect`: sets up the webhook, and sells through it from now on.
pub(in crate::web::dashboard) async fn connect(
    State(app): State<Arc<App>>,
    at: At,
    SafeForm(typed): SafeForm<Typed>,
) -> Result<Response, WebError> {
    let way = way(&app, &at, &typed.way).await?;
    let grant = Grant::open(&app, &way)?;
    let desk = match grant.desk(&app, &way.server).await {
        Ok(desk) => desk,
        Err(fault) => {
            return say(&app, &at, pairing(&way.server, "", &Faults::default(), Some(fault))).await;
        }
    };
    let seen = look(&desk, &at).await;
    if !seen.sound() {
        let fault = Some("Nothing was connected. See below.".to_owned());
        return say(&app, &at, shown(&way, &typed.way, &seen, fault)).await;
    }
    let id = ConnectionId::new();
    let secret = Secret::new(token::random());
    let address = hook_address(&app, &id);
    let webhook = desk.install_webhook(&address, &secret).await;
    if let Err(trouble) = &webhook {
        tracing::warn!(%trouble, "BTCPay’s webhook could not be set up");
    }
    let before = super::mine(&app, &at).await?;
    let secrets = BtcpaySecrets {
        address: way.server.clone(),
        store: desk.store().to_owned(),
        key: grant.key,
        webhook: webhook.ok(),
        hook_secrets: vec![secret],
        choices: BtcpayChoices::default(),
    };
    if let Err(words) = switch::to_btcpay(&app, &at, id, &secrets).await? {
        if let Some(webhook) = &secrets.webhook {
            drop(desk.remove_webhook(webhook).await);
        }
        return say(&app, &at, shown(&way, &typed.way, &seen, Some(words))).await;
    }
    if let Some(before) = before {
        super::paired::replace_webhook(&app, &before, &secrets, &desk).await;
    }
    Ok(at.done("/btcpay", "connected"))
}

/// Where BTCPay sends what happens.
pub(super) fn hook_address(app: &App, id: &ConnectionId) -> String {
    format!("{}/hooks/btcpay/{id}", app.config.public_url)
}
