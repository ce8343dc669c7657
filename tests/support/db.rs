//! Fresh databases: a file of SQLite, and a database of its own on the PostgreSQL server at
//! `TEST_POSTGRES_URL`. Without that server a test fails by name; it is never skipped.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use pos_server::db::Db;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database that nobody else uses, gone when dropped.
pub(crate) struct Fresh {
    /// The database, migrated.
    pub(crate) db: Db,
    /// Its address, for a second server on it.
    pub(crate) url: String,
    /// A folder of its own, for what else a server keeps.
    pub(crate) folder: TempDir,
    on_server: Option<String>,
}

impl Fresh {
    /// A new SQLite file.
    pub(crate) async fn sqlite() -> Self {
        Self::sqlite_in(tempfile::tempdir().expect("a folder")).await
    }

    /// A new SQLite file that a power cut would take, where the machine has such a place: for many
    /// thousands of commits.
    pub(crate) async fn sqlite_in_memory_of_the_machine() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self::sqlite_in(folder.expect("a folder")).await
    }

    /// A copy of a file that is migrated once.
    async fn sqlite_in(folder: TempDir) -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let address = |path: &Path| format!("sqlite:{}", path.display());
        let template = TEMPLATE
            .get_or_init(|| async {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("pos.db");
                Db::open(&address(&path)).await.expect("a migrated file").close().await;
                std::fs::read(path).expect("the file")
            })
            .await;
        let path = folder.path().join("pos.db");
        std::fs::write(&path, template).expect("a copy");
        let url = address(&path);
        let db = Db::open(&url).await.expect("a new SQLite file");
        Self { db, url, folder, on_server: None }
    }

    /// A new database on the PostgreSQL server, copied from one that is migrated once.
    pub(crate) async fn postgres() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(|| async {
                let name = new_name();
                run(format!("CREATE DATABASE {name}")).await;
                Db::open(&address(&name)).await.expect("a migrated database").close().await;
                name
            })
            .await;
        let name = new_name();
        run(format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")).await;
        let url = address(&name);
        let db = Db::open(&url).await.expect("a new PostgreSQL database");
        let folder = tempfile::tempdir().expect("a folder");
        Self { db, url, folder, on_server: Some(name) }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Some(name) = self.on_server.take() else { return };
        // A runtime of its own: this one may be ending.
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(run(format!("DROP DATABASE {name} WITH (FORCE)")));
        };
        // A test that failed already must not abort over a database left behind.
        let _ = std::thread::spawn(drop).join();
    }
}

fn server() -> String {
    let missing = "TEST_POSTGRES_URL must name a PostgreSQL server on which CREATE DATABASE is \
        allowed; `make test` starts one";
    std::env::var("TEST_POSTGRES_URL").expect(missing)
}

fn address(name: &str) -> String {
    let server = server();
    let (host, _) = server.rsplit_once('/').expect("postgres://host/database");
    format!("{host}/{name}")
}

fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut salt = [0u8; 4];
    rand::fill(&mut salt);
    format!("test_{}_{}_{count}", std::process::id(), hex::encode(salt))
}

async fn run(sql: String) {
    let options: sqlx::postgres::PgConnectOptions = server().parse().expect("an address");
    let mut connection = options.connect().await.expect("the PostgreSQL server answers");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("its answer is yes");
    connection.close().await.expect("it lets go");
}

/// Makes of each `async fn name(fresh: Fresh)` two tests, `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$note:meta])* async fn $name:ident($fresh:ident: Fresh) $body:block)+) => {$(
        $(#[$note])*
        async fn $name($fresh: $crate::support::db::Fresh) $body

        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::support::db::Fresh::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name($crate::support::db::Fresh::postgres().await).await;
            }
        }
    )+};
}
