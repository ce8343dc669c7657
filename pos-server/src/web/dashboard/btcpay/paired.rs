//! A BTCPay that is paired: what it sent, what the merchant chooses, a new webhook secret, and
//! good-bye.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use btcpay_bridge::{Desk, Methods, Secret, SpeedPolicy, Trouble};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::pair::hook_address;
use super::{DELIVERIES, mine, say};
use crate::access::token;
use crate::app::App;
use crate::db::connection::Connection;
use crate::db::delivery::Delivery;
use crate::rail::btcpay::{BtcpayChoices, BtcpaySecrets, desk};
use crate::rails::secrets_purpose;
use crate::web::dashboard::desk::At;
use crate::web::dashboard::{health, switch};
use crate::web::error::WebError;
use crate::web::form::SafeForm;
use crate::web::page::dashboard::btcpay::{DeliveryLine, Paired, Pairing};
use crate::web::page::dashboard::field::{Choice, Field};
use crate::web::page::part::Badge;

/// Secrets that stay good beside the newest.
const OLD_SECRETS: usize = 1;

fn secrets(app: &App, connection: &Connection) -> Result<BtcpaySecrets, WebError> {
    app.btcpay_secrets(connection).map_err(|why| WebError::internal(std::io::Error::other(why)))
}

/// What the page shows of it.
pub(super) async fn paired(
    app: &App,
    at: &At,
    connection: &Connection,
) -> Result<Paired, WebError> {
    let secrets = secrets(app, connection)?;
    let deliveries = app.db.deliveries(&connection.id, DELIVERIES).await?;
    let last = app.rails.last_heard(&connection.id);
    let heard = match (&secrets.webhook, last) {
        (None, _) => "There is no webhook: the till asks every few seconds instead.".to_owned(),
        (Some(_), None) => "The webhook is set up. Nothing has come by it yet.".into(),
        (Some(_), Some(when)) => {
            format!("The webhook was last heard {}.", at.local().near(when.0, app.now().0))
        }
    };
    Ok(Paired {
        server: health::host(&secrets.address).to_owned(),
        about: health::rail(app, at, Some(connection)).words,
        badge: health::badge(app, Some(connection)),
        store: secrets.store.clone(),
        heard,
        has_webhook: secrets.webhook.is_some(),
        choices: vec![
            Field::radio(
                "methods",
                "Ways to pay",
                methods_name(secrets.choices.methods),
                vec![
                    Choice::new("both", "Both"),
                    Choice::new("lightning", "Lightning"),
                    Choice::new("chain", "Chain"),
                ],
            ),
            Field::select("speed", "On the chain, final after", &speed_name(&secrets), speeds()),
        ],
        deliveries: deliveries.iter().map(|one| line(app, at, one)).collect(),
    })
}

fn methods_name(methods: Methods) -> &'static str {
    match methods {
        Methods::Both => "both",
        Methods::Lightning => "lightning",
        Methods::Chain => "chain",
    }
}

fn speed_name(secrets: &BtcpaySecrets) -> String {
    secrets.choices.speed.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn speeds() -> Vec<Choice> {
    vec![
        Choice::new("", "What the store at BTCPay says"),
        Choice::new("HighSpeed", "Nothing: at once, at your risk"),
        Choice::new("MediumSpeed", "1 confirmation"),
        Choice::new("LowMediumSpeed", "2 confirmations"),
        Choice::new("LowSpeed", "6 confirmations"),
    ]
}

fn line(app: &App, at: &At, delivery: &Delivery) -> DeliveryLine {
    let (class, icon, words) = match delivery.state.as_str() {
        "done" => ("paid", "check", "Read"),
        "kept" => ("past", "none", "Kept"),
        _ => ("wait", "clock", "To be read"),
    };
    let about = delivery.invoice.clone().unwrap_or_default();
    let note = [about, delivery.note.clone()];
    let note: Vec<String> = note.into_iter().filter(|text| !text.is_empty()).collect();
    DeliveryLine {
        what: happened(&delivery.kind).into(),
        when: at.local().near(delivery.received_ms, app.now().0),
        note: note.join(". "),
        badge: Badge { class, icon, words: words.into() },
    }
}

/// A webhook's event in words.
fn happened(kind: &str) -> &str {
    match kind {
        "InvoiceCreated" => "Invoice made",
        "InvoiceReceivedPayment" => "Payment seen",
        "InvoicePaymentSettled" => "Payment final",
        "InvoiceProcessing" => "All of it came, not final yet",
        "InvoiceSettled" => "Invoice paid",
        "InvoiceExpired" => "Time ran out",
        "InvoiceExpiredPaidPartial" => "Time ran out, partly paid",
        "InvoicePaidAfterExpiration" => "Paid late",
        "InvoiceInvalid" => "Invoice invalid",
        "PayoutCreated" => "Payout made",
        "PayoutApproved" => "Payout approved",
        "PayoutUpdated" => "Payout changed",
        "unreadable" => "Something unreadable",
        other => other,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::web::dashboard) struct Wishes {
    methods: String,
    speed: String,
    sure: String,
}

/// `POST …/btcpay/choices`, `…/rotate`, `…/unpair`.
pub(in crate::web::dashboard) async fn act(
    State(app): State<Arc<App>>,
    at: At,
    Path(path): Path<HashMap<String, String>>,
    SafeForm(wishes): SafeForm<Wishes>,
) -> Result<Response, WebError> {
    let connection = mine(&app, &at).await?.ok_or(WebError::NotFound)?;
    let kept = secrets(&app, &connection)?;
    match path.get("act").map(String::as_str) {
        Some("choices") => {
            let choices = BtcpayChoices { methods: methods(&wishes), speed: speed(&wishes) };
            let secrets = BtcpaySecrets { choices, ..kept };
            reseal(&app, &at, &connection, &secrets, "btcpay.choices").await?;
            Ok(at.done("/btcpay", "saved"))
        }
        Some("rotate") => match rotate(&app, &connection, kept).await {
            Ok(secrets) => {
                reseal(&app, &at, &connection, &secrets, "btcpay.webhook_rotated").await?;
                Ok(at.done("/btcpay", "rotated"))
            }
            Err(fault) => {
                say(&app, &at, Pairing { fault: Some(fault), ..Pairing::default() }).await
            }
        },
        Some("unpair") => {
            let fault = if wishes.sure.is_empty() {
                Some("Nothing was changed: tick the box first.".to_owned())
            } else {
                switch::leave(&app, &at, "btcpay").await?.err()
            };
            if fault.is_some() {
                return say(&app, &at, Pairing { fault, ..Pairing::default() }).await;
            }
            forget_webhook(&app, &connection).await;
            Ok(at.done("/btcpay", "unpaired-btcpay"))
        }
        _ => Err(WebError::NotFound),
    }
}

fn methods(wishes: &Wishes) -> Methods {
    match wishes.methods.as_str() {
        "lightning" => Methods::Lightning,
        "chain" => Methods::Chain,
        _ => Methods::Both,
    }
}

fn speed(wishes: &Wishes) -> Option<SpeedPolicy> {
    let known = speeds().iter().any(|choice| choice.value == wishes.speed);
    let named = Some(&wishes.speed).filter(|name| known && !name.is_empty())?;
    serde_json::from_value(named.as_str().into()).ok()
}

/// Another secret at BTCPay; here it is good beside the one before, since deliveries that are on
/// their way bear that.
async fn rotate(
    app: &App,
    connection: &Connection,
    mut secrets: BtcpaySecrets,
) -> Result<BtcpaySecrets, String> {
    let local = app.config.btcpay_local;
    let desk = desk(&secrets.address, &secrets.store, &secrets.key, local);
    let desk = desk.map_err(|error| error.to_string())?;
    let fresh = Secret::new(token::random());
    let address = hook_address(app, &connection.id);
    let webhook = desk.install_webhook(&address, &fresh).await;
    secrets.webhook = Some(webhook.map_err(|trouble| trouble.to_string())?);
    secrets.hook_secrets.insert(0, fresh);
    secrets.hook_secrets.truncate(1 + OLD_SECRETS);
    Ok(secrets)
}

async fn reseal(
    app: &App,
    at: &At,
    connection: &Connection,
    secrets: &BtcpaySecrets,
    what: &str,
) -> Result<(), WebError> {
    let open = Zeroizing::new(serde_json::to_vec(secrets)?);
    let sealed = app.seal.seal(&secrets_purpose(&connection.id), &open)?;
    let mut tx = app.db.begin().await?;
    tx.reseal_connection(&connection.id, sealed).await?;
    tx.audit(at.merchant(), &at.who(), what, &secrets.address, app.now()).await?;
    tx.commit().await?;
    let made_of = || app.rails.get(connection.id.as_str()).map(|one| one.made_of);
    let before = made_of();
    app.connections_changed.notify_one();
    switch::in_use(|| made_of() != before).await;
    Ok(())
}

/// Takes the webhook of a pairing away that another one took the place of. At the same store the
/// new key does it: the old one may be good for nothing any more.
pub(super) async fn replace_webhook(
    app: &App,
    before: &Connection,
    now: &BtcpaySecrets,
    desk: &Desk,
) {
    let old = app.btcpay_secrets(before).ok();
    let same = old.filter(|old| (&old.address, &old.store) == (&now.address, &now.store));
    match same.and_then(|old| old.webhook) {
        Some(webhook) => note(desk.remove_webhook(&webhook).await),
        None => forget_webhook(app, before).await,
    }
}

/// Takes our webhook away at BTCPay. Best effort: a server that is gone keeps a webhook whose
/// deliveries we refuse.
pub(super) async fn forget_webhook(app: &App, connection: &Connection) {
    let Ok(secrets) = app.btcpay_secrets(connection) else { return };
    let Some(webhook) = &secrets.webhook else { return };
    let desk = desk(&secrets.address, &secrets.store, &secrets.key, app.config.btcpay_local);
    let Ok(desk) = desk else { return };
    note(desk.remove_webhook(webhook).await);
}

fn note(removed: Result<(), Trouble>) {
    if let Err(trouble) = removed {
        tracing::warn!(%trouble, "BTCPay’s webhook could not be removed");
    }
}
