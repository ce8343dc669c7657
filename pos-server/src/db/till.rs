//! Tills and how a tablet becomes one.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId, TillId};
use crate::domain::time::Time;

/// A tablet's place in a store.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Till {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: TillId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// What staff call it.
    pub name: String,
    /// What its receipt numbers begin with, unique in the store: `C1`.
    pub prefix: String,
    /// The next receipt number.
    pub next_receipt: i64,
    /// Wrong PINs in a row on this till.
    pub failed: i64,
    /// Epoch milliseconds until which no PIN is tried here.
    pub locked_until_ms: i64,
    /// 1 when it is no longer in use.
    pub retired: i64,
}

impl Tx {
    /// Adds a till; false if the prefix is taken in the store.
    pub async fn add_till(&mut self, till: &Till, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO till (id, merchant_id, store_id, name, prefix, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(till.id.to_string()).bind(till.merchant_id.to_string());
        let sql = sql.bind(till.store_id.to_string()).bind(till.name.clone());
        Ok(self.run(sql.bind(till.prefix.clone()).bind(now.0)).await? == 1)
    }

    /// Renames a till, or takes it out of use.
    pub async fn save_till(&mut self, till: &Till) -> Result<(), DbError> {
        let sql =
            query("UPDATE till SET name = $3, retired = $4 WHERE id = $1 AND merchant_id = $2");
        let sql = sql.bind(till.id.to_string()).bind(till.merchant_id.to_string());
        let touched = self.run(sql.bind(till.name.clone()).bind(till.retired)).await?;
        if touched == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// Takes the till's next receipt number; the row stays locked until the commit, so there are
    /// no gaps.
    pub async fn take_receipt_number(&mut self, till: &TillId) -> Result<i64, DbError> {
        let sql = query(
            "UPDATE till SET next_receipt = next_receipt + 1 WHERE id = $1
             RETURNING next_receipt - 1",
        );
        Ok(self.one::<(i64,)>(sql.bind(till.to_string())).await?.0)
    }

    /// The till by its id alone, for the code that names it.
    pub async fn till(&mut self, id: &TillId) -> Result<Till, DbError> {
        self.one(query("SELECT * FROM till WHERE id = $1").bind(id.to_string())).await
    }

    /// Ends the pairing codes of a till.
    pub async fn end_pairings_of(&mut self, till: &TillId) -> Result<(), DbError> {
        self.run(query("DELETE FROM pairing WHERE till_id = $1").bind(till.to_string())).await?;
        Ok(())
    }

    /// Keeps a pairing code (by its hash).
    pub async fn add_pairing(
        &mut self,
        code_hash: &str,
        till: &TillId,
        expires: Time,
    ) -> Result<(), DbError> {
        let sql = query("INSERT INTO pairing (code_hash, till_id, expires_ms) VALUES ($1, $2, $3)");
        self.run(sql.bind(code_hash.to_owned()).bind(till.to_string()).bind(expires.0)).await?;
        Ok(())
    }

    /// Uses a pairing code, once and in time; the till it is for.
    pub async fn use_pairing(
        &mut self,
        code_hash: &str,
        now: Time,
    ) -> Result<Option<TillId>, DbError> {
        let sql = query(
            "UPDATE pairing SET used_ms = $2
             WHERE code_hash = $1 AND used_ms IS NULL AND expires_ms > $2 RETURNING till_id",
        );
        let row: Option<(String,)> = self.maybe(sql.bind(code_hash.to_owned()).bind(now.0)).await?;
        row.map(|(id,)| id.parse().map_err(|_| DbError::Unreadable("till id".into()))).transpose()
    }

    /// Counts a try at a PIN on a till before it is judged, as `take_staff_try`.
    pub async fn take_till_try(
        &mut self,
        id: &TillId,
        now: Time,
        most: i64,
        locked: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE till SET failed = CASE WHEN failed >= $3 THEN 1 ELSE failed + 1 END,
                 locked_until_ms = CASE WHEN failed + 1 = $3 THEN $4 ELSE 0 END
             WHERE id = $1 AND locked_until_ms <= $2 RETURNING failed",
        );
        let sql = sql.bind(id.to_string()).bind(now.0).bind(most).bind(locked.0);
        let row: Option<(i64,)> = self.maybe(sql).await?;
        Ok(row.map(|(tries,)| tries))
    }
}

impl Db {
    /// A till of this merchant.
    pub async fn till(&self, merchant: &MerchantId, id: &TillId) -> Result<Till, DbError> {
        let sql = query("SELECT * FROM till WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_string()).bind(merchant.to_string())).await
    }

    /// A till by its id alone, for the tablet that holds its session.
    pub async fn till_by_id(&self, id: &TillId) -> Result<Till, DbError> {
        self.one(query("SELECT * FROM till WHERE id = $1").bind(id.to_string())).await
    }

    /// The tills of a store, the oldest first.
    pub async fn tills(&self, store: &StoreId) -> Result<Vec<Till>, DbError> {
        let sql = query("SELECT * FROM till WHERE store_id = $1 ORDER BY created_ms, id");
        self.all(sql.bind(store.to_string())).await
    }
}
