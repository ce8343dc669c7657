//! Wiping: an app that resets Bolt Cards gets one chip's keys (DEEPLINK.md: `boltcard://reset?url=…`),
//! to put the factory's back onto it. From then on the card is gone, and its chip may begin anew.

use super::issue::read_serial;
use super::issuer::{IssuerError, issuer};
use super::{
    Arrival, CardKeys, IssueError, Place, Programmed, Scheme, Tap, TapError, backed, take,
};
use crate::db::{Db, DbError};
use crate::domain::time::Time;
use crate::seal::Seal;

/// What an app knows of the chip in its hand.
pub enum Chip<'a> {
    /// Its serial number, hex.
    Serial(&'a str),
    /// A tap of it.
    Link(&'a str),
}

/// Why no keys are given out. Shown to whoever holds the chip as it reads.
#[derive(Debug, thiserror::Error)]
pub enum WipeError {
    /// The leave's time is over, or it is another card's.
    #[error("This code’s time is over, or it is for another card.")]
    Ended,
    /// Money is on it.
    #[error("There is money on this card. Move it to another card first.")]
    Money,
    /// It is not seven bytes in hex, or no tap of ours.
    #[error("That is not a card of ours.")]
    NotOurs,
    /// The issuer's key.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<TapError> for WipeError {
    fn from(error: TapError) -> Self {
        match error {
            TapError::Db(error) => Self::Db(error),
            TapError::Issuer(error) => Self::Issuer(error),
            TapError::Bad(_) => Self::NotOurs,
        }
    }
}

/// Trades a leave and a chip for the chip's keys, and puts its card away. The same chip may ask again
/// while the leave lasts.
pub async fn wipe(
    db: &Db,
    seal: &Seal,
    token_hash: &str,
    chip: Chip<'_>,
    now: Time,
) -> Result<Programmed, WipeError> {
    let leave = db.card_wipe(token_hash, now).await?.ok_or(WipeError::Ended)?;
    let issuer = issuer(db, seal).await?.ok_or(WipeError::NotOurs)?;
    let uid = match chip {
        Chip::Serial(serial) => read_serial(serial).map_err(|error| match error {
            IssueError::Db(error) => WipeError::Db(error),
            _ => WipeError::NotOurs,
        })?,
        Chip::Link(link) => {
            // A tap proves by which keys it was made: a card that is issued again may have either.
            take(db, seal, &Arrival { link, place: Place::Wipe, store: None }, now).await?;
            let tap = Tap::of_link(link).map_err(TapError::from)?;
            match tap.open(&issuer.k1()) {
                Ok(claimed) => *claimed.uid(),
                Err(_) => backed::uid_of(db, seal, &tap).await?,
            }
        }
    };
    let id = issuer.card_id(&uid);
    let mut tx = db.begin().await?;
    let used = tx.use_card_wipe(token_hash, &id, now).await?.ok_or(WipeError::Ended)?;
    let card = tx.card(&id).await?.ok_or(WipeError::NotOurs)?;
    // Its keys are BTCPay's.
    if tx.card_backing(&id).await?.is_some() {
        return Err(WipeError::NotOurs);
    }
    if !tx.wipe_card(&id, now).await? {
        return Err(WipeError::Money);
    }
    if leave.used_ms.is_none() {
        let detail = format!("{}, asked for by {}", card.label, used.who);
        tx.audit(&card.merchant_id, "the reset app", "card.keys_given_out", &detail, now).await?;
    }
    tx.commit().await?;
    let version = u32::try_from(card.version).map_err(|_| WipeError::NotOurs)?;
    if let Some(row) = db.card_key(&id, card.version).await? {
        let keys = CardKeys::open(seal, &id, &row).map_err(IssuerError::from)?;
        return Ok(Programmed { keys, version });
    }
    Ok(Programmed { keys: issuer.card_keys(&uid, version, Scheme::Public), version })
}
