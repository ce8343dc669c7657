//! What happened to a sale, in order: the live page's outbox and the merchant's trail.

use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::id::{MerchantId, SaleId};
use crate::domain::time::Time;

/// One thing that happened.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    /// Place in the sale's story, from 1 without gaps.
    pub seq: i64,
    /// A dotted word: `payment.arrived`.
    pub kind: String,
    /// More, as JSON.
    pub body: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
}

/// The channel on which PostgreSQL tells other replicas that a sale changed.
pub const CHANNEL: &str = "sale_changed";

impl Tx {
    /// Writes the next event of a sale; on PostgreSQL the commit tells every replica.
    pub async fn add_event(
        &mut self,
        merchant: &MerchantId,
        sale: &SaleId,
        kind: &str,
        body: &serde_json::Value,
        now: Time,
    ) -> Result<i64, DbError> {
        let next = query("UPDATE sale SET seq = seq + 1 WHERE id = $1 RETURNING seq");
        let (seq,): (i64,) = self.one(next.bind(sale.to_string())).await?;
        let sql = query(
            "INSERT INTO event (sale_id, seq, merchant_id, kind, body, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let sql = sql.bind(sale.to_string()).bind(seq).bind(merchant.to_string());
        self.run(sql.bind(kind.to_owned()).bind(body.to_string()).bind(now.0)).await?;
        if self.kind() == Kind::Postgres {
            let tell = query("SELECT 1::BIGINT FROM (SELECT pg_notify($1, $2)) AS told");
            self.run(tell.bind(CHANNEL).bind(sale.to_string())).await?;
        }
        Ok(seq)
    }
}

impl Db {
    /// The whole story of a sale.
    pub async fn events(&self, sale: &SaleId) -> Result<Vec<Event>, DbError> {
        let sql = query("SELECT seq, kind, body, at_ms FROM event WHERE sale_id = $1 ORDER BY seq");
        self.all(sql.bind(sale.to_string())).await
    }

    /// Where a sale's story stands.
    pub async fn sale_seq(&self, sale: &SaleId) -> Result<i64, DbError> {
        let sql = query("SELECT seq FROM sale WHERE id = $1").bind(sale.to_string());
        Ok(self.one::<(i64,)>(sql).await?.0)
    }
}
