//! Sales set aside before they were charged; any tablet of the store takes one up.

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, ParkedId, StoreId};

/// A cart that was set aside.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Parked {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ParkedId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// Who set it aside.
    pub staff_name: String,
    /// What it is called: `Table 4`.
    pub name: String,
    /// The cart as JSON.
    pub cart: String,
    /// Its total in minor units when it was set aside, for the list.
    pub total: i64,
    /// Epoch milliseconds.
    pub created_ms: i64,
}

impl Tx {
    /// Sets a cart aside.
    pub async fn park(&mut self, parked: &Parked) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO parked (id, merchant_id, store_id, staff_name, name, cart, total,
                 created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let parked = parked.clone();
        let sql = sql.bind(parked.id.to_string()).bind(parked.merchant_id.to_string());
        let sql = sql.bind(parked.store_id.to_string()).bind(parked.staff_name);
        let sql = sql.bind(parked.name).bind(parked.cart).bind(parked.total);
        self.run(sql.bind(parked.created_ms)).await?;
        Ok(())
    }

    /// Takes a cart up again: of two tablets that try, one gets it.
    pub async fn take_parked(
        &mut self,
        store: &StoreId,
        id: &ParkedId,
    ) -> Result<Option<Parked>, DbError> {
        let sql = query("DELETE FROM parked WHERE id = $1 AND store_id = $2 RETURNING *");
        self.maybe(sql.bind(id.to_string()).bind(store.to_string())).await
    }
}

impl Db {
    /// What is set aside in a store, the oldest first.
    pub async fn parked(&self, store: &StoreId) -> Result<Vec<Parked>, DbError> {
        let sql = query("SELECT * FROM parked WHERE store_id = $1 ORDER BY created_ms, id");
        self.all(sql.bind(store.to_string())).await
    }
}
