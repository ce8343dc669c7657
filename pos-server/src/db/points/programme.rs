//! A merchant's programme, one for each kind of money.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};

/// A programme as the owner set it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Programme {
    /// Its id, a UUID, and its budget's.
    pub id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// `practice` or `real`.
    pub money: String,
    /// The currency of its amounts.
    pub currency: String,
    /// [`crate::domain::points::Rules`] as JSON.
    pub rules: String,
    /// 1 while purchases earn points.
    pub running: i64,
    /// Epoch milliseconds of the last change.
    pub changed_ms: i64,
}

impl Tx {
    /// A merchant's programme.
    pub async fn programme(
        &mut self,
        merchant: &MerchantId,
        money: &str,
    ) -> Result<Option<Programme>, DbError> {
        let sql = query("SELECT * FROM points_programme WHERE merchant_id = $1 AND money = $2");
        self.maybe(sql.bind(merchant.to_string()).bind(money.to_owned())).await
    }

    /// Adds a programme or changes it; one that stands keeps its id, whoever added it.
    pub async fn save_programme(&mut self, programme: &Programme) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO points_programme
                 (id, merchant_id, money, currency, rules, running, changed_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (merchant_id, money) DO UPDATE SET currency = excluded.currency,
                 rules = excluded.rules, running = excluded.running,
                 changed_ms = excluded.changed_ms",
        );
        let programme = programme.clone();
        let sql = sql.bind(programme.id).bind(programme.merchant_id.to_string());
        let sql = sql.bind(programme.money).bind(programme.currency).bind(programme.rules);
        self.run(sql.bind(programme.running).bind(programme.changed_ms)).await?;
        Ok(())
    }

    /// The time zone of a store.
    pub async fn time_zone(&mut self, store: &StoreId) -> Result<String, DbError> {
        let sql = query("SELECT time_zone FROM store WHERE id = $1").bind(store.to_string());
        Ok(self.one::<(String,)>(sql).await?.0)
    }

    /// The category of each item of a store that has one.
    pub async fn categories_of_items(
        &mut self,
        store: &StoreId,
    ) -> Result<Vec<(String, String)>, DbError> {
        let sql = query(
            "SELECT id, category_id FROM item WHERE store_id = $1 AND category_id IS NOT NULL",
        );
        self.all(sql.bind(store.to_string())).await
    }
}

impl Db {
    /// A merchant's programme.
    pub async fn programme(
        &self,
        merchant: &MerchantId,
        money: &str,
    ) -> Result<Option<Programme>, DbError> {
        let sql = query("SELECT * FROM points_programme WHERE merchant_id = $1 AND money = $2");
        self.maybe(sql.bind(merchant.to_string()).bind(money.to_owned())).await
    }
}
