//! Tokens of the API. Only their hashes are kept.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{ApiTokenId, MerchantId, StaffId, StoreId, TillId};
use crate::domain::time::Time;

/// What a program may do, and in whose name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiToken {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ApiTokenId,
    /// Whose data it reaches.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The one store it reaches.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// The till at which it sells.
    #[sqlx(try_from = "String")]
    pub till_id: TillId,
    /// In whose name it sells.
    #[sqlx(try_from = "String")]
    pub staff_id: StaffId,
    /// What the owner calls it.
    pub name: String,
    /// What it may do, words with a blank between: `sales:read items:read`.
    pub scopes: String,
    /// SHA-256 of the token, hex.
    pub token_hash: String,
    /// Epoch milliseconds.
    pub created_ms: i64,
    /// Epoch milliseconds of its last use, to within a minute.
    pub used_ms: Option<i64>,
    /// Epoch milliseconds since which it lets nobody in.
    pub revoked_ms: Option<i64>,
}

impl Tx {
    /// Keeps a token; false if there is one with its id.
    pub async fn add_api_token(&mut self, token: &ApiToken) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO api_token (id, merchant_id, store_id, till_id, staff_id, name, scopes,
                 token_hash, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(token.id.to_string()).bind(token.merchant_id.to_string());
        let sql = sql.bind(token.store_id.to_string()).bind(token.till_id.to_string());
        let sql = sql.bind(token.staff_id.to_string()).bind(token.name.clone());
        let sql = sql.bind(token.scopes.clone()).bind(token.token_hash.clone());
        Ok(self.run(sql.bind(token.created_ms)).await? == 1)
    }

    /// Makes a token of this store let nobody in; false if it did not before.
    pub async fn revoke_api_token(
        &mut self,
        store: &StoreId,
        id: &ApiTokenId,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE api_token SET revoked_ms = $3
             WHERE id = $1 AND store_id = $2 AND revoked_ms IS NULL",
        );
        Ok(self.run(sql.bind(id.to_string()).bind(store.to_string()).bind(now.0)).await? == 1)
    }
}

impl Db {
    /// The token behind a hash, unless it was revoked.
    pub async fn api_token(&self, token_hash: &str) -> Result<Option<ApiToken>, DbError> {
        let sql = query("SELECT * FROM api_token WHERE token_hash = $1 AND revoked_ms IS NULL");
        self.maybe(sql.bind(token_hash.to_owned())).await
    }

    /// All tokens of a store, the newest first; those revoked are among them.
    pub async fn api_tokens(&self, store: &StoreId) -> Result<Vec<ApiToken>, DbError> {
        let sql = query("SELECT * FROM api_token WHERE store_id = $1 ORDER BY created_ms DESC, id");
        self.all(sql.bind(store.to_string())).await
    }

    /// Notes that a token is in use.
    pub async fn api_token_used(&self, id: &ApiTokenId, now: Time) -> Result<(), DbError> {
        let sql = query("UPDATE api_token SET used_ms = $2 WHERE id = $1");
        self.run(sql.bind(id.to_string()).bind(now.0)).await?;
        Ok(())
    }
}
