//! The key that every card of this installation comes from: random, made when it is first needed,
//! and sealed in the database.

use super::{Block, IssuerKey};
use crate::db::{Db, DbError};
use crate::domain::time::Time;
use crate::seal::{Seal, SealError};

const PURPOSE: &str = "issuer/own";

/// Why the issuer's key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// It was sealed under another key, or changed since.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It opens, and is no key.
    #[error("the issuer's key is not 16 bytes")]
    NotAKey,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The issuer's key, once a card was issued.
pub async fn issuer(db: &Db, seal: &Seal) -> Result<Option<IssuerKey>, IssuerError> {
    let Some(sealed) = db.issuer().await? else { return Ok(None) };
    let open = seal.open(PURPOSE, &sealed)?;
    let key = <Block>::try_from(open.as_slice()).map_err(|_| IssuerError::NotAKey)?;
    Ok(Some(IssuerKey::new(key)))
}

/// The issuer's key, made if there is none. Of two who make it at once, both get the same.
pub(super) async fn issuer_or_new(
    db: &Db,
    seal: &Seal,
    now: Time,
) -> Result<IssuerKey, IssuerError> {
    if let Some(key) = issuer(db, seal).await? {
        return Ok(key);
    }
    let mut key = zeroize::Zeroizing::new([0; 16]);
    rand::fill(&mut *key);
    let mut tx = db.begin().await?;
    tx.add_issuer(seal.seal(PURPOSE, key.as_slice())?, now).await?;
    tx.commit().await?;
    issuer(db, seal).await?.ok_or(IssuerError::NotAKey)
}
