//! What a store took, added up for the dashboard, and its sales by what is looked for.

use sqlx::query;

use super::sale::Sale;
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

/// What a list of sales is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `all`, `paid`, `open`, `look`, `voided`, `refunded`.
    pub show: String,
    /// Words in the sale's name or the cashier's, lower case; empty for any.
    pub words: String,
    /// What the receipt number begins with, upper case; empty for any.
    pub prefix: String,
    /// The receipt number; below zero for none.
    pub number: i64,
    /// The total in minor units; below zero for none.
    pub amount: i64,
}

/// The place after which a list goes on: the newest sales come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When the last one shown was opened.
    pub opened_ms: i64,
    /// Its id.
    pub id: String,
}

impl Place {
    /// Before the newest.
    #[must_use]
    pub fn start() -> Self {
        Self { opened_ms: i64::MAX, id: String::new() }
    }
}

/// A sale and the prefix of its till.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// The sale.
    #[sqlx(flatten)]
    pub sale: Sale,
    /// What its receipt number begins with.
    pub prefix: String,
    /// 1 when something about its money wants a decision.
    pub look: i64,
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
                 AND receipt_number IS NOT NULL
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
                 AND sale.closed_ms < $4 AND sale.receipt_number IS NOT NULL
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
                 AND receipt_number IS NOT NULL AND tip > 0
             GROUP BY staff_name ORDER BY 2 DESC, 1",
        );
        let sql = sql.bind(store.to_string()).bind(money.to_owned());
        self.all(sql.bind(span.from.0).bind(span.until.0)).await
    }

    /// Offers of a store whose outcome is not known, and what they ask for in minor units.
    pub async fn unknown_offers(&self, store: &StoreId) -> Result<(i64, i64), DbError> {
        let sql = query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM attempt
             WHERE store_id = $1 AND state = 'unknown'",
        );
        self.one(sql.bind(store.to_string())).await
    }

    /// Sales of a store that are looked for, the newest first, at most `limit` after `place`.
    pub async fn find_sales(
        &self,
        store: &StoreId,
        wanted: &Wanted,
        place: &Place,
        limit: i64,
    ) -> Result<Vec<Listed>, DbError> {
        let sql = query(
            "SELECT * FROM (
                 SELECT sale.*, till.prefix AS prefix, CASE WHEN EXISTS (
                     SELECT 1 FROM payment WHERE payment.sale_id = sale.id
                         AND given_back_ms IS NULL AND (owed > 0 OR owed_msat > 0)
                     ) OR EXISTS (
                     SELECT 1 FROM attempt WHERE attempt.sale_id = sale.id AND state = 'unknown'
                     ) THEN 1 ELSE 0 END AS look
                 FROM sale JOIN till ON till.id = sale.till_id WHERE sale.store_id = $1
             ) AS listed
             WHERE (opened_ms < $2 OR (opened_ms = $2 AND id < $3))
                 AND ($4 = 'all' OR ($4 = 'look' AND look = 1) OR state = $4
                     OR ($4 = 'refunded' AND state = 'part_refunded'))
                 AND ($5 = '' OR LOWER(name) LIKE $6 ESCAPE '!' OR LOWER(staff_name) LIKE $6 ESCAPE '!'
                     OR ($8 >= 0 AND receipt_number = $8 AND ($7 = '' OR prefix = $7))
                     OR ($9 >= 0 AND (total = $9 OR total + rounding = $9)))
             ORDER BY opened_ms DESC, id DESC LIMIT $10",
        );
        let like = format!("%{}%", escape(&wanted.words));
        let sql = sql.bind(store.to_string()).bind(place.opened_ms).bind(place.id.clone());
        let sql = sql.bind(wanted.show.clone()).bind(wanted.words.clone()).bind(like);
        let sql = sql.bind(wanted.prefix.clone()).bind(wanted.number).bind(wanted.amount);
        self.all(sql.bind(limit)).await
    }
}

fn escape(words: &str) -> String {
    words.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
