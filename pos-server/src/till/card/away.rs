//! A card of ours at another till (LUD-03). The tap is proven and used up by the first request; what
//! the other till gets for it is a secret that is good for one invoice, for a little while. A till that
//! lost that answer asks for a new tap: the same tap never gives a second secret.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{TillError, arrived};
use crate::app::App;
use crate::card::{Arrival, Place};
use crate::db::DbError;
use crate::db::card::{Card, Ticket};
use crate::domain::time::Time;

/// How long a till may take to come with its invoice: people type a PIN meanwhile.
const LASTS: Duration = Duration::from_secs(120);

/// What the other till gets for a tap.
pub struct Away {
    /// The secret (LUD-03's `k1`).
    pub k1: String,
    /// The card, as it was then.
    pub card: Card,
}

/// Proves the tap behind `link`, uses it up, and gives a ticket for it. What is refused is said
/// without a word of what is on the card.
pub async fn present(app: &App, link: &str) -> Result<Away, TillError> {
    present_at(app, &Arrival { link, place: Place::Lnurl, store: None }).await
}

/// The same where the other till is one of ours, of another merchant.
pub(super) async fn present_at(app: &App, arrival: &Arrival<'_>) -> Result<Away, TillError> {
    let taken = arrived(app, arrival).await?;
    let (tap, k1, now) = (&taken.shown, secret(), app.now());
    let mut tx = app.db.begin().await?;
    if !tx.use_tap(&tap.card_id, tap.version, tap.counter, now).await? {
        drop(tx);
        app.db.end_card_tap(&taken.id, "used before").await?;
        return Err(TillError::refused("This tap was used. Take the card away, and tap it again."));
    }
    let card = tx.card(&tap.card_id).await?.ok_or(DbError::NotFound)?;
    let why_not = usable(&card, now).err();
    if why_not.is_none() {
        let ticket = Ticket {
            k1_hash: hash(&k1),
            card_id: tap.card_id.clone(),
            version: tap.version,
            counter: tap.counter,
            expires_ms: now.after(LASTS).0,
            used_ms: None,
            why: String::new(),
        };
        tx.add_ticket(&ticket).await?;
    }
    tx.end_card_tap(&taken.id, if why_not.is_none() { "shown" } else { "not usable" }).await?;
    tx.commit().await?;
    match why_not {
        None => Ok(Away { k1, card }),
        Some(words) => Err(TillError::refused(words)),
    }
}

/// Whether a card pays at all.
pub(super) fn usable(card: &Card, now: Time) -> Result<(), &'static str> {
    match card.state.as_str() {
        "active" if card.expires_ms.is_some_and(|end| end <= now.0) => {
            Err("This card’s time is over.")
        }
        "active" => Ok(()),
        "frozen" => Err("This card is frozen."),
        _ => Err("This card is not in use any more."),
    }
}

/// What is kept of such a secret.
pub(super) fn hash(k1: &str) -> String {
    hex::encode(Sha256::digest(k1.as_bytes()))
}

/// 256 random bits as hex.
pub(super) fn secret() -> String {
    let mut bytes = [0u8; 32];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}
