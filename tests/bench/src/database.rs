//! Fresh databases of both kinds, and how many transactions each made durable, told by the database
//! itself: nothing of ours has to be believed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;

/// A database that nobody else uses.
pub(crate) struct Database {
    /// Its column in the tables.
    pub(crate) column: usize,
    /// Its address.
    pub(crate) url: String,
    /// A folder on the same disk, for all that a server keeps.
    pub(crate) folder: TempDir,
    postgres: Option<PgPool>,
}

/// A folder on a real disk: `/tmp` is often memory, and we measure durable commits.
fn folder() -> Result<TempDir> {
    let near = std::env::var_os("STACK_DIR").map_or_else(|| PathBuf::from("/var/tmp"), Into::into);
    Ok(tempfile::Builder::new().prefix("pos-bench-").tempdir_in(near)?)
}

impl Database {
    pub(crate) fn sqlite() -> Result<Self> {
        let folder = folder()?;
        let url = format!("sqlite:{}", folder.path().join("pos.db").display());
        Ok(Self { column: 0, url, folder, postgres: None })
    }

    /// A new database on the stack's PostgreSQL.
    pub(crate) async fn postgres(name: &str) -> Result<Self> {
        let server = std::env::var("TEST_POSTGRES_URL")
            .context("TEST_POSTGRES_URL is not set: run make bench")?;
        let options: PgConnectOptions = server.parse()?;
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let settings =
            sqlx::query("SELECT current_setting('fsync') || current_setting('synchronous_commit')");
        let settings: String = settings.fetch_one(&pool).await?.get(0);
        anyhow::ensure!(settings == "onon", "this PostgreSQL does not make commits durable");
        let name = format!("bench_{}_{name}", std::process::id());
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await?;
        let pool =
            PgPoolOptions::new().max_connections(1).connect_with(options.database(&name)).await?;
        let (server, _) = server.rsplit_once('/').context("postgres://host/database")?;
        let url = format!("{server}/{name}");
        Ok(Self { column: 1, url, folder: folder()?, postgres: Some(pool) })
    }

    /// How many transactions that wrote were ever committed here.
    ///
    /// SQLite counts them in the head of its WAL index (`iChange`); PostgreSQL gives a number to each
    /// transaction that writes, and to no other.
    pub(crate) async fn commits(&self) -> Result<u64> {
        let Some(pool) = &self.postgres else {
            let index = std::fs::read(self.folder.path().join("pos.db-shm"))?;
            let count = index.get(8..12).context("a WAL index")?;
            return Ok(u32::from_ne_bytes(count.try_into()?).into());
        };
        let next = sqlx::query("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        Ok(u64::try_from(next.fetch_one(pool).await?.get::<i64, _>(0))?)
    }
}
