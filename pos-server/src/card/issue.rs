//! Issuing: an owner gives leave to set one card up, and the programming app trades the chip's
//! serial number for its keys, as Bolt Card apps do (DEEPLINK.md: `boltcard://program?url=…`).

use super::issuer::{IssuerError, issuer_or_new};
use super::{CardKeys, Scheme};
use crate::db::card::{Card, CardPolicy, CardSetup};
use crate::db::store::Store;
use crate::db::{Db, DbError, Tx};
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
    /// The leave is for another card.
    #[error("This code is for another card.")]
    OtherCard,
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

/// A leave for a new card, before anything is said of it.
#[must_use]
pub fn leave(store: &Store, policy: &CardPolicy, token_hash: String, until: Time) -> CardSetup {
    CardSetup {
        token_hash,
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        money: store.money.clone(),
        label: String::new(),
        tap_limit_msat: policy.tap_limit_msat,
        day_limit_msat: policy.day_limit_msat,
        expires_ms: until.0,
        card_id: None,
        again_for: None,
        balance_limit_msat: policy.balance_limit_msat,
        card_expires_ms: None,
        batch_id: None,
        batch_no: None,
        sealed: None,
        again_version: None,
    }
}

/// The same for a card that is issued again: its very chip gets its next keys, once.
#[must_use]
pub fn leave_again(card: &Card, token_hash: String, until: Time) -> CardSetup {
    CardSetup {
        token_hash,
        merchant_id: card.merchant_id.clone(),
        store_id: card.store_id.clone(),
        money: card.money.clone(),
        label: card.label.clone(),
        tap_limit_msat: card.tap_most_msat,
        day_limit_msat: card.day_most_msat,
        expires_ms: until.0,
        card_id: None,
        again_for: Some(card.id.clone()),
        balance_limit_msat: card.balance_limit_msat,
        card_expires_ms: card.expires_ms,
        batch_id: None,
        batch_no: None,
        sealed: None,
        again_version: Some(card.version + 1),
    }
}

/// Trades a leave and a chip's serial number (hex) for the chip's keys. The same chip may ask
/// again until its first tap: the answer may have been lost. A chip that was wiped begins anew; a card
/// in use gets keys only by a leave for that very card, and its old ones are good until the new ones
/// tapped.
pub async fn program(
    db: &Db,
    seal: &Seal,
    token_hash: &str,
    serial: &str,
    now: Time,
) -> Result<Programmed, IssueError> {
    let uid = read_serial(serial)?;
    let issuer = issuer_or_new(db, seal, now).await?;
    let id = issuer.card_id(&uid);
    let mut tx = db.begin().await?;
    let setup = tx.use_card_setup(token_hash, &id, now).await?.ok_or(IssueError::Ended)?;
    if setup.again_for.as_ref().is_some_and(|card| *card != id) {
        return Err(IssueError::OtherCard);
    }
    // Keys of ours would cut a card off from the money that it draws on at BTCPay.
    if tx.card_backing(&id).await?.is_some() {
        return Err(IssueError::SetUp);
    }
    let (version, what) = version(&mut tx, &id, &setup, now).await?;
    if let Some(what) = what {
        tx.audit(&setup.merchant_id, "the programming app", what, &setup.label, now).await?;
    }
    tx.commit().await?;
    let version = u32::try_from(version).map_err(|_| IssueError::SetUp)?;
    Ok(Programmed { keys: issuer.card_keys(&uid, version, Scheme::Public), version })
}

/// Which version of its keys a chip gets by a leave, and what that is to the log.
async fn version(
    tx: &mut Tx,
    id: &str,
    setup: &CardSetup,
    now: Time,
) -> Result<(i64, Option<&'static str>), IssueError> {
    let known = tx.card(id).await?;
    if let Some(version) = setup.again_version {
        let pending = known.and_then(|card| card.next_version);
        if !tx.issue_again(id, version).await? {
            return Err(IssueError::SetUp);
        }
        let first = pending != Some(version);
        return Ok((version, first.then_some("card.programmed_again")));
    }
    let Some(card) = known else {
        if !tx.add_card(&new(id.to_owned(), setup, now)).await? {
            return Err(IssueError::SetUp);
        }
        return Ok((FIRST_VERSION.into(), Some("card.programmed")));
    };
    let same = card.merchant_id == setup.merchant_id && card.money == setup.money;
    if card.state == "new" && same {
        return Ok((card.version, None));
    }
    let anew = tx.begin_card_anew(id, setup, now).await?.ok_or(IssueError::SetUp)?;
    Ok((anew.version, Some("card.programmed")))
}

pub(super) fn read_serial(serial: &str) -> Result<[u8; 7], IssueError> {
    let mut uid = [0; 7];
    hex::decode_to_slice(serial, &mut uid).map_err(|_| IssueError::NotASerial)?;
    Ok(uid)
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
        nickname: String::new(),
        npub: String::new(),
    }
}
