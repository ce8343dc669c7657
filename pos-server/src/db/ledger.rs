//! Postings and their entries. Only `ledger` writes here, and only what balances.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, PaymentId, PostingId, SaleId, StoreId};
use crate::domain::time::Time;

/// Lines of a posting that are written by one statement: no posting of ours has more.
const AT_ONCE: usize = 6;

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
        for (first, some) in (1..).step_by(AT_ONCE).zip(entries.chunks(AT_ONCE)) {
            self.add_entries(&head.id, first, some).await?;
        }
        Ok(())
    }

    /// Writes up to [`AT_ONCE`] lines in one statement; places that are not needed stay empty.
    async fn add_entries(
        &mut self,
        posting: &PostingId,
        first: i64,
        entries: &[EntryRow],
    ) -> Result<(), DbError> {
        let mut sql = query(
            "INSERT INTO entry (posting_id, line, account, unit, side, amount)
             SELECT $1, $2 + column1, column2, column3, column4, column5
             FROM (VALUES
                 (0, $3, $4, $5, CAST($6 AS BIGINT)),
                 (1, $7, $8, $9, CAST($10 AS BIGINT)),
                 (2, $11, $12, $13, CAST($14 AS BIGINT)),
                 (3, $15, $16, $17, CAST($18 AS BIGINT)),
                 (4, $19, $20, $21, CAST($22 AS BIGINT)),
                 (5, $23, $24, $25, CAST($26 AS BIGINT))
             ) AS lines WHERE column2 IS NOT NULL",
        );
        sql = sql.bind(posting.to_string()).bind(first);
        for place in 0..AT_ONCE {
            let entry = entries.get(place).cloned();
            let amount = entry.as_ref().map(|entry| entry.amount);
            let words = entry.map(|entry| [entry.account, entry.unit, entry.side]);
            let [account, unit, side] = words.map_or([None, None, None], |words| words.map(Some));
            sql = sql.bind(account).bind(unit).bind(side).bind(amount);
        }
        self.run(sql).await?;
        Ok(())
    }
}

impl Db {
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
