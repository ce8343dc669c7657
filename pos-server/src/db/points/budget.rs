//! Budgets of programmes and events. What is promised and spent is never more than there is: each
//! change is one statement that looks and acts.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::domain::id::MerchantId;

/// What may be given in all.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Budget {
    /// The programme's id, or the event's.
    pub id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// So many points at most, if there is a limit.
    pub most: Option<i64>,
    /// Set aside for sales that are not final.
    pub promised: i64,
    /// Given.
    pub spent: i64,
}

impl Budget {
    /// What can still be promised; none for no limit.
    #[must_use]
    pub fn left(&self) -> Option<i64> {
        let used = self.promised.saturating_add(self.spent);
        self.most.map(|most| most.saturating_sub(used).max(0))
    }
}

impl Tx {
    /// Makes a budget, unless there is one.
    pub async fn add_budget(&mut self, id: &str, merchant: &MerchantId) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO points_budget (id, merchant_id, most) VALUES ($1, $2, 0)
             ON CONFLICT DO NOTHING",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(merchant.to_string())).await? == 1)
    }

    /// A budget, locked until the commit: who reads it decides alone.
    pub async fn lock_budget(&mut self, id: &str) -> Result<Budget, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => query("SELECT * FROM points_budget WHERE id = $1 FOR UPDATE"),
            Kind::Sqlite => query("SELECT * FROM points_budget WHERE id = $1"),
        };
        self.one(sql.bind(id.to_owned())).await
    }

    /// Changes the limit; false if more than that is given or promised already.
    pub async fn set_budget(&mut self, id: &str, most: Option<i64>) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_budget SET most = $2
             WHERE id = $1 AND ($2 IS NULL OR promised + spent <= $2)",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(most)).await? == 1)
    }

    /// Sets points aside; false if there are not so many.
    pub async fn promise_points(&mut self, id: &str, points: i64) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_budget SET promised = promised + $2
             WHERE id = $1 AND (most IS NULL OR promised + spent + $2 <= most)",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(points)).await? == 1)
    }

    /// Gives points that were set aside; false if they were not.
    pub async fn spend_points(&mut self, id: &str, points: i64) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_budget SET promised = promised - $2, spent = spent + $2
             WHERE id = $1 AND promised >= $2",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(points)).await? == 1)
    }

    /// Frees points that were set aside; false if they were not.
    pub async fn release_points(&mut self, id: &str, points: i64) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_budget SET promised = promised - $2 WHERE id = $1 AND promised >= $2",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(points)).await? == 1)
    }

    /// Takes back points that were given, to promise them again or not; false if they were not given.
    pub async fn unspend_points(
        &mut self,
        id: &str,
        points: i64,
        promise: bool,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_budget SET spent = spent - $2, promised = promised + $3
             WHERE id = $1 AND spent >= $2",
        );
        let promised = if promise { points } else { 0 };
        Ok(self.run(sql.bind(id.to_owned()).bind(points).bind(promised)).await? == 1)
    }
}

impl Db {
    /// A budget of this merchant.
    pub async fn budget(&self, merchant: &MerchantId, id: &str) -> Result<Budget, DbError> {
        let sql = query("SELECT * FROM points_budget WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_owned()).bind(merchant.to_string())).await
    }
}
