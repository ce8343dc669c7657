//! Issuing: an owner gives leave to set one card up, and the programming app trades the chip's
//! serial number for its keys, as Bolt Card apps do (DEEPLINK.md: `boltcard://program?url=…`).

use super::issuer::{IssuerError, issuer_or_new};
use super::{CardKeys, Scheme};
use crate::db::card::{Card, CardSetup};
use crate::db::{Db, DbError};
use crate::domain::time::Time;
use crate::seal::Seal;

/// The version of the keys of a card that was never issued before.
const FIRST_VERSION: u32 = 1;

/// Why a card is not set up. Shown to whoever holds it as it reads.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Another card used the leave, or its time is over.
    #[error("This code was used, or its time is over. Make a new one.")]
    Ended,
    /// It is a card of ours, tapped before: setting it up again would let old taps count.
    #[error("This card is set up already.")]
    SetUp,
    /// It is not seven bytes in hex.
    #[error("That is not the serial number of a card.")]
    NotASerial,
    /// The issuer's key.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What is written onto a chip.
pub struct Programmed {
    /// Its keys.
    pub keys: CardKeys,
    /// Which keys of this chip they are.
    pub version: u32,
}

/// Trades a leave and a chip's serial number (hex) for the chip's keys. The same chip may ask
/// again until its first tap: the answer may have been lost.
pub async fn program(
    db: &Db,
    seal: &Seal,
    token_hash: &str,
    serial: &str,
    now: Time,
) -> Result<Programmed, IssueError> {
    let mut uid = [0; 7];
    hex::decode_to_slice(serial, &mut uid).map_err(|_| IssueError::NotASerial)?;
    let issuer = issuer_or_new(db, seal, now).await?;
    let id = issuer.card_id(&uid);
    let mut tx = db.begin().await?;
    let setup = tx.use_card_setup(token_hash, &id, now).await?.ok_or(IssueError::Ended)?;
    match tx.card(&id).await? {
        None => {
            if !tx.add_card(&new(id, &setup, now)).await? {
                return Err(IssueError::SetUp);
            }
            let (who, label) = ("the programming app", &setup.label);
            tx.audit(&setup.merchant_id, who, "card.programmed", label, now).await?;
        }
        Some(card) => {
            let same = card.merchant_id == setup.merchant_id && card.money == setup.money;
            let elsewhere = tx.card_backing(&id).await?.is_some();
            if card.state != "new" || !same || elsewhere {
                return Err(IssueError::SetUp);
            }
        }
    }
    tx.commit().await?;
    let keys = issuer.card_keys(&uid, FIRST_VERSION, Scheme::Public);
    Ok(Programmed { keys, version: FIRST_VERSION })
}

fn new(id: String, setup: &CardSetup, now: Time) -> Card {
    Card {
        id,
        merchant_id: setup.merchant_id.clone(),
        store_id: setup.store_id.clone(),
        money: setup.money.clone(),
        version: FIRST_VERSION.into(),
        state: "new".into(),
        counter: -1,
        balance_msat: 0,
        tap_limit_msat: setup.tap_limit_msat,
        day_limit_msat: setup.day_limit_msat,
        spent_msat: 0,
        spent_day: String::new(),
        label: setup.label.clone(),
        created_ms: now.0,
        confirmed_ms: None,
        tapped_ms: None,
        pin_hash: None,
        pin_from_msat: 0,
        pin_failed: 0,
        balance_limit_msat: setup.balance_limit_msat,
        tap_most_msat: setup.tap_limit_msat,
        day_most_msat: setup.day_limit_msat,
        expires_ms: setup.card_expires_ms,
        next_version: None,
        frozen_by: String::new(),
        replaced_by: None,
        wiped_ms: None,
    }
}
