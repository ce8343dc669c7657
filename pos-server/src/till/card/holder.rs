//! What a holder does at a card's own page: freeze it, thaw it by its PIN, lower its limits, give it a
//! PIN, a name, an inbox. Nothing here moves money.

use super::super::TillError;
use super::super::once::Once;
use super::care::pin_words;
use crate::app::App;
use crate::card::pin::{self, Tried};
use crate::db::Tx;
use crate::db::card::{Card, CardSession};
use crate::points;

/// How a holder stands in the audit log: whoever tapped the card.
pub(super) const WHO: &str = "the holder";

const MOVED_ON: &str = "The card has changed meanwhile. Nothing was changed: look again.";

/// Freezes the card at once; nothing if it is frozen already.
pub async fn freeze_own(app: &App, card: &Card) -> Result<(), TillError> {
    let mut tx = app.db.begin().await?;
    if tx.freeze_card(&card.merchant_id, &card.id, "holder").await? {
        audit(app, &mut tx, card, "card.frozen").await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Thaws a card that its holder froze, by its PIN. What staff or an alarm froze, staff thaw.
pub async fn thaw_own(
    app: &App,
    (session, card): (&CardSession, &Card),
    typed: &str,
    key: &str,
) -> Result<(), TillError> {
    match (card.state.as_str(), card.frozen_by.as_str(), &card.pin_hash) {
        ("frozen", "holder", Some(_)) => {}
        ("frozen", "holder", None) => {
            return Err(TillError::refused("This card has no PIN: staff at the shop thaw it."));
        }
        ("frozen", ..) => return Err(TillError::refused("Staff at the shop have to thaw it.")),
        _ => return Ok(()),
    }
    let Asked::Now = ask(app, session, "thaw", key).await? else { return Ok(()) };
    let proof = prove(app, card, typed).await?;
    let mut tx = app.db.begin().await?;
    if !tx.thaw_own_card(&card.merchant_id, &card.id, &proof).await? {
        return Err(TillError::refused(MOVED_ON));
    }
    audit(app, &mut tx, card, "card.thawed").await?;
    Ok(tx.commit().await?)
}

/// Sets limits for a tap and a day, in millisatoshi, never above the merchant's. To make one higher
/// wants the PIN, if the card has one.
pub async fn set_own_limits(
    app: &App,
    (session, card): (&CardSession, &Card),
    (tap, day): (i64, i64),
    typed: &str,
    key: &str,
) -> Result<(), TillError> {
    if tap > card.tap_most_msat || day > card.day_most_msat {
        return Err(TillError::refused("The shop’s own limits are lower. Nothing was changed."));
    }
    if (tap, day) == (card.tap_limit_msat, card.day_limit_msat) {
        return Ok(());
    }
    let higher = tap > card.tap_limit_msat || day > card.day_limit_msat;
    let Asked::Now = ask(app, session, "limits", key).await? else { return Ok(()) };
    let proof = match (&card.pin_hash, higher) {
        (Some(_), true) => Some(prove(app, card, typed).await?),
        _ => None,
    };
    let mut tx = app.db.begin().await?;
    let merchant = &card.merchant_id;
    if !tx.set_holder_limits(merchant, &card.id, (tap, day), proof.as_deref()).await? {
        return Err(TillError::refused(MOVED_ON));
    }
    audit(app, &mut tx, card, "card.limits_set").await?;
    Ok(tx.commit().await?)
}

/// Gives the card a PIN, asked for from `from_msat` up, or takes it away if `new` is none. The one
/// before has to be typed, if there is one. Ends the card's other visits.
pub async fn set_own_pin(
    app: &App,
    (session, card): (&CardSession, &Card),
    (old, new): (&str, Option<&str>),
    from_msat: i64,
    key: &str,
) -> Result<(), TillError> {
    // Looked at first: a slip in the new one costs no try at the old.
    let hash = match new {
        Some(new) => Some(pin::hash(&app.seal, new).await.map_err(pin_words)?),
        None => None,
    };
    let Asked::Now = ask(app, session, "pin", key).await? else { return Ok(()) };
    let before = match card.pin_hash {
        Some(_) => Some(prove(app, card, old).await?),
        None => None,
    };
    let mut tx = app.db.begin().await?;
    let pins = (before.as_deref(), hash.as_deref());
    if !tx.set_own_pin(&card.merchant_id, &card.id, pins, from_msat).await? {
        return Err(TillError::refused(MOVED_ON));
    }
    tx.end_other_card_sessions(&card.id, &session.token_hash).await?;
    let what = if hash.is_some() { "card.pin_set" } else { "card.pin_removed" };
    audit(app, &mut tx, card, what).await?;
    Ok(tx.commit().await?)
}

/// Gives the card a name that holder and staff see; none takes it away.
pub async fn rename_own(app: &App, card: &Card, nickname: &str) -> Result<(), TillError> {
    if card.nickname == nickname {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    tx.set_nickname(&card.merchant_id, &card.id, nickname).await?;
    audit(app, &mut tx, card, "card.named").await?;
    Ok(tx.commit().await?)
}

/// Says to which Nostr key (hex) receipts go; none if nowhere. To name one wants the PIN, if the card
/// has one. The log does not say which.
pub async fn set_own_inbox(
    app: &App,
    (session, card): (&CardSession, &Card),
    npub: &str,
    typed: &str,
    key: &str,
) -> Result<(), TillError> {
    if card.npub == npub {
        return Ok(());
    }
    let Asked::Now = ask(app, session, "inbox", key).await? else { return Ok(()) };
    let proof = match &card.pin_hash {
        Some(_) if !npub.is_empty() => Some(prove(app, card, typed).await?),
        _ => None,
    };
    let mut tx = app.db.begin().await?;
    if !tx.set_inbox(&card.merchant_id, &card.id, npub, proof.as_deref()).await? {
        return Err(TillError::refused(MOVED_ON));
    }
    let what = if npub.is_empty() { "card.inbox_removed" } else { "card.inbox_set" };
    audit(app, &mut tx, card, what).await?;
    Ok(tx.commit().await?)
}

/// Keeps the holder's birthday, month and day (`11-21`), for a programme that gives something for it.
pub async fn tell_own_birthday(app: &App, card: &Card, month_day: &str) -> Result<(), TillError> {
    let mut tx = app.db.begin().await?;
    if !points::tell_birthday(&mut tx, card, month_day, app.now()).await? {
        return Err(TillError::refused("A birthday was told before. Staff can have it changed."));
    }
    audit(app, &mut tx, card, "points.birthday_told").await?;
    Ok(tx.commit().await?)
}

/// Ends a visit.
pub async fn sign_out(app: &App, session: &CardSession) -> Result<(), TillError> {
    let mut tx = app.db.begin().await?;
    tx.end_card_session(&session.token_hash).await?;
    Ok(tx.commit().await?)
}

enum Asked {
    Now,
    Before,
}

/// Takes the key of a request, before a PIN is tried: the same form sent twice is one try. What became
/// of the first stands on the page. The body is not kept with it: a hash of four digits is no secret.
async fn ask(app: &App, session: &CardSession, verb: &str, key: &str) -> Result<Asked, TillError> {
    let once = Once::new(&format!("{}/{verb}", session.token_hash), key, &[])?;
    let mut tx = app.db.begin().await?;
    let first = once.keep(&mut tx, "", app.now()).await?;
    tx.commit().await?;
    Ok(if first { Asked::Now } else { Asked::Before })
}

/// The hash of the card's PIN, if that is what was typed. Each wrong one counts as at a till.
async fn prove(app: &App, card: &Card, typed: &str) -> Result<String, TillError> {
    match pin::check_at_page(&app.db, &app.seal, &card.id, typed).await.map_err(pin_words)? {
        Tried::Right(proof) => Ok(proof),
        Tried::Wrong(1) => Err(TillError::refused("That PIN is not right. 1 try left.")),
        Tried::Wrong(left) => {
            Err(TillError::Refused(format!("That PIN is not right. {left} tries left.")))
        }
        Tried::Blocked | Tried::Used => {
            Err(TillError::refused("The PIN is blocked: a manager at the shop can reset it."))
        }
    }
}

async fn audit(app: &App, tx: &mut Tx, card: &Card, what: &str) -> Result<(), TillError> {
    Ok(tx.audit(&card.merchant_id, WHO, what, &card.label, app.now()).await?)
}
