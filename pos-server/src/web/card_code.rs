//! The one-time links of a card, on a screen: to set it up, to wipe it, to open its holder's page.

use std::time::Duration;

use super::error::WebError;
use super::next::encode;
use super::page::part::Code;
use super::page::words::countdown;
use crate::access::token;
use crate::app::App;
use crate::db::card::{Card, CardLink, CardSetup, CardWipe};
use crate::domain::local::Local;
use crate::domain::time::Time;
use crate::receipt::qr::{self, Spare};

/// How long a code on the screen lasts.
pub(super) const LASTS: Duration = Duration::from_secs(600);

/// Keys of ours would not fit such a card.
pub(super) const AT_BTCPAY: &str =
    "BTCPay gives this card its keys: the owner looks after it on its own page.";

/// The link by which an app sets a card up.
pub(super) fn program(app: &App, secret: &str) -> String {
    let url = format!("{}/hooks/card/{secret}", app.config.public_url);
    format!("boltcard://program?url={}", encode(&url))
}

fn reset(app: &App, secret: &str) -> String {
    let url = format!("{}/hooks/card/wipe/{secret}", app.config.public_url);
    format!("boltcard://reset?url={}", encode(&url))
}

/// Draws a link that lasts until `until`.
pub(super) fn draw(app: &App, local: &Local, link: String, until: Time) -> Result<Code, WebError> {
    let left_ms = until.0 - app.now().0;
    Ok(Code {
        qr: qr::draw(&link, Spare::Screen).map_err(WebError::internal)?,
        link,
        until: local.time(until.0),
        left_ms,
        left: countdown(left_ms),
    })
}

/// Keeps a leave that `make` makes of a token's hash and its end, and answers the link on the screen.
pub(super) async fn leave(
    app: &App,
    local: &Local,
    who: &str,
    make: impl FnOnce(String, Time) -> CardSetup,
) -> Result<Code, WebError> {
    let (secret, now) = (token::random(), app.now());
    let until = now.after(LASTS);
    let setup = make(token::hash(&secret), until);
    let what = if setup.again_for.is_some() { "card.code_made_again" } else { "card.code_made" };
    let mut tx = app.db.begin().await?;
    tx.add_card_setup(&setup).await?;
    tx.audit(&setup.merchant_id, who, what, &setup.label, now).await?;
    tx.commit().await?;
    draw(app, local, program(app, &secret), until)
}

/// Keeps a leave to wipe a card, and answers the link on the screen. A card with money on it is not
/// wiped.
pub(super) async fn wipe(
    app: &App,
    local: &Local,
    who: &str,
    card: &Card,
) -> Result<Code, WebError> {
    if app.db.card_backing(&card.id).await?.is_some() {
        return Err(WebError::conflict(AT_BTCPAY));
    }
    if card.balance_msat > 0 {
        return Err(WebError::bad("There is money on this card. Move it to another card first."));
    }
    let (secret, now) = (token::random(), app.now());
    let until = now.after(LASTS);
    let mut tx = app.db.begin().await?;
    let wipe = CardWipe {
        token_hash: token::hash(&secret),
        card_id: card.id.clone(),
        merchant_id: card.merchant_id.clone(),
        who: who.to_owned(),
        expires_ms: until.0,
        used_ms: None,
    };
    tx.add_card_wipe(&wipe).await?;
    tx.audit(&card.merchant_id, who, "card.wipe_code_made", &card.label, now).await?;
    tx.commit().await?;
    draw(app, local, reset(app, &secret), until)
}

/// Keeps a link to the holder's page of a card, good once, and answers it.
pub(super) async fn page(
    app: &App,
    local: &Local,
    who: &str,
    card: &Card,
) -> Result<Code, WebError> {
    let (secret, now) = (token::random(), app.now());
    let until = now.after(LASTS);
    let link = CardLink {
        token_hash: token::hash(&secret),
        card_id: card.id.clone(),
        merchant_id: card.merchant_id.clone(),
        expires_ms: until.0,
        used_ms: None,
    };
    let mut tx = app.db.begin().await?;
    tx.add_card_link(&link).await?;
    tx.audit(&card.merchant_id, who, "card.page_shown", &card.label, now).await?;
    tx.commit().await?;
    draw(app, local, format!("{}/card/open/{secret}", app.config.public_url), until)
}
