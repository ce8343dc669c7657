//! Merchants and the owners who sign in for them.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, OwnerId};
use crate::domain::time::Time;

/// A person who signs in with a password.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Owner {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: OwnerId,
    /// The merchant it acts for.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// What it signs in with, lower case.
    pub email: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// Wrong passwords in a row.
    pub failed: i64,
    /// Epoch milliseconds until which no password is tried.
    pub locked_until_ms: i64,
}

impl Tx {
    /// Adds a merchant.
    pub async fn add_merchant(
        &mut self,
        id: &MerchantId,
        name: &str,
        now: Time,
    ) -> Result<(), DbError> {
        let sql = query("INSERT INTO merchant (id, name, created_ms) VALUES ($1, $2, $3)");
        self.run(sql.bind(id.to_string()).bind(name.to_owned()).bind(now.0)).await?;
        Ok(())
    }

    /// Adds an owner; false if the e-mail is taken.
    pub async fn add_owner(&mut self, owner: &Owner, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO owner (id, merchant_id, email, password_hash, created_ms)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(owner.id.to_string()).bind(owner.merchant_id.to_string());
        let sql = sql.bind(owner.email.clone()).bind(owner.password_hash.clone()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// An owner by id.
    pub async fn owner(&mut self, id: &OwnerId) -> Result<Owner, DbError> {
        self.one(query("SELECT * FROM owner WHERE id = $1").bind(id.to_string())).await
    }

    /// Sets an owner's password and lets it try again.
    pub async fn set_owner_password(&mut self, email: &str, hash: &str) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE owner SET password_hash = $2, failed = 0, locked_until_ms = 0 WHERE email = $1",
        );
        Ok(self.run(sql.bind(email.to_owned()).bind(hash.to_owned())).await? == 1)
    }
}

impl Db {
    /// True once somebody has set up shop.
    pub async fn has_merchants(&self) -> Result<bool, DbError> {
        let (count,): (i64,) = self.one(query("SELECT COUNT(*) FROM merchant")).await?;
        Ok(count > 0)
    }

    /// A merchant's name.
    pub async fn merchant_name(&self, id: &MerchantId) -> Result<String, DbError> {
        let sql = query("SELECT name FROM merchant WHERE id = $1").bind(id.to_string());
        Ok(self.one::<(String,)>(sql).await?.0)
    }

    /// An owner by e-mail.
    pub async fn owner_by_email(&self, email: &str) -> Result<Option<Owner>, DbError> {
        self.maybe(query("SELECT * FROM owner WHERE email = $1").bind(email.to_owned())).await
    }

    /// An owner by id.
    pub async fn owner(&self, id: &OwnerId) -> Result<Owner, DbError> {
        self.one(query("SELECT * FROM owner WHERE id = $1").bind(id.to_string())).await
    }

    /// The owner who came first, for the practice shop's one-time sign-in.
    pub async fn first_owner(&self) -> Result<Option<Owner>, DbError> {
        self.maybe(query("SELECT * FROM owner ORDER BY created_ms, id LIMIT 1")).await
    }

    /// Counts a try at a password before it is judged, as `take_staff_try`.
    pub async fn take_owner_try(
        &self,
        id: &OwnerId,
        now: Time,
        most: i64,
        locked: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE owner SET failed = CASE WHEN failed >= $3 THEN 1 ELSE failed + 1 END,
                 locked_until_ms = CASE WHEN failed + 1 = $3 THEN $4 ELSE 0 END
             WHERE id = $1 AND locked_until_ms <= $2 RETURNING failed",
        );
        let sql = sql.bind(id.to_string()).bind(now.0).bind(most).bind(locked.0);
        let row: Option<(i64,)> = self.maybe_write(sql).await?;
        Ok(row.map(|(tries,)| tries))
    }

    /// Forgets an owner's tries, after a right password.
    pub async fn forget_owner_tries(&self, id: &OwnerId) -> Result<(), DbError> {
        let sql = query("UPDATE owner SET failed = 0, locked_until_ms = 0 WHERE id = $1");
        self.run(sql.bind(id.to_string())).await?;
        Ok(())
    }
}
