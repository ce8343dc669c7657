//! Taps of cards that a BTCPay Server issued: their keys come from that server's own issuer, which
//! nobody else knows, so they were sealed one by one when BTCPay gave them out.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::issuer::{IssuerError, issuer, issuer_or_new};
use super::{BadTap, Block, CardKeys, Shown, Tap, TapError};
use crate::db::Db;
use crate::db::card::{CardKeyRow, CardOpener};
use crate::domain::time::Time;
use crate::seal::{Seal, SealError};

#[derive(Serialize, Deserialize)]
struct Kept([Block; 5]);

fn purpose(card: &str, version: i64) -> String {
    format!("card/{card}/{version}/keys")
}

fn opener_purpose(merchant: &str, server: &str) -> String {
    format!("opener/{merchant}/{server}")
}

impl CardKeys {
    /// Seals them for one card and version.
    pub fn seal(&self, seal: &Seal, card: &str, version: i64) -> Result<Vec<u8>, SealError> {
        let kept = Kept([*self.k0, *self.k1, *self.k2, *self.k3, *self.k4]);
        let open = Zeroizing::new(serde_json::to_vec(&kept).map_err(|_| SealError::Broken)?);
        seal.seal(&purpose(card, version), &open)
    }

    /// Opens what was sealed for a card.
    pub fn open(seal: &Seal, card: &str, row: &CardKeyRow) -> Result<Self, SealError> {
        let open = seal.open(&purpose(card, row.version), &row.sealed)?;
        let Kept([k0, k1, k2, k3, k4]) =
            serde_json::from_slice(&open).map_err(|_| SealError::Broken)?;
        let [k0, k1, k2, k3, k4] = [k0, k1, k2, k3, k4].map(Zeroizing::new);
        Ok(Self { k0, k1, k2, k3, k4 })
    }

    /// Seals K1 as what opens the taps of all cards of a merchant's server.
    pub fn opener(
        &self,
        seal: &Seal,
        merchant: &str,
        server: &str,
    ) -> Result<CardOpener, SealError> {
        let (merchant_id, server) = (merchant.to_owned(), server.to_owned());
        let sealed = seal.seal(&opener_purpose(merchant, &server), self.k1.as_slice())?;
        Ok(CardOpener { merchant_id, server, sealed })
    }
}

/// The id by which a chip is kept, whoever's keys are on it.
pub async fn card_id(
    db: &Db,
    seal: &Seal,
    uid: &[u8; 7],
    now: Time,
) -> Result<String, IssuerError> {
    Ok(issuer_or_new(db, seal, now).await?.card_id(uid))
}

/// Proves a tap by keys, wherever they come from; answers serial number and counter.
pub fn prove_by(keys: &CardKeys, link: &str) -> Result<([u8; 7], i64), BadTap> {
    let tap = Tap::of_link(link)?;
    let proven = tap.prove(&tap.open(&keys.k1)?, &keys.k2)?;
    Ok((proven.uid, proven.counter.into()))
}

/// The serial number behind a tap that was proven.
pub(super) async fn uid_of(db: &Db, seal: &Seal, tap: &Tap) -> Result<[u8; 7], TapError> {
    let own = issuer(db, seal).await?.ok_or(BadTap::NotOurs)?;
    for opener in db.card_openers().await? {
        let Ok(claimed) = tap.open(&*k1(seal, &opener)?) else { continue };
        if db.card(&own.card_id(claimed.uid())).await?.is_some() {
            return Ok(*claimed.uid());
        }
    }
    Err(BadTap::NotOurs.into())
}

fn k1(seal: &Seal, opener: &CardOpener) -> Result<Zeroizing<Block>, IssuerError> {
    let purpose = opener_purpose(&opener.merchant_id, &opener.server);
    let open = seal.open(&purpose, &opener.sealed)?;
    let key = <Block>::try_from(open.as_slice()).map_err(|_| IssuerError::NotAKey)?;
    Ok(Zeroizing::new(key))
}

/// Proves a tap by the keys that BTCPay gave out. A card that is set up again is proven by its keys of
/// now until the first tap by the next ones, which ends the old.
pub(super) async fn prove(db: &Db, seal: &Seal, tap: &Tap) -> Result<Shown, TapError> {
    let own = issuer(db, seal).await?.ok_or(BadTap::NotOurs)?;
    let mut bad = BadTap::NotOurs;
    for opener in db.card_openers().await? {
        let Ok(claimed) = tap.open(&*k1(seal, &opener)?) else { continue };
        let card_id = own.card_id(claimed.uid());
        let Some(card) = db.card(&card_id).await? else { continue };
        for version in [Some(card.version), card.next_version].into_iter().flatten() {
            let Some(row) = db.card_key(&card_id, version).await? else { continue };
            let keys = CardKeys::open(seal, &card_id, &row).map_err(IssuerError::from)?;
            match tap.prove(&claimed, &keys.k2) {
                Ok(proven) => {
                    if card.next_version == Some(version) {
                        db.switch_card_version(&card_id, version).await?;
                        db.forget_card_keys(&card_id, version).await?;
                    }
                    return Ok(Shown { card_id, version, counter: proven.counter.into() });
                }
                Err(why) => bad = why,
            }
        }
    }
    Err(bad.into())
}
