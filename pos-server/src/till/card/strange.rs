//! A card that is not this merchant's: of another issuer, whose server is asked by LNURL-withdraw
//! (LUD-03), or of another merchant of ours, who is asked in process. Either pays the Lightning invoice
//! on the screen, and the sale is paid when that settles: "OK" means accepted, no more. A tap is asked
//! once, and its invoice sent once, whatever becomes of the answers; a new try wants a new tap.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::once::Once;
use super::super::{Actor, TillError, offer};
use super::away::present_at;
use super::pay::Tapped;
use super::payout::pay_here;
use crate::app::App;
use crate::card::{Arrival, Place, pin};
use crate::db::attempt::Attempt;
use crate::db::card::CardCharge;
use crate::db::sale::Sale;
use crate::domain::id::SaleId;
use crate::guard::{Guard, GuardError};
use crate::lnurl::{Link, Reply, WithdrawRequest, read_reply, read_request};

/// Whose card it is.
pub(super) enum Issuer {
    /// Another server's.
    Strange(Link),
    /// Another merchant's on this server.
    Neighbour,
}

/// The other server behind a link that is no card of ours; none if it leads nowhere, or to us.
pub(super) fn stranger(app: &App, link: &str) -> Option<Issuer> {
    let strange = Link::read(link, app.config.cards_local)?;
    let own = Link::read(&own_link(app), app.config.cards_local)?;
    (origin(&strange) != origin(&own)).then_some(Issuer::Strange(strange))
}

fn own_link(app: &App) -> String {
    let host = app.config.public_url.split_once("://").map_or("", |(_, host)| host);
    format!("lnurlw://{host}/card")
}

fn origin(link: &Link) -> String {
    let rest = link.address.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase()
}

/// Asks a card for what is due. [`TillError::PinNeeded`] says that the same tap is to come again with
/// its PIN.
pub(super) async fn charge(
    app: &App,
    actor: &Actor,
    sale: &Sale,
    tapped: Tapped<'_>,
    issuer: Issuer,
) -> Result<(), TillError> {
    let tap_hash = hex::encode(Sha256::digest(tapped.link.trim().as_bytes()));
    if let Some(before) = app.db.charge(&tap_hash).await? {
        return go_on(app, actor, &before, sale, tapped).await;
    }
    if sale.state != "open" {
        return Err(TillError::refused("This sale is not open any more."));
    }
    let invoice = invoice(app, actor, &sale.id).await?;
    let charge = CardCharge {
        tap_hash,
        merchant_id: sale.merchant_id.clone(),
        sale_id: sale.id.clone(),
        host: match &issuer {
            Issuer::Strange(link) => link.host.clone(),
            Issuer::Neighbour => "another shop here".into(),
        },
        answer: None,
        state: "asked".into(),
        why: String::new(),
        created_ms: app.now().0,
        ended_ms: None,
    };
    let mut tx = app.db.begin().await?;
    // Written down before it is asked: whatever happens from here on, it is not asked again. That is
    // what makes a repeated request harmless; its key stays free for the PIN.
    if !tx.add_charge(&charge).await? {
        return Err(TillError::refused("This tap was used. Tap the card again."));
    }
    tx.commit().await?;
    let offered = match &issuer {
        Issuer::Strange(link) => ask(app, link).await,
        Issuer::Neighbour => present(app, actor, tapped.link).await,
    };
    let said = match offered {
        Ok(said) => said,
        Err(words) => return refuse(app, sale, &charge, "asked", words).await,
    };
    if invoice.msat < said.least || invoice.msat > said.most {
        let words = "The card does not allow this amount.".into();
        return refuse(app, sale, &charge, "asked", words).await;
    }
    let pinned = said.pin_limit.is_some_and(|from| invoice.msat >= from);
    match tapped.pin {
        None if pinned => {
            let sealed = seal(app, &charge, &said)?;
            let mut tx = app.db.begin().await?;
            tx.move_charge(&charge.tap_hash, "asked", "pin", Some(sealed), "", app.now()).await?;
            tx.commit().await?;
            Err(TillError::PinNeeded)
        }
        typed => {
            let pin = typed.filter(|_| pinned);
            send(app, sale, &charge, "asked", &said, &invoice, pin).await
        }
    }
}

/// The same tap again: with the PIN that was waited for, or to hear what became of it.
async fn go_on(
    app: &App,
    actor: &Actor,
    charge: &CardCharge,
    sale: &Sale,
    tapped: Tapped<'_>,
) -> Result<(), TillError> {
    let used = || TillError::refused("This tap was used. Tap the card again.");
    if charge.sale_id != sale.id {
        return Err(used());
    }
    match (charge.state.as_str(), tapped.pin) {
        ("pin", Some(typed)) => {
            let said = open(app, charge)?;
            let invoice = invoice(app, actor, &sale.id).await?;
            // A code that was made anew since may ask for another amount.
            if invoice.msat < said.least || invoice.msat > said.most {
                let words = "The card does not allow this amount.".into();
                return refuse(app, sale, charge, "pin", words).await;
            }
            send(app, sale, charge, "pin", &said, &invoice, Some(typed)).await
        }
        ("pin", None) => Err(TillError::PinNeeded),
        // What its server said, or did not say, stands on the sale's page.
        ("accepted" | "unknown", _) => Ok(()),
        ("refused", _) => Err(TillError::Refused(charge.why.clone())),
        _ => Err(TillError::refused(
            "The card is being asked. If nothing comes of it, tap it again.",
        )),
    }
}

/// The Lightning invoice of a sale's standing code, made if there is none.
pub(super) struct Invoice {
    /// The offer that it is of.
    pub(super) attempt: Attempt,
    pub(super) request: String,
    pub(super) msat: u64,
}

pub(super) async fn invoice(app: &App, actor: &Actor, id: &SaleId) -> Result<Invoice, TillError> {
    let none = || TillError::refused("There is no Lightning code for a card to pay.");
    if let Some(found) = standing(app, id).await? {
        return Ok(found);
    }
    let key = format!("card-{}", crate::domain::id::AttemptId::new());
    let once = Once::new("card-offer", &key, &[id.as_str()])?;
    offer::renew(app, actor, id, None, &once).await?;
    standing(app, id).await?.ok_or_else(none)
}

async fn standing(app: &App, id: &SaleId) -> Result<Option<Invoice>, TillError> {
    let now = app.now().0;
    let attempts = app.db.attempts(id).await?;
    let stands = |one: &&Attempt| one.state == "offered" && one.expires_ms > now;
    Ok(attempts.iter().rev().find(stands).and_then(|one| {
        let request = lightning(one.request.as_deref()?)?;
        let msat = crate::rail::bolt11::Invoice::read(&request).ok()?.amount?.get();
        Some(Invoice { attempt: one.clone(), request, msat })
    }))
}

/// The Lightning invoice of what a QR holds: itself, or in a BIP 21 link.
fn lightning(request: &str) -> Option<String> {
    let lower = request.to_ascii_lowercase();
    match lower.split_once('?') {
        None => Some(lower),
        Some((_, query)) => {
            query.split('&').find_map(|pair| pair.strip_prefix("lightning=")).map(str::to_owned)
        }
    }
}

/// The card's server is asked what it offers.
async fn ask(app: &App, link: &Link) -> Result<WithdrawRequest, String> {
    let body = Guard::new(app.config.cards_local).get(&link.address).await;
    let body = body.map_err(|error| format!("The card cannot be asked: {error}."))?;
    read_request(&body).map_err(|words| format!("The card’s server says: {words}"))
}

/// A card of another merchant of ours is asked in process, by the same rules.
async fn present(app: &App, actor: &Actor, link: &str) -> Result<WithdrawRequest, String> {
    let store = Some((&actor.store.merchant_id, &actor.store.id));
    let arrival = Arrival { link, place: Place::Till, store };
    let away = present_at(app, &arrival).await.map_err(|error| error.to_string())?;
    if away.card.money != actor.store.money {
        return Err("This card holds another kind of money than this shop takes.".into());
    }
    Ok(WithdrawRequest {
        callback: String::new(),
        pin_limit: pin::limit(&away.card).and_then(|from| u64::try_from(from).ok()),
        k1: away.k1,
        least: 1,
        most: u64::MAX,
    })
}

/// Sends the invoice, once, and writes down what was said.
async fn send(
    app: &App,
    sale: &Sale,
    charge: &CardCharge,
    was: &str,
    said: &WithdrawRequest,
    invoice: &Invoice,
    pin: Option<&str>,
) -> Result<(), TillError> {
    let used = || TillError::refused("This tap was used. Tap the card again.");
    let mut tx = app.db.begin().await?;
    if !tx.move_charge(&charge.tap_hash, was, "sent", None, "", app.now()).await? {
        return Err(used());
    }
    tx.commit().await?;
    if said.callback.is_empty() {
        return match pay_here(app, &said.k1, &invoice.request, pin).await {
            Ok(()) => accepted(app, sale, charge).await,
            Err(TillError::Db(error)) => Err(error.into()),
            Err(error) => refuse(app, sale, charge, "sent", error.to_string()).await,
        };
    }
    let Some(address) = said.with_invoice(&invoice.request, pin) else {
        let words = "The card’s server answers something that is no card’s.".into();
        return refuse(app, sale, charge, "sent", words).await;
    };
    match Guard::new(app.config.cards_local).get(&address).await {
        Ok(body) => match read_reply(&body) {
            Reply::Ok => accepted(app, sale, charge).await,
            Reply::No(words) => {
                let words = format!("The card’s server says: {words}");
                refuse(app, sale, charge, "sent", words).await
            }
            Reply::Unclear => unclear(app, sale, charge).await,
        },
        Err(error @ (GuardError::Forbidden(_) | GuardError::Unreachable)) => {
            let words = format!("The card cannot be asked: {error}.");
            refuse(app, sale, charge, "sent", words).await
        }
        Err(_) => unclear(app, sale, charge).await,
    }
}

async fn accepted(app: &App, sale: &Sale, charge: &CardCharge) -> Result<(), TillError> {
    let words = "Card accepted, waiting for the money.";
    end(app, sale, charge, "sent", "accepted", words).await
}

/// Its server was told and did not answer: it may pay, and what was sent is not sent again.
async fn unclear(app: &App, sale: &Sale, charge: &CardCharge) -> Result<(), TillError> {
    let words = "The card’s server did not answer. It may have paid: wait for the money.";
    end(app, sale, charge, "sent", "unknown", words).await
}

async fn refuse(
    app: &App,
    sale: &Sale,
    charge: &CardCharge,
    was: &str,
    words: String,
) -> Result<(), TillError> {
    end(app, sale, charge, was, "refused", &words).await?;
    Err(TillError::Refused(words))
}

/// Writes down what became of a tap, and shows it on the sale's page.
async fn end(
    app: &App,
    sale: &Sale,
    charge: &CardCharge,
    was: &str,
    to: &str,
    words: &str,
) -> Result<(), TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.lock_sale(&sale.id).await?;
    if tx.move_charge(&charge.tap_hash, was, to, None, words, now).await? {
        let body = json!({ "host": charge.host, "words": words });
        let kind = format!("card.{to}");
        tx.add_event(&sale.merchant_id, &sale.id, &kind, &body, now).await?;
        tx.commit().await?;
        app.live.changed(&sale.id);
    }
    Ok(())
}

fn purpose(charge: &CardCharge) -> String {
    format!("card-charge/{}", charge.tap_hash)
}

fn seal(app: &App, charge: &CardCharge, said: &WithdrawRequest) -> Result<Vec<u8>, TillError> {
    let lost = || TillError::refused("This tap could not be kept. Tap the card again.");
    let text = serde_json::to_vec(said).map_err(|_| lost())?;
    app.seal.seal(&purpose(charge), &text).map_err(|_| lost())
}

fn open(app: &App, charge: &CardCharge) -> Result<WithdrawRequest, TillError> {
    let lost = || TillError::refused("This tap is over. Tap the card again.");
    let sealed = charge.answer.as_deref().ok_or_else(lost)?;
    let open = app.seal.open(&purpose(charge), sealed).map_err(|_| lost())?;
    serde_json::from_slice(&open).map_err(|_| lost())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lightning_invoice_is_found_in_what_a_code_holds() {
        assert_eq!(lightning("LNBCRT1X").as_deref(), Some("lnbcrt1x"));
        let link = "bitcoin:BCRT1Q?amount=0.1&lightning=LNBCRT1X&pj=x";
        assert_eq!(lightning(link).as_deref(), Some("lnbcrt1x"));
        assert_eq!(lightning("bitcoin:bcrt1q?amount=0.1"), None);
    }
}
