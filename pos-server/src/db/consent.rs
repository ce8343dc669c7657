//! Merchants on their way to BTCPay's consent page and back.

use sqlx::query;

use super::{Db, DbError};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// One way there and back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Consent {
    /// The hash of the one-time address's token.
    pub token_hash: String,
    /// Who went.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// For which store.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// To which server.
    pub server: String,
    /// What came back, sealed.
    pub granted: Option<Vec<u8>>,
    /// Epoch milliseconds after which nothing is taken any more.
    pub expires_ms: i64,
}

impl Db {
    /// Notes that a merchant goes; ways that were not come back on are forgotten.
    pub async fn begin_consent(&self, new: &Consent, now: Time) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        tx.run(query("DELETE FROM consent WHERE expires_ms < $1").bind(now.0)).await?;
        let sql = query(
            "INSERT INTO consent (token_hash, merchant_id, store_id, server, expires_ms)
             VALUES ($1, $2, $3, $4, $5)",
        );
        let new = new.clone();
        let sql = sql.bind(new.token_hash).bind(new.merchant_id.to_string());
        tx.run(sql.bind(new.store_id.to_string()).bind(new.server).bind(new.expires_ms)).await?;
        tx.commit().await
    }

    /// The way behind a token, if its time is not over.
    pub async fn consent(&self, token_hash: &str, now: Time) -> Result<Option<Consent>, DbError> {
        let sql = query("SELECT * FROM consent WHERE token_hash = $1 AND expires_ms > $2");
        self.maybe(sql.bind(token_hash.to_owned()).bind(now.0)).await
    }

    /// Keeps what came back, once; false if something came back before, or too late.
    pub async fn end_consent(
        &self,
        token_hash: &str,
        granted: Vec<u8>,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE consent SET granted = $2, used_ms = $3
             WHERE token_hash = $1 AND used_ms IS NULL AND expires_ms > $3",
        );
        Ok(self.run(sql.bind(token_hash.to_owned()).bind(granted).bind(now.0)).await? == 1)
    }
}
