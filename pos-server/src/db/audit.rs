//! The audit log: append-only, each row hashing the one before.

use sha2::{Digest, Sha256};
use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// One thing somebody did.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditRow {
    /// Place in the merchant's log, from 1.
    pub seq: i64,
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Who: `owner a@b.c`, `Keisha`.
    pub who: String,
    /// What, as a dotted word: `price.changed`.
    pub what: String,
    /// More, in words.
    pub detail: String,
    /// SHA-256 over the row before and this one, hex.
    pub hash: String,
}

impl AuditRow {
    /// What this row's hash must be after a row hashed `before`.
    #[must_use]
    pub fn expected_hash(&self, before: &str) -> String {
        let mut hasher = Sha256::new();
        let parts = [before, &self.who, &self.what, &self.detail];
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.at_ms.to_be_bytes());
        hex::encode(hasher.finalize())
    }
}

impl Tx {
    /// Appends a row to a merchant's log.
    pub async fn audit(
        &mut self,
        merchant: &MerchantId,
        who: &str,
        what: &str,
        detail: &str,
        now: Time,
    ) -> Result<(), DbError> {
        if self.kind() == Kind::Postgres {
            // One writer at a time per merchant, or two rows would follow the same one. NO KEY:
            // whoever writes rows of the merchant holds its key, and two of them would deadlock.
            let lock = query("SELECT id FROM merchant WHERE id = $1 FOR NO KEY UPDATE");
            self.maybe::<(String,)>(lock.bind(merchant.to_string())).await?;
        }
        let last =
            query("SELECT seq, hash FROM audit WHERE merchant_id = $1 ORDER BY seq DESC LIMIT 1");
        let last: Option<(i64, String)> = self.maybe(last.bind(merchant.to_string())).await?;
        let (seq, before) = last.unwrap_or_default();
        let mut row = AuditRow {
            seq: seq + 1,
            at_ms: now.0,
            who: who.to_owned(),
            what: what.to_owned(),
            detail: detail.to_owned(),
            hash: String::new(),
        };
        row.hash = row.expected_hash(&before);
        let sql = query(
            "INSERT INTO audit (merchant_id, seq, at_ms, who, what, detail, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let sql = sql.bind(merchant.to_string()).bind(row.seq).bind(row.at_ms).bind(row.who);
        self.run(sql.bind(row.what).bind(row.detail).bind(row.hash)).await?;
        Ok(())
    }
}

/// What a look over a whole log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// So many rows follow one another; the last one's hash.
    Sound(i64, String),
    /// The first row that does not follow the one before: it was changed, or one before it is gone.
    Broken(i64),
}

/// Rows read at once while a log is looked over.
const STRIDE: i64 = 1_000;

impl Db {
    /// Looks over a merchant's whole log, row by row from the first.
    pub async fn verify_audit(&self, merchant: &MerchantId) -> Result<Chain, DbError> {
        let (mut seq, mut before) = (0, String::new());
        loop {
            let sql = query(
                "SELECT seq, at_ms, who, what, detail, hash FROM audit
                 WHERE merchant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            );
            let sql = sql.bind(merchant.to_string()).bind(seq).bind(STRIDE);
            let rows: Vec<AuditRow> = self.all(sql).await?;
            for row in &rows {
                if row.seq != seq + 1 || row.hash != row.expected_hash(&before) {
                    return Ok(Chain::Broken(row.seq));
                }
                seq = row.seq;
                before.clone_from(&row.hash);
            }
            if rows.is_empty() {
                return Ok(Chain::Sound(seq, before));
            }
        }
    }

    /// A merchant's log, the newest first, at most `limit` rows below `before`.
    pub async fn audit_rows(
        &self,
        merchant: &MerchantId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AuditRow>, DbError> {
        let sql = query(
            "SELECT seq, at_ms, who, what, detail, hash FROM audit
             WHERE merchant_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        );
        self.all(sql.bind(merchant.to_string()).bind(before).bind(limit)).await
    }
}
