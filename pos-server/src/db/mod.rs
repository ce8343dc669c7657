//! The database: SQL only, one file per table group, and the only place that knows sqlx.
//!
//! One SQL text serves SQLite and PostgreSQL, by these rules:
//! 1. columns are TEXT, BIGINT or BYTEA; flags are 0 or 1; placeholders are `$n`;
//! 2. a sum is `CAST(COALESCE(SUM(x), 0) AS BIGINT)`;
//! 3. no query is put together at run time;
//! 4. `begin` picks the BEGIN; contention is settled by guarded `UPDATE … WHERE state = $n`;
//! 5. a conflict is `ON CONFLICT DO NOTHING` and the rows counted: after an error inside a
//!    transaction PostgreSQL only rolls back.

pub mod api_token;
pub mod attempt;
pub mod audit;
pub mod card;
pub mod catalog;
pub mod connection;
pub mod consent;
pub mod delivery;
pub mod event;
pub mod hints;
pub mod idempotency;
pub mod ledger;
pub mod merchant;
mod open;
pub mod parked;
pub mod payment;
pub mod points;
pub mod rate;
pub mod report;
pub mod sale;
pub mod session;
pub mod staff;
pub mod store;
pub mod story;
pub mod till;

use std::sync::Arc;

use sqlx::AnyPool;
use sqlx::any::{AnyQueryResult, AnyRow};
use sqlx::{Any, FromRow, Transaction};

/// A query for either database.
pub(crate) type Query = sqlx::query::Query<'static, Any, sqlx::any::AnyArguments>;

/// What can go wrong at the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// It is away, full, or broke off; nothing of the transaction happened, or it is not known.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A row that the request needs is not there, or belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// A row holds what no code of ours wrote.
    #[error("the database holds something unreadable: {0}")]
    Unreadable(String),
    /// The database address cannot be used.
    #[error("{0}")]
    Address(String),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::ColumnDecode { .. } => Self::Unreadable(error.to_string()),
            other => Self::Unavailable(other),
        }
    }
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One file, one machine.
    Sqlite,
    /// A server, many machines.
    Postgres,
}

/// The database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: AnyPool,
    // SQLite has one writer: a pool of one connection, for which all wait in a fair line, as its
    // busy loop is not. Elsewhere the same pool.
    writer: AnyPool,
    kind: Kind,
    url: Arc<str>,
}

/// A transaction that writes. Dropped without `commit`, it never was.
pub struct Tx {
    inner: Transaction<'static, Any>,
    kind: Kind,
}

impl Db {
    /// Begins a transaction; on SQLite it is the only one that writes.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let begin = match self.kind {
            Kind::Postgres => "BEGIN",
            Kind::Sqlite => "BEGIN IMMEDIATE",
        };
        Ok(Tx { inner: self.writer.begin_with(begin).await?, kind: self.kind })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The address it was opened with, for a listener of its own. Holds the password: never print.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn one<T>(&self, query: Query) -> Result<T, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        Ok(T::from_row(&query.fetch_one(&self.pool).await?)?)
    }

    pub(crate) async fn maybe<T>(&self, query: Query) -> Result<Option<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        let row = query.fetch_optional(&self.pool).await?;
        Ok(row.map(|row| T::from_row(&row)).transpose()?)
    }

    pub(crate) async fn all<T>(&self, query: Query) -> Result<Vec<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        let rows = query.fetch_all(&self.pool).await?;
        Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
    }

    /// Runs one statement as a transaction of its own; answers how many rows it touched.
    pub(crate) async fn run(&self, query: Query) -> Result<u64, DbError> {
        let mut tx = self.begin().await?;
        let touched = tx.run(query).await?;
        tx.commit().await?;
        Ok(touched)
    }

    /// Runs one statement that writes and answers at most one row, as a transaction of its own.
    pub(crate) async fn maybe_write<T>(&self, query: Query) -> Result<Option<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        let mut tx = self.begin().await?;
        let row = tx.maybe(query).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes rows that are due for work, as a transaction of its own. `due` finds one of them and is
    /// asked first: where nothing is due, nobody waits in the line of those who write.
    pub(crate) async fn claim<T>(&self, due: Query, take: Query) -> Result<Vec<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        if self.maybe::<(String,)>(due).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let mine = tx.all(take).await?;
        tx.commit().await?;
        Ok(mine)
    }

    /// Closes all connections; what is under way ends first.
    pub async fn close(&self) {
        self.pool.close().await;
        self.writer.close().await;
    }
}

impl Tx {
    /// Makes it so, durably.
    pub async fn commit(self) -> Result<(), DbError> {
        Ok(self.inner.commit().await?)
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) async fn one<T>(&mut self, query: Query) -> Result<T, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        Ok(T::from_row(&query.fetch_one(&mut *self.inner).await?)?)
    }

    pub(crate) async fn maybe<T>(&mut self, query: Query) -> Result<Option<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        let row = query.fetch_optional(&mut *self.inner).await?;
        Ok(row.map(|row| T::from_row(&row)).transpose()?)
    }

    pub(crate) async fn all<T>(&mut self, query: Query) -> Result<Vec<T>, DbError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        let rows = query.fetch_all(&mut *self.inner).await?;
        Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn run(&mut self, query: Query) -> Result<u64, DbError> {
        let done: AnyQueryResult = query.execute(&mut *self.inner).await?;
        Ok(done.rows_affected())
    }
}
