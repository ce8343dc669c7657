//! What a merchant's BTCPay sent to our webhook.

use sqlx::query;

use super::{Db, DbError, Kind};
use crate::domain::id::ConnectionId;
use crate::domain::time::Time;

/// A delivery whose signature was good.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// The connection it came for.
    pub connection_id: String,
    /// The same for every repetition of it.
    pub original_id: String,
    /// What happened, by BTCPay's name.
    pub kind: String,
    /// The invoice it is about.
    pub invoice: Option<String>,
    /// The store it comes from.
    pub store: Option<String>,
    /// As it came.
    pub body: String,
    /// `new`, `done`, or `kept` where there was nothing to do with it.
    pub state: String,
    /// Why it is only kept, in words.
    pub note: String,
    /// How often it was taken up.
    pub tries: i64,
    /// Epoch milliseconds of the next try.
    pub next_ms: i64,
    /// Epoch milliseconds of its arrival.
    pub received_ms: i64,
}

impl Db {
    /// Keeps a delivery, durably; false if it was kept before.
    pub async fn keep_delivery(&self, delivery: &Delivery) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO delivery (connection_id, original_id, kind, invoice, store, body, state,
                 note, next_ms, received_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        );
        let new = delivery.clone();
        let sql = sql.bind(new.connection_id).bind(new.original_id).bind(new.kind);
        let sql = sql.bind(new.invoice).bind(new.store).bind(new.body).bind(new.state);
        let sql = sql.bind(new.note).bind(new.next_ms).bind(new.received_ms);
        Ok(self.run(sql).await? == 1)
    }

    /// Takes deliveries that are due, and puts their next try off to `again`, so that of many
    /// workers one has each.
    pub async fn claim_deliveries(
        &self,
        now: Time,
        again: Time,
        limit: i64,
    ) -> Result<Vec<Delivery>, DbError> {
        let due =
            query("SELECT original_id FROM delivery WHERE state = 'new' AND next_ms <= $1 LIMIT 1");
        let claim = match self.kind() {
            Kind::Postgres => query(
                "UPDATE delivery SET next_ms = $2, tries = tries + 1
                 WHERE (connection_id, original_id, kind) IN (
                     SELECT connection_id, original_id, kind FROM delivery
                     WHERE state = 'new' AND next_ms <= $1
                     ORDER BY received_ms LIMIT $3 FOR UPDATE SKIP LOCKED)
                 RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE delivery SET next_ms = $2, tries = tries + 1
                 WHERE (connection_id, original_id, kind) IN (
                     SELECT connection_id, original_id, kind FROM delivery
                     WHERE state = 'new' AND next_ms <= $1
                     ORDER BY received_ms LIMIT $3)
                 RETURNING *",
            ),
        };
        self.claim(due.bind(now.0), claim.bind(now.0).bind(again.0).bind(limit)).await
    }

    /// Writes what became of a delivery: `done`, `kept` with a note, or `new` to be tried at
    /// `next`.
    pub async fn file_delivery(
        &self,
        delivery: &Delivery,
        state: &str,
        note: &str,
        next: Time,
    ) -> Result<(), DbError> {
        let sql = query(
            "UPDATE delivery SET state = $4, note = $5, next_ms = $6
             WHERE connection_id = $1 AND original_id = $2 AND kind = $3 AND state = 'new'",
        );
        let sql = sql.bind(delivery.connection_id.clone()).bind(delivery.original_id.clone());
        let sql = sql.bind(delivery.kind.clone()).bind(state.to_owned()).bind(note.to_owned());
        self.run(sql.bind(next.0)).await?;
        Ok(())
    }

    /// The newest deliveries for a connection.
    pub async fn deliveries(
        &self,
        connection: &ConnectionId,
        limit: i64,
    ) -> Result<Vec<Delivery>, DbError> {
        let sql = query(
            "SELECT * FROM delivery WHERE connection_id = $1
             ORDER BY received_ms DESC, original_id LIMIT $2",
        );
        self.all(sql.bind(connection.to_string()).bind(limit)).await
    }

    /// Forgets deliveries that came before `before` and are dealt with.
    pub async fn sweep_deliveries(&self, before: Time) -> Result<(), DbError> {
        let sql = query("DELETE FROM delivery WHERE state <> 'new' AND received_ms < $1");
        self.run(sql.bind(before.0)).await?;
        Ok(())
    }
}
