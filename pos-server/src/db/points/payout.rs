//! Points on their way to a balance at BTCPay.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// Points that left a card, to become balance at BTCPay.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PointsPayout {
    /// Its id, a UUID.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `reserved`, `sent`, `completed`, `cancelled` or `unknown`.
    pub state: String,
    /// How many points.
    pub points: i64,
    /// What they become, millisatoshi.
    pub msat: i64,
    /// The payout's own id at BTCPay, once it is known.
    pub reference: Option<String>,
    /// Epoch milliseconds.
    pub created_ms: i64,
    /// Epoch milliseconds of the last change.
    pub changed_ms: i64,
}

impl Tx {
    /// Adds a payout.
    pub async fn add_points_payout(&mut self, payout: &PointsPayout) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO points_payout (id, card_id, merchant_id, store_id, state, points, msat,
                 reference, created_ms, changed_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        );
        let payout = payout.clone();
        let sql = sql.bind(payout.id).bind(payout.card_id).bind(payout.merchant_id.to_string());
        let sql = sql.bind(payout.store_id.to_string()).bind(payout.state).bind(payout.points);
        let sql = sql.bind(payout.msat).bind(payout.reference).bind(payout.created_ms);
        self.run(sql.bind(payout.changed_ms)).await?;
        Ok(())
    }

    /// Moves a payout on that is not final; false if it is. A reference that is known stays.
    pub async fn move_points_payout(
        &mut self,
        id: &str,
        to: &str,
        reference: Option<&str>,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_payout SET state = $2, reference = COALESCE(reference, $3),
                 changed_ms = $4
             WHERE id = $1 AND state IN ('reserved', 'sent', 'unknown')",
        );
        let sql = sql.bind(id.to_owned()).bind(to.to_owned());
        let sql = sql.bind(reference.map(ToOwned::to_owned)).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// A payout.
    pub async fn points_payout(&mut self, id: &str) -> Result<PointsPayout, DbError> {
        self.one(query("SELECT * FROM points_payout WHERE id = $1").bind(id.to_owned())).await
    }
}

impl Db {
    /// Payouts that are not final, those that were looked at longest ago first.
    pub async fn points_payouts_under_way(&self, limit: i64) -> Result<Vec<PointsPayout>, DbError> {
        let sql = query(
            "SELECT * FROM points_payout WHERE state IN ('reserved', 'sent', 'unknown')
             ORDER BY changed_ms, id LIMIT $1",
        );
        self.all(sql.bind(limit)).await
    }
}
