//! Staff: who unlocks a till.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StaffId, StoreId, TillId};
use crate::domain::time::Time;

/// A person who unlocks a till with a PIN.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Staff {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: StaffId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it works.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// First name, as the till shows it.
    pub name: String,
    /// `cashier` or `manager`.
    pub role: String,
    /// Argon2id, PHC string.
    pub pin_hash: String,
    /// Wrong PINs in a row.
    pub failed: i64,
    /// Epoch milliseconds until which no PIN is tried.
    pub locked_until_ms: i64,
    /// 1 when gone.
    pub retired: i64,
}

impl Tx {
    /// Adds a person; false if it was added before.
    pub async fn add_staff(&mut self, staff: &Staff, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO staff (id, merchant_id, store_id, name, role, pin_hash, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(staff.id.to_string()).bind(staff.merchant_id.to_string());
        let sql = sql.bind(staff.store_id.to_string()).bind(staff.name.clone());
        let sql = sql.bind(staff.role.clone()).bind(staff.pin_hash.clone()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Changes name, role, PIN and whether the person still works here; lets it try again.
    pub async fn save_staff(&mut self, staff: &Staff) -> Result<(), DbError> {
        let sql = query(
            "UPDATE staff SET name = $3, role = $4, pin_hash = $5, retired = $6, failed = 0,
                 locked_until_ms = 0
             WHERE id = $1 AND merchant_id = $2",
        );
        let sql = sql.bind(staff.id.to_string()).bind(staff.merchant_id.to_string());
        let sql = sql.bind(staff.name.clone()).bind(staff.role.clone());
        let touched = self.run(sql.bind(staff.pin_hash.clone()).bind(staff.retired)).await?;
        if touched == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// Counts a try at a PIN before it is judged: how many in a row this makes, or nothing while
    /// locked. The try that reaches `most` locks until `locked`; a lock that ran out counts anew.
    pub async fn take_staff_try(
        &mut self,
        id: &StaffId,
        now: Time,
        most: i64,
        locked: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE staff SET failed = CASE WHEN failed >= $3 THEN 1 ELSE failed + 1 END,
                 locked_until_ms = CASE WHEN failed + 1 = $3 THEN $4 ELSE 0 END
             WHERE id = $1 AND locked_until_ms <= $2 RETURNING failed",
        );
        let sql = sql.bind(id.to_string()).bind(now.0).bind(most).bind(locked.0);
        let row: Option<(i64,)> = self.maybe(sql).await?;
        Ok(row.map(|(tries,)| tries))
    }
}

impl Db {
    /// A person of this merchant.
    pub async fn staff(&self, merchant: &MerchantId, id: &StaffId) -> Result<Staff, DbError> {
        let sql = query("SELECT * FROM staff WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_string()).bind(merchant.to_string())).await
    }

    /// Everybody in a store, those gone included, by name.
    pub async fn staff_of(&self, store: &StoreId) -> Result<Vec<Staff>, DbError> {
        let sql = query("SELECT * FROM staff WHERE store_id = $1 ORDER BY name, id");
        self.all(sql.bind(store.to_string())).await
    }

    /// Forgets the tries of a person and of the till, after a right PIN.
    pub async fn forget_tries(&self, staff: &StaffId, till: &TillId) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        let sql = query("UPDATE staff SET failed = 0, locked_until_ms = 0 WHERE id = $1");
        tx.run(sql.bind(staff.to_string())).await?;
        let sql = query("UPDATE till SET failed = 0, locked_until_ms = 0 WHERE id = $1");
        tx.run(sql.bind(till.to_string())).await?;
        tx.commit().await
    }
}
