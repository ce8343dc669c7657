//! A card's PIN: four digits that its holder types where the card is tapped, from an amount up. A try
//! is counted before it is judged, in a transaction of its own: it counts whatever becomes of the
//! payment, and a hundred at once are not a hundred guesses. Three wrong ones in a row block it.

use super::Shown;
use crate::db::card::{Card, PIN_TRIES};
use crate::db::{Db, DbError};
use crate::password::{self, PasswordError};
use crate::seal::Seal;

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It was right; this goes into `Spend::pin`, which pays only while it is still the card's PIN.
    Right(String),
    /// It was wrong; so many tries are left, and the tap is of no use for another.
    Wrong(i64),
    /// Not even looked at, or the last one that was: a manager has to reset it.
    Blocked,
    /// This tap tried a PIN before.
    Used,
}

/// Why a PIN was not judged or not kept; never because it was wrong.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// It is not four digits.
    #[error("A PIN is four digits.")]
    NotFour,
    /// The hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// From which amount up the card's PIN is asked, in millisatoshi (LUD-24 draft's `pinLimit`); nothing
/// if it has none.
#[must_use]
pub fn limit(card: &Card) -> Option<i64> {
    card.pin_hash.as_ref().map(|_| card.pin_from_msat)
}

/// True when so many millisatoshi are paid with the PIN alone.
#[must_use]
pub fn needed(card: &Card, msat: i64) -> bool {
    limit(card).is_some_and(|from| msat >= from)
}

/// True when three wrong ones came in a row.
#[must_use]
pub fn blocked(card: &Card) -> bool {
    card.pin_hash.is_some() && card.pin_failed >= PIN_TRIES
}

/// What is kept of a PIN (`Tx::set_card_pin`). No transaction may be open: this takes its time.
pub async fn hash(seal: &Seal, pin: &str) -> Result<String, PinError> {
    Ok(password::hash_pin(&peppered(seal, pin)?).await?)
}

/// Judges a PIN typed for a proven tap. A tap is good for one try. No transaction may be open.
pub async fn check(db: &Db, seal: &Seal, tap: &Shown, pin: &str) -> Result<Tried, PinError> {
    let typed = peppered(seal, pin)?;
    let (id, version, counter) = (&tap.card_id, tap.version, tap.counter);
    match db.take_card_pin_try(id, version, counter).await? {
        Some((tries, hash)) => judge(db, id, &typed, tries, hash).await,
        None => match db.card(id).await? {
            Some(card) if blocked(&card) => Ok(Tried::Blocked),
            _ => Ok(Tried::Used),
        },
    }
}

/// Judges a PIN typed at the card's own page, where no tap is at hand. No transaction may be open.
pub async fn check_at_page(db: &Db, seal: &Seal, card: &str, pin: &str) -> Result<Tried, PinError> {
    let typed = peppered(seal, pin)?;
    match db.take_card_pin_try_at_page(card).await? {
        Some((tries, hash)) => judge(db, card, &typed, tries, hash).await,
        None => Ok(Tried::Blocked),
    }
}

async fn judge(
    db: &Db,
    card: &str,
    typed: &str,
    tries: i64,
    hash: String,
) -> Result<Tried, PinError> {
    if password::verify_pin(typed, Some(&hash)).await? {
        db.forget_card_pin_tries(card, &hash).await?;
        return Ok(Tried::Right(hash));
    }
    let left = PIN_TRIES - tries;
    Ok(if left > 0 { Tried::Wrong(left) } else { Tried::Blocked })
}

fn peppered(seal: &Seal, pin: &str) -> Result<zeroize::Zeroizing<String>, PinError> {
    if pin.len() != 4 || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PinError::NotFour);
    }
    Ok(zeroize::Zeroizing::new(password::peppered(seal, &format!("card {pin}"))))
}
