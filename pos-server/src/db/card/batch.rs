//! Batches: many leaves asked for at once, for an afternoon of setting cards up.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// Leaves that were asked for together.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardBatch {
    /// Its id, a UUIDv7.
    pub id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where its cards are issued.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// What every label begins with.
    pub label: String,
    /// How many.
    pub many: i64,
    /// Epoch milliseconds after which its leaves are none any more.
    pub expires_ms: i64,
    /// Who asked for it.
    pub who: String,
    /// Epoch milliseconds.
    pub created_ms: i64,
}

/// One of a batch, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BatchLine {
    /// SHA-256 of its token, hex.
    pub token_hash: String,
    /// Its place, from 1.
    pub batch_no: i64,
    /// What its card is called.
    pub label: String,
    /// The token, sealed.
    pub sealed: Vec<u8>,
    /// Epoch milliseconds after which it is no leave any more.
    pub expires_ms: i64,
    /// The card that used it.
    pub card_id: Option<String>,
    /// Epoch milliseconds of that card's first tap.
    pub confirmed_ms: Option<i64>,
}

impl Tx {
    /// Adds a batch; false if it was added before.
    pub async fn add_card_batch(&mut self, batch: &CardBatch) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_batch (id, merchant_id, store_id, label, many, expires_ms, who,
                 created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        );
        let batch = batch.clone();
        let sql = sql.bind(batch.id).bind(batch.merchant_id.to_string());
        let sql = sql.bind(batch.store_id.to_string()).bind(batch.label).bind(batch.many);
        let sql = sql.bind(batch.expires_ms).bind(batch.who).bind(batch.created_ms);
        Ok(self.run(sql).await? == 1)
    }
}

impl Db {
    /// A store's batches, the newest first.
    pub async fn card_batches(
        &self,
        merchant: &MerchantId,
        store: &StoreId,
    ) -> Result<Vec<CardBatch>, DbError> {
        let sql = query(
            "SELECT * FROM card_batch WHERE merchant_id = $1 AND store_id = $2
             ORDER BY created_ms DESC, id DESC LIMIT 200",
        );
        self.all(sql.bind(merchant.to_string()).bind(store.to_string())).await
    }

    /// A batch of a store.
    pub async fn card_batch(
        &self,
        merchant: &MerchantId,
        store: &StoreId,
        id: &str,
    ) -> Result<CardBatch, DbError> {
        let sql =
            query("SELECT * FROM card_batch WHERE merchant_id = $1 AND store_id = $2 AND id = $3");
        let sql = sql.bind(merchant.to_string()).bind(store.to_string());
        self.one(sql.bind(id.to_owned())).await
    }

    /// A batch's leaves in their order.
    pub async fn batch_lines(
        &self,
        merchant: &MerchantId,
        batch: &str,
    ) -> Result<Vec<BatchLine>, DbError> {
        let sql = query(
            "SELECT card_setup.token_hash, card_setup.batch_no, card_setup.label,
                 card_setup.sealed, card_setup.expires_ms, card_setup.card_id, card.confirmed_ms
             FROM card_setup LEFT JOIN card ON card.id = card_setup.card_id
             WHERE card_setup.merchant_id = $1 AND card_setup.batch_id = $2
             ORDER BY card_setup.batch_no",
        );
        self.all(sql.bind(merchant.to_string()).bind(batch.to_owned())).await
    }

    /// Forgets batches whose leaves ended before `before`.
    pub async fn sweep_card_batches(&self, before: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM card_batch WHERE expires_ms < $1").bind(before.0)).await
    }
}
