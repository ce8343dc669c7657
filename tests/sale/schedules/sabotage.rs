//! Makes a chosen write fail, inside the database: what was begun there is undone, as when the
//! server dies, and whoever asked hears only that the database is away.

use pos_server::db::Kind;
use sqlx::{AnyConnection, AssertSqlSafe, query, raw_sql};

use super::super::books::look_in;
use crate::support::db::Fresh;

/// Every table that a verb writes to.
const TABLES: [&str; 9] = [
    "sale",
    "attempt",
    "payment",
    "event",
    "posting",
    "entry",
    "idempotency",
    "till",
    "connection",
];

pub(crate) struct Saboteur {
    kind: Kind,
    pub(crate) desk: AnyConnection,
    armed: bool,
}

impl Saboteur {
    pub(crate) async fn hire(fresh: &Fresh) -> Self {
        let kind = fresh.db.kind();
        let mut desk = look_in(&fresh.url).await;
        let sql = match kind {
            Kind::Sqlite => "CREATE TABLE fuse (left_over BIGINT NOT NULL);
                INSERT INTO fuse VALUES (-1);"
                .to_owned(),
            Kind::Postgres => {
                // No power cut is played here, and waiting for the disk is most of the time.
                let (_, name) = fresh.url.rsplit_once('/').unwrap();
                format!(
                    "ALTER DATABASE {name} SET synchronous_commit = off;
                     CREATE SEQUENCE fuse MINVALUE -1000;
                     CREATE FUNCTION blow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                       IF nextval('fuse') = 0 THEN RAISE EXCEPTION 'sabotage'; END IF;
                       RETURN NEW; END $$;"
                )
            }
        };
        raw_sql(AssertSqlSafe(sql)).execute(&mut desk).await.unwrap();
        // The books of one merchant are read out of thousands.
        for table in ["sale", "event", "posting"] {
            let sql = format!("CREATE INDEX {table}_by_merchant ON {table} (merchant_id)");
            raw_sql(AssertSqlSafe(sql)).execute(&mut desk).await.unwrap();
        }
        for table in TABLES {
            for event in ["INSERT", "UPDATE"] {
                let head = format!("CREATE TRIGGER fuse_{table}_{event} BEFORE {event} ON {table}");
                let sql = match kind {
                    Kind::Sqlite => format!(
                        "{head} WHEN (SELECT left_over FROM fuse) > 0 BEGIN
                           UPDATE fuse SET left_over = left_over - 1;
                           SELECT RAISE(ABORT, 'sabotage') FROM fuse WHERE left_over = 0; END"
                    ),
                    Kind::Postgres => format!("{head} FOR EACH ROW EXECUTE FUNCTION blow()"),
                };
                raw_sql(AssertSqlSafe(sql)).execute(&mut desk).await.unwrap();
            }
        }
        Self { kind, desk, armed: false }
    }

    /// The `nth` write from now on fails, counted from one.
    pub(crate) async fn arm(&mut self, nth: i64) {
        self.armed = true;
        match self.kind {
            Kind::Sqlite => self.set("UPDATE fuse SET left_over = $1", nth).await,
            Kind::Postgres => self.set("SELECT 1::BIGINT FROM setval('fuse', $1)", -nth).await,
        }
    }

    pub(crate) async fn disarm(&mut self) {
        if std::mem::take(&mut self.armed) {
            match self.kind {
                Kind::Sqlite => self.set("UPDATE fuse SET left_over = $1", -1).await,
                Kind::Postgres => self.set("SELECT 1::BIGINT FROM setval('fuse', $1)", 1).await,
            }
        }
    }

    async fn set(&mut self, sql: &'static str, value: i64) {
        query(sql).bind(value).execute(&mut self.desk).await.unwrap();
    }
}
