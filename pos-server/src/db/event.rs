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
    /// Writes the next event of a sale; on PostgreSQL the commit tells every replica. The caller
    /// holds the sale's lock, or two would take the same number and one of them fail.
    pub async fn add_event(
        &mut self,
        merchant: &MerchantId,
        sale: &SaleId,
        kind: &str,
        body: &serde_json::Value,
        now: Time,
    ) -> Result<(), DbError> {
        let sql = match self.kind() {
            Kind::Postgres => query(
                "INSERT INTO event (sale_id, seq, merchant_id, kind, body, at_ms)
                 SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5
                 FROM event WHERE sale_id = $1 RETURNING CAST(pg_notify($6, $1) AS TEXT)",
            ),
            Kind::Sqlite => query(
                "INSERT INTO event (sale_id, seq, merchant_id, kind, body, at_ms)
                 SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5
                 FROM event WHERE sale_id = $1",
            ),
        };
        let sql = sql.bind(sale.to_string()).bind(merchant.to_string()).bind(kind.to_owned());
        let sql = sql.bind(body.to_string()).bind(now.0);
        let tell = self.kind() == Kind::Postgres;
        self.run(if tell { sql.bind(CHANNEL) } else { sql }).await?;
        Ok(())
    }
}

impl Db {
    /// The whole story of a sale.
    pub async fn events(&self, sale: &SaleId) -> Result<Vec<Event>, DbError> {
        let sql = query("SELECT seq, kind, body, at_ms FROM event WHERE sale_id = $1 ORDER BY seq");
        self.all(sql.bind(sale.to_string())).await
    }
}
