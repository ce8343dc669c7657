//! The last good value of each rate source, so that its age goes on across a restart.

use rust_decimal::Decimal;
use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::time::Time;

/// A value of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// The source's name.
    pub source: String,
    /// What it prices: `BTC/USD`, `USD/JMD`.
    pub pair: String,
    /// Best price offered, or the rate.
    pub bid: Decimal,
    /// Best price asked, or the rate again.
    pub ask: Decimal,
    /// When it was true.
    pub at: Time,
    /// True if the source says when; else `at` is when its answer came.
    pub stamped: bool,
    /// When the value last changed.
    pub moved_at: Time,
    /// When its answer came.
    pub heard_at: Time,
    /// The date of publication of a daily rate.
    pub published: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Raw {
    source: String,
    pair: String,
    bid: String,
    ask: String,
    at_ms: i64,
    stamped: i64,
    moved_ms: i64,
    heard_ms: i64,
    published: Option<String>,
}

/// All values; there are never more than sources times currencies.
pub async fn load(db: &Db) -> Result<Vec<RateRow>, DbError> {
    let rows: Vec<Raw> = db
        .all(query(
            "SELECT source, pair, bid, ask, at_ms, stamped, moved_ms, heard_ms, published
             FROM rate_last ORDER BY source, pair",
        ))
        .await?;
    rows.into_iter().map(RateRow::try_from).collect()
}

/// Keeps a value, unless a later answer of the same source is kept already: replicas each ask.
pub async fn save(tx: &mut Tx, row: &RateRow) -> Result<(), DbError> {
    let sql = "INSERT INTO rate_last
                   (source, pair, bid, ask, at_ms, stamped, moved_ms, heard_ms, published)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (source, pair) DO UPDATE SET
                   bid = excluded.bid, ask = excluded.ask, at_ms = excluded.at_ms,
                   stamped = excluded.stamped, moved_ms = excluded.moved_ms,
                   heard_ms = excluded.heard_ms, published = excluded.published
               WHERE rate_last.heard_ms <= excluded.heard_ms";
    let query = query(sql)
        .bind(row.source.clone())
        .bind(row.pair.clone())
        .bind(row.bid.to_string())
        .bind(row.ask.to_string())
        .bind(row.at.0)
        .bind(i64::from(row.stamped))
        .bind(row.moved_at.0)
        .bind(row.heard_at.0)
        .bind(row.published.clone());
    tx.run(query).await?;
    Ok(())
}

impl TryFrom<Raw> for RateRow {
    type Error = DbError;

    fn try_from(raw: Raw) -> Result<Self, DbError> {
        let number = |text: &str| {
            text.parse::<Decimal>()
                .map_err(|_| DbError::Unreadable(format!("a rate of {}", raw.source)))
        };
        Ok(Self {
            bid: number(&raw.bid)?,
            ask: number(&raw.ask)?,
            at: Time(raw.at_ms),
            stamped: raw.stamped != 0,
            moved_at: Time(raw.moved_ms),
            heard_at: Time(raw.heard_ms),
            published: raw.published,
            source: raw.source,
            pair: raw.pair,
        })
    }
}
