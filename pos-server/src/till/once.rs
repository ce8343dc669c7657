//! Idempotency: the same key gives the first answer, and another body under it is refused.

use sha2::{Digest, Sha256};

use super::TillError;
use crate::db::idempotency::FirstAnswer;
use crate::db::{Db, Tx};
use crate::domain::time::Time;

/// The key of one money-moving request, and what it was sent with.
#[derive(Debug, Clone)]
pub struct Once {
    scope: String,
    key: String,
    body_hash: String,
}

impl Once {
    /// A key as the page made it, for requests of `scope` (a till and a verb), with the parts of
    /// the body that matter.
    pub fn new(scope: &str, key: &str, body: &[&str]) -> Result<Self, TillError> {
        let fits = (8..=64).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !fits {
            return Err(TillError::refused("This page is out of date. Load it again."));
        }
        let mut hasher = Sha256::new();
        for part in body {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let body_hash = hex::encode(hasher.finalize());
        Ok(Self { scope: scope.into(), key: key.into(), body_hash })
    }

    /// The first answer, if this was asked before.
    pub async fn answered(&self, db: &Db) -> Result<Option<String>, TillError> {
        match db.first_answer(&self.scope, &self.key).await? {
            None => Ok(None),
            Some(first) if first.body_hash == self.body_hash => Ok(Some(first.answer)),
            Some(_) => Err(TillError::KeyReused),
        }
    }

    /// Keeps the answer in the transaction that acts. False if another request was first: then
    /// roll back and use `answered`.
    pub async fn keep(&self, tx: &mut Tx, answer: &str, now: Time) -> Result<bool, TillError> {
        let first = FirstAnswer { body_hash: self.body_hash.clone(), answer: answer.into() };
        Ok(tx.keep_answer(&self.scope, &self.key, &first, now).await?)
    }

    /// As `keep`, for a verb that answers nothing: false if the same request was done before, and
    /// an error if another one was done under this key. Called first thing under the sale's lock,
    /// or a twin of this request would be told off for what this one did.
    pub async fn keep_alone(&self, tx: &mut Tx, db: &Db, now: Time) -> Result<bool, TillError> {
        let kept = self.keep(tx, "", now).await?;
        if !kept {
            self.first(db).await?;
        }
        Ok(kept)
    }

    /// The answer of whoever was first, after `keep` said that somebody was.
    pub async fn first(&self, db: &Db) -> Result<String, TillError> {
        let answer = self.answered(db).await?;
        answer.ok_or_else(|| TillError::refused("This is being done already. Look again."))
    }
}
