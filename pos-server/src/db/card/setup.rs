//! An owner's leave to set one card up.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// What a card that is set up will be.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardSetup {
    /// SHA-256 of the one-time token, hex.
    pub token_hash: String,
    /// Whose card it will be.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it is issued.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `practice` or `real`.
    pub money: String,
    /// What the owner calls it.
    pub label: String,
    /// At most so many millisatoshi by one tap.
    pub tap_limit_msat: i64,
    /// At most so many millisatoshi on one day.
    pub day_limit_msat: i64,
    /// Epoch milliseconds after which it is no leave any more.
    pub expires_ms: i64,
    /// The card that used it.
    pub card_id: Option<String>,
    /// The one card that is issued again by it, if it is not for a new one.
    pub again_for: Option<String>,
    /// No more than so many millisatoshi may be on it.
    pub balance_limit_msat: Option<i64>,
    /// Epoch milliseconds from which on the card pays nothing.
    pub card_expires_ms: Option<i64>,
    /// The batch it is one of.
    pub batch_id: Option<String>,
    /// Its place in the batch, from 1.
    pub batch_no: Option<i64>,
    /// The token itself, sealed, in a batch.
    pub sealed: Option<Vec<u8>>,
    /// The version of the keys that it gives out, for a card that is issued again.
    pub again_version: Option<i64>,
}

impl Tx {
    /// Adds a leave.
    pub async fn add_card_setup(&mut self, setup: &CardSetup) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_setup (token_hash, merchant_id, store_id, money, label,
                 tap_limit_msat, day_limit_msat, expires_ms, again_for, balance_limit_msat,
                 card_expires_ms, batch_id, batch_no, sealed, again_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        );
        let setup = setup.clone();
        let sql = sql.bind(setup.token_hash).bind(setup.merchant_id.to_string());
        let sql = sql.bind(setup.store_id.to_string()).bind(setup.money).bind(setup.label);
        let sql = sql.bind(setup.tap_limit_msat).bind(setup.day_limit_msat);
        let sql = sql.bind(setup.expires_ms).bind(setup.again_for).bind(setup.balance_limit_msat);
        let sql = sql.bind(setup.card_expires_ms).bind(setup.batch_id).bind(setup.batch_no);
        self.run(sql.bind(setup.sealed).bind(setup.again_version)).await?;
        Ok(())
    }

    /// Gives a leave to a card, for good; none if it is over, or another card's. The same card may
    /// ask again: the answer may have been lost.
    pub async fn use_card_setup(
        &mut self,
        token_hash: &str,
        card: &str,
        now: Time,
    ) -> Result<Option<CardSetup>, DbError> {
        let sql = query(
            "UPDATE card_setup SET card_id = $2
             WHERE token_hash = $1 AND expires_ms > $3 AND (card_id IS NULL OR card_id = $2)
             RETURNING *",
        );
        self.maybe(sql.bind(token_hash.to_owned()).bind(card.to_owned()).bind(now.0)).await
    }
}

impl Db {
    /// Forgets leaves that ended before `before`.
    pub async fn sweep_card_setups(&self, before: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM card_setup WHERE expires_ms < $1").bind(before.0)).await
    }
}
