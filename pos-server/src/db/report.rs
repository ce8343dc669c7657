//! What a store took, added up for the dashboard. A sale counts by its state: one that was paid,
//! had its money taken back and was cancelled keeps its receipt number, and took nothing.

use sqlx::query;

use super::{Db, DbError};
use crate::domain::id::StoreId;
use crate::domain::time::Time;

/// From one instant until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub from: Time,
    /// The first instant after.
    pub until: Time,
}

/// What was taken in an hour since the span's beginning; minor units.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Hour {
    /// Hours since the beginning.
    pub hour: i64,
    /// Sales that were paid.
    pub sales: i64,
    /// What they came to.
    pub taken: i64,
}

/// What came over one rail; minor units.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tender {
    /// `lnd`, `sandbox`, `cash`.
    pub rail: String,
    /// What went to sales.
    pub taken: i64,
}

/// What was tipped on somebody's sales; minor units.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tips {
    /// The name at the time.
    pub staff_name: String,
    /// The tips.
    pub tips: i64,
}

impl Db {
    /// What was taken by hour; `money` keeps practice out of the real.
    pub async fn taken_by_hour(
        &self,
        store: &StoreId,
        money: &str,
        span: Span,
    ) -> Result<Vec<Hour>, DbError> {
        let sql = query(
            "SELECT (closed_ms - $3) / 3600000 AS hour, COUNT(*) AS sales,
                 CAST(SUM(total + rounding) AS BIGINT) AS taken
             FROM sale WHERE store_id = $1 AND money = $2 AND closed_ms >= $3 AND closed_ms < $4
                 AND state IN ('paid', 'part_refunded', 'refunded')
             GROUP BY (closed_ms - $3) / 3600000 ORDER BY 1",
        );
        let sql = sql.bind(store.to_string()).bind(money.to_owned());
        self.all(sql.bind(span.from.0).bind(span.until.0)).await
    }

    /// What was taken over each rail.
    pub async fn taken_by_rail(
        &self,
        store: &StoreId,
        money: &str,
        span: Span,
    ) -> Result<Vec<Tender>, DbError> {
        let sql = query(
            "SELECT payment.rail, CAST(SUM(payment.credited) AS BIGINT) AS taken
             FROM payment JOIN sale ON sale.id = payment.sale_id
             WHERE sale.store_id = $1 AND sale.money = $2 AND sale.closed_ms >= $3
                 AND sale.closed_ms < $4 AND sale.state IN ('paid', 'part_refunded', 'refunded')
             GROUP BY payment.rail ORDER BY 2 DESC, 1",
        );
        let sql = sql.bind(store.to_string()).bind(money.to_owned());
        self.all(sql.bind(span.from.0).bind(span.until.0)).await
    }

    /// What was tipped on whose sales.
    pub async fn tips_by_staff(
        &self,
        store: &StoreId,
        money: &str,
        span: Span,
    ) -> Result<Vec<Tips>, DbError> {
        let sql = query(
            "SELECT staff_name, CAST(SUM(tip) AS BIGINT) AS tips FROM sale
             WHERE store_id = $1 AND money = $2 AND closed_ms >= $3 AND closed_ms < $4
                 AND state IN ('paid', 'part_refunded', 'refunded') AND tip > 0
             GROUP BY staff_name ORDER BY 2 DESC, 1",
        );
        let sql = sql.bind(store.to_string()).bind(money.to_owned());
        self.all(sql.bind(span.from.0).bind(span.until.0)).await
    }

    /// What a paid sale came to on average in a span, minor units; none if there was none.
    pub async fn usual_sale(
        &self,
        store: &StoreId,
        money: &str,
        span: Span,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM sale
             WHERE store_id = $1 AND money = $2 AND closed_ms >= $3 AND closed_ms < $4
                 AND state IN ('paid', 'part_refunded', 'refunded')",
        );
        let sql = sql.bind(store.to_string()).bind(money.to_owned());
        let row: (i64, i64) = self.one(sql.bind(span.from.0).bind(span.until.0)).await?;
        Ok(row.1.checked_div(row.0))
    }

    /// Offers of a store whose outcome is not known, and what they ask for in minor units.
    pub async fn unknown_offers(&self, store: &StoreId) -> Result<(i64, i64), DbError> {
        let sql = query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM attempt
             WHERE store_id = $1 AND state = 'unknown'",
        );
        self.one(sql.bind(store.to_string())).await
    }
}
