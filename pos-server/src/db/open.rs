//! Opens either database by its address, brings the schema up to date.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};

use super::{Db, DbError, Kind};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

// WAL with FULL: a commit that was answered survives a power cut. The WAL is written back after
// 16 MB, so that few commits wait for it; small caches, since the system's own holds the file.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA wal_autocheckpoint = 4000; \
     PRAGMA cache_size = -2000";

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 20;

/// How long one waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a writer waits in SQLite's line: a sweep may be before it.
const WRITER_PATIENCE: Duration = Duration::from_secs(30);

/// A connection that rested for so long is asked whether it is still there. One in steady use is
/// not: that would double the trips of every read.
const RESTED: Duration = Duration::from_secs(1);

impl Db {
    /// Opens `sqlite:path/to/file` (made if missing) or `postgres://…`, and runs the migrations.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        let (kind, url) = address(url)?;
        let options = AnyConnectOptions::from_str(&url)
            .map_err(|_| DbError::Address("the database address cannot be read".into()))?;
        let (pool, writer) = match kind {
            Kind::Sqlite => {
                let one = pool(kind, 1).acquire_timeout(WRITER_PATIENCE);
                let writer = one.connect_with(options.clone()).await?;
                (pool(kind, SQLITE_READERS).connect_with(options).await?, writer)
            }
            Kind::Postgres => {
                let pool = pool(kind, POSTGRES_CONNECTIONS).connect_with(options).await?;
                (pool.clone(), pool)
            }
        };
        MIGRATIONS.run(&writer).await?;
        Ok(Self { pool, writer, kind, url: Arc::from(url) })
    }

    /// True when the database answers.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }
}

fn address(url: &str) -> Result<(Kind, String), DbError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((Kind::Postgres, url.to_owned()));
    }
    let Some(path) = url.strip_prefix("sqlite:") else {
        let words = "the database address must begin with sqlite: or postgres://";
        return Err(DbError::Address(words.into()));
    };
    if path.contains(":memory:") {
        let words = "a database in memory would lose money; give a file";
        return Err(DbError::Address(words.into()));
    }
    Ok((Kind::Sqlite, format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' })))
}

fn pool(kind: Kind, connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if kind == Kind::Sqlite {
                    sqlx::raw_sql(SQLITE_SETTINGS).execute(connection).await?;
                }
                Ok(())
            })
        })
        .test_before_acquire(false)
        .before_acquire(|connection: &mut AnyConnection, about| {
            Box::pin(async move {
                if about.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}
