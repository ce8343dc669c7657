//! Rails as set up for a store, and the place in each rail's stream.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{ConnectionId, MerchantId, StoreId};
use crate::domain::time::Time;

/// A rail of a store.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Connection {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ConnectionId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The store it collects for.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `sandbox`, `lnd` or `btcpay`.
    pub rail: String,
    /// 1 for the store's first rail, 2 for the one that stands in.
    pub place: i64,
    /// `practice` or `real`; must be the store's.
    pub money: String,
    /// Sealed secrets.
    pub secrets: Option<Vec<u8>>,
    /// What the dashboard calls it.
    pub label: String,
    /// The rail's stream: offers added so far.
    pub add_index: i64,
    /// The rail's stream: payments settled so far.
    pub settle_index: i64,
}

impl Tx {
    /// Connects a rail. The database refuses a sandbox in a real store and the reverse.
    pub async fn add_connection(&mut self, new: &Connection, now: Time) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO connection (id, merchant_id, store_id, rail, money, secrets, label,
                 add_index, settle_index, place, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        );
        let new = new.clone();
        let sql = sql.bind(new.id.to_string()).bind(new.merchant_id.to_string());
        let sql = sql.bind(new.store_id.to_string()).bind(new.rail).bind(new.money);
        let sql = sql.bind(new.secrets).bind(new.label).bind(new.add_index);
        self.run(sql.bind(new.settle_index).bind(new.place).bind(now.0)).await?;
        Ok(())
    }

    /// The connections of a store, the first rail first.
    pub async fn connections_of(&mut self, store: &StoreId) -> Result<Vec<Connection>, DbError> {
        let sql = query("SELECT * FROM connection WHERE store_id = $1 ORDER BY place");
        self.all(sql.bind(store.to_string())).await
    }

    /// Removes a connection.
    pub async fn remove_connection(&mut self, id: &ConnectionId) -> Result<(), DbError> {
        self.run(query("DELETE FROM connection WHERE id = $1").bind(id.to_string())).await?;
        Ok(())
    }

    /// Makes a store's second rail the first, and the first the second.
    pub async fn swap_connections(&mut self, store: &StoreId) -> Result<(), DbError> {
        let sql = query("UPDATE connection SET place = 3 - place WHERE store_id = $1");
        self.run(sql.bind(store.to_string())).await?;
        Ok(())
    }

    /// Puts other secrets in the place of a connection's.
    pub async fn reseal_connection(
        &mut self,
        id: &ConnectionId,
        secrets: Vec<u8>,
    ) -> Result<(), DbError> {
        let sql = query("UPDATE connection SET secrets = $2 WHERE id = $1");
        self.run(sql.bind(id.to_string()).bind(secrets)).await?;
        Ok(())
    }

    /// Notes which node a connection leads to.
    pub async fn note_node(&mut self, id: &ConnectionId, node: &str) -> Result<(), DbError> {
        let sql = query("UPDATE connection SET node_id = $2 WHERE id = $1");
        self.run(sql.bind(id.to_string()).bind(node.to_owned())).await?;
        Ok(())
    }

    /// Moves the place in the stream on, never back; in the transaction that settled what was
    /// read there.
    pub async fn advance_cursor(
        &mut self,
        id: &ConnectionId,
        add: i64,
        settle: i64,
    ) -> Result<(), DbError> {
        let sql = query(
            "UPDATE connection SET
                 add_index = CASE WHEN add_index < $2 THEN $2 ELSE add_index END,
                 settle_index = CASE WHEN settle_index < $3 THEN $3 ELSE settle_index END
             WHERE id = $1",
        );
        self.run(sql.bind(id.to_string()).bind(add).bind(settle)).await?;
        Ok(())
    }
}

impl Db {
    /// The connections of a store, the first rail first.
    pub async fn connections(&self, store: &StoreId) -> Result<Vec<Connection>, DbError> {
        let sql = query("SELECT * FROM connection WHERE store_id = $1 ORDER BY place");
        self.all(sql.bind(store.to_string())).await
    }

    /// A merchant's connections to one kind of rail, the newest first.
    pub async fn connections_to(
        &self,
        merchant: &MerchantId,
        rail: &str,
    ) -> Result<Vec<Connection>, DbError> {
        let sql = query(
            "SELECT * FROM connection WHERE merchant_id = $1 AND rail = $2
             ORDER BY created_ms DESC, id",
        );
        self.all(sql.bind(merchant.to_string()).bind(rail.to_owned())).await
    }

    /// A connection by its id.
    pub async fn connection(&self, id: &ConnectionId) -> Result<Option<Connection>, DbError> {
        self.maybe(query("SELECT * FROM connection WHERE id = $1").bind(id.to_string())).await
    }

    /// The node that a connection leads to; empty if that is not known.
    pub async fn node_of(&self, id: &ConnectionId) -> Result<String, DbError> {
        let sql = query("SELECT node_id FROM connection WHERE id = $1");
        let row: Option<(String,)> = self.maybe(sql.bind(id.to_string())).await?;
        Ok(row.map(|(node,)| node).unwrap_or_default())
    }

    /// All connections, for the worker.
    pub async fn all_connections(&self) -> Result<Vec<Connection>, DbError> {
        self.all(query("SELECT * FROM connection ORDER BY created_ms, id")).await
    }

    /// Takes or renews the right to listen on a connection until `until`; of many replicas one has
    /// it.
    pub async fn lease_connection(
        &self,
        id: &ConnectionId,
        holder: &str,
        now: Time,
        until: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE connection SET lease_holder = $2, lease_until_ms = $4
             WHERE id = $1 AND (lease_holder = $2 OR lease_until_ms < $3)",
        );
        let sql = sql.bind(id.to_string()).bind(holder.to_owned()).bind(now.0).bind(until.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Gives that right back, if it is held.
    pub async fn release_connection(&self, id: &ConnectionId, holder: &str) -> Result<(), DbError> {
        let sql =
            query("UPDATE connection SET lease_until_ms = 0 WHERE id = $1 AND lease_holder = $2");
        self.run(sql.bind(id.to_string()).bind(holder.to_owned())).await?;
        Ok(())
    }
}
