//! Postings and their entries. Only `ledger` writes here, and only what balances.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, PaymentId, PostingId, SaleId, StoreId};
use crate::domain::time::Time;

/// The head of a posting.
#[derive(Debug, Clone)]
pub struct PostingRow {
    /// Its id.
    pub id: PostingId,
    /// Whose books.
    pub merchant_id: MerchantId,
    /// Which store.
    pub store_id: StoreId,
    /// The sale it is about.
    pub sale_id: Option<SaleId>,
    /// The payment it is about.
    pub payment_id: Option<PaymentId>,
    /// A dotted word.
    pub reason: String,
}

/// One line of a posting.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// Which account: `drawer`, `lightning`, `sales`.
    pub account: String,
    /// `msat`, or a currency code in minor units.
    pub unit: String,
    /// `debit` or `credit`.
    pub side: String,
    /// Above zero.
    pub amount: i64,
}

/// What an account holds in one unit: debits less credits.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Balance {
    /// Which account.
    pub account: String,
    /// In which unit.
    pub unit: String,
    /// Debits less credits.
    pub balance: i64,
}

/// A line of the books with its posting's head, for a trail.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BookedRow {
    /// Which posting.
    pub posting_id: String,
    /// Its dotted word.
    pub reason: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Which account.
    pub account: String,
    /// In which unit.
    pub unit: String,
    /// `debit` or `credit`.
    pub side: String,
    /// Above zero.
    pub amount: i64,
}

impl Tx {
    /// Writes a posting.
    pub async fn add_posting(
        &mut self,
        head: &PostingRow,
        entries: &[EntryRow],
        now: Time,
    ) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO posting (id, merchant_id, store_id, sale_id, payment_id, reason, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let sql = sql.bind(head.id.to_string()).bind(head.merchant_id.to_string());
        let sql = sql.bind(head.store_id.to_string());
        let sql = sql.bind(head.sale_id.as_ref().map(ToString::to_string));
        let sql = sql.bind(head.payment_id.as_ref().map(ToString::to_string));
        self.run(sql.bind(head.reason.clone()).bind(now.0)).await?;
        for (line, entry) in (1i64..).zip(entries) {
            let sql = query(
                "INSERT INTO entry (posting_id, line, account, unit, side, amount)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            );
            let entry = entry.clone();
            let sql = sql.bind(head.id.to_string()).bind(line).bind(entry.account);
            self.run(sql.bind(entry.unit).bind(entry.side).bind(entry.amount)).await?;
        }
        Ok(())
    }
}

impl Db {
    /// Every account of a store.
    pub async fn balances(&self, store: &StoreId) -> Result<Vec<Balance>, DbError> {
        let sql = query(
            "SELECT account, unit, CAST(COALESCE(SUM(CASE side WHEN 'debit' THEN amount
                 ELSE -amount END), 0) AS BIGINT) AS balance
             FROM entry JOIN posting ON posting.id = entry.posting_id
             WHERE store_id = $1 GROUP BY account, unit ORDER BY account, unit",
        );
        self.all(sql.bind(store.to_string())).await
    }

    /// How a sale was booked, in order.
    pub async fn booked(&self, sale: &SaleId) -> Result<Vec<BookedRow>, DbError> {
        let sql = query(
            "SELECT posting_id, reason, at_ms, account, unit, side, amount
             FROM entry JOIN posting ON posting.id = entry.posting_id
             WHERE sale_id = $1 ORDER BY posting_id, line",
        );
        self.all(sql.bind(sale.to_string())).await
    }

    /// Postings that do not balance in some unit; there must never be one.
    pub async fn unbalanced_postings(&self) -> Result<Vec<String>, DbError> {
        let sql = query(
            "SELECT posting_id FROM entry GROUP BY posting_id, unit
             HAVING SUM(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0",
        );
        let rows: Vec<(String,)> = self.all(sql).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
