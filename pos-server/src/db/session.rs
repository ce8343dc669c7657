//! Sessions: who holds a cookie. Only the hash of its token is kept.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StaffId, StoreId};
use crate::domain::time::Time;

/// A signed-in owner, or a paired tablet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Session {
    /// SHA-256 of the cookie's token, hex.
    pub token_hash: String,
    /// `owner`, `till`, or `setup`.
    pub kind: String,
    /// The owner's or the till's id.
    pub subject: String,
    /// Whose data it reaches.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Who unlocked the till.
    pub staff_id: Option<String>,
    /// Epoch milliseconds until which the till stays unlocked.
    pub staff_until_ms: i64,
    /// What forms carry to prove they are ours.
    pub csrf: String,
    /// Epoch milliseconds of its end.
    pub expires_ms: i64,
}

impl Tx {
    /// Keeps a session.
    pub async fn add_session(&mut self, session: &Session, now: Time) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO session (token_hash, kind, subject, merchant_id, csrf, created_ms,
                 expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let sql = sql.bind(session.token_hash.clone()).bind(session.kind.clone());
        let sql = sql.bind(session.subject.clone()).bind(session.merchant_id.to_string());
        let sql = sql.bind(session.csrf.clone()).bind(now.0).bind(session.expires_ms);
        self.run(sql).await?;
        Ok(())
    }

    /// Ends a session and answers what it was: of two who try, one gets it.
    pub async fn take_session(
        &mut self,
        token_hash: &str,
        kind: &str,
        now: Time,
    ) -> Result<Option<Session>, DbError> {
        let sql = query(
            "DELETE FROM session WHERE token_hash = $1 AND kind = $2 AND expires_ms > $3
             RETURNING *",
        );
        let sql = sql.bind(token_hash.to_owned()).bind(kind.to_owned()).bind(now.0);
        self.maybe(sql).await
    }

    /// Unlocks a till's session for a person until `until`, or locks it.
    pub async fn set_session_staff(
        &mut self,
        token_hash: &str,
        staff: Option<&StaffId>,
        until: Time,
    ) -> Result<(), DbError> {
        let sql =
            query("UPDATE session SET staff_id = $2, staff_until_ms = $3 WHERE token_hash = $1");
        let staff = staff.map(ToString::to_string);
        self.run(sql.bind(token_hash.to_owned()).bind(staff).bind(until.0)).await?;
        Ok(())
    }

    /// Locks every till that a person unlocked.
    pub async fn lock_tills_of(&mut self, staff: &StaffId) -> Result<(), DbError> {
        let sql =
            query("UPDATE session SET staff_id = NULL, staff_until_ms = 0 WHERE staff_id = $1");
        self.run(sql.bind(staff.to_string())).await?;
        Ok(())
    }

    /// Puts a session's end off.
    pub async fn extend_session(&mut self, token_hash: &str, until: Time) -> Result<(), DbError> {
        let sql = query("UPDATE session SET expires_ms = $2 WHERE token_hash = $1");
        self.run(sql.bind(token_hash.to_owned()).bind(until.0)).await?;
        Ok(())
    }

    /// Ends one session.
    pub async fn end_session(&mut self, token_hash: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM session WHERE token_hash = $1");
        self.run(sql.bind(token_hash.to_owned())).await?;
        Ok(())
    }

    /// Ends every session of an owner or a till but one.
    pub async fn end_other_sessions(&mut self, subject: &str, but: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM session WHERE subject = $1 AND token_hash <> $2");
        self.run(sql.bind(subject.to_owned()).bind(but.to_owned())).await?;
        Ok(())
    }

    /// Ends every session of an owner or a till.
    pub async fn end_sessions_of(&mut self, subject: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM session WHERE subject = $1");
        self.run(sql.bind(subject.to_owned())).await?;
        Ok(())
    }
}

impl Db {
    /// The live session behind a token's hash.
    pub async fn session(&self, token_hash: &str, now: Time) -> Result<Option<Session>, DbError> {
        let sql = query("SELECT * FROM session WHERE token_hash = $1 AND expires_ms > $2");
        self.maybe(sql.bind(token_hash.to_owned()).bind(now.0)).await
    }

    /// Keeps a till unlocked for longer; nothing if it was locked meanwhile.
    pub async fn slide_session_staff(
        &self,
        token_hash: &str,
        staff: &StaffId,
        until: Time,
    ) -> Result<(), DbError> {
        let sql =
            query("UPDATE session SET staff_until_ms = $3 WHERE token_hash = $1 AND staff_id = $2");
        let sql = sql.bind(token_hash.to_owned()).bind(staff.to_string());
        self.run(sql.bind(until.0)).await?;
        Ok(())
    }

    /// How many tablets are paired with each till of a store, by the till's id.
    pub async fn tablets(&self, store: &StoreId, now: Time) -> Result<Vec<(String, i64)>, DbError> {
        let sql = query(
            "SELECT session.subject, COUNT(*) FROM session JOIN till ON till.id = session.subject
             WHERE till.store_id = $1 AND session.kind = 'till' AND session.expires_ms > $2
             GROUP BY session.subject",
        );
        self.all(sql.bind(store.to_string()).bind(now.0)).await
    }

    /// Forgets sessions and pairing codes that ended before `now`.
    pub async fn sweep_sessions(&self, now: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM pairing WHERE expires_ms < $1").bind(now.0)).await?;
        self.run(query("DELETE FROM session WHERE expires_ms < $1").bind(now.0)).await
    }
}
