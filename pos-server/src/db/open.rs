//! Opens either database by its address, brings the schema up to date.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use tokio::sync::Semaphore;

use super::{Db, DbError, Kind};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

// WAL with FULL: a commit that was answered survives a power cut.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -8000";

impl Db {
    /// Opens `sqlite:path/to/file` (made if missing) or `postgres://…`, and runs the migrations.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        let (kind, url) = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            (Kind::Postgres, url.to_owned())
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            if path.contains(":memory:") {
                let words = "a database in memory would lose money; give a file";
                return Err(DbError::Address(words.into()));
            }
            (Kind::Sqlite, format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' }))
        } else {
            let words = "the database address must begin with sqlite: or postgres://";
            return Err(DbError::Address(words.into()));
        };
        let options = AnyConnectOptions::from_str(&url)
            .map_err(|_| DbError::Address("the database address cannot be read".into()))?;
        let pool = AnyPoolOptions::new()
            .max_connections(if kind == Kind::Sqlite { 8 } else { 20 })
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if kind == Kind::Sqlite {
                        sqlx::raw_sql(SQLITE_SETTINGS).execute(connection).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        MIGRATIONS.run(&pool).await?;
        Ok(Self { pool, kind, url: Arc::from(url), writer: Arc::new(Semaphore::new(1)) })
    }

    /// True when the database answers.
    pub async fn answers(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }
}
