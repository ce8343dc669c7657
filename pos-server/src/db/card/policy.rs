//! What a store's cards begin with, and what an alarm does to them.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};

/// A store's rules for its cards. Amounts are millisatoshi.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardPolicy {
    /// The store.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// 1 when an alarm freezes the card, 0 when it only warns.
    pub alarm_freezes: i64,
    /// Taps at two stores within so many minutes raise an alarm; 0 for never.
    pub apart_minutes: i64,
    /// A new card's most by one tap.
    pub tap_limit_msat: i64,
    /// A new card's most on one day.
    pub day_limit_msat: i64,
    /// The most that may be on a new card.
    pub balance_limit_msat: Option<i64>,
    /// How many days the leaves of a batch last.
    pub batch_days: i64,
}

impl CardPolicy {
    /// What a store has until its owner says otherwise.
    #[must_use]
    pub fn usual(merchant: &MerchantId, store: &StoreId) -> Self {
        Self {
            store_id: store.clone(),
            merchant_id: merchant.clone(),
            alarm_freezes: 1,
            apart_minutes: 3,
            tap_limit_msat: 100_000_000,
            day_limit_msat: 300_000_000,
            balance_limit_msat: None,
            batch_days: 30,
        }
    }
}

const FIND: &str = "SELECT * FROM card_policy WHERE store_id = $1 AND merchant_id = $2";

impl Tx {
    /// A store's rules.
    pub async fn card_policy(
        &mut self,
        merchant: &MerchantId,
        store: &StoreId,
    ) -> Result<CardPolicy, DbError> {
        let found = self.maybe(query(FIND).bind(store.to_string()).bind(merchant.to_string()));
        Ok(found.await?.unwrap_or_else(|| CardPolicy::usual(merchant, store)))
    }

    /// Writes a store's rules.
    pub async fn save_card_policy(&mut self, policy: &CardPolicy) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_policy (store_id, merchant_id, alarm_freezes, apart_minutes,
                 tap_limit_msat, day_limit_msat, balance_limit_msat, batch_days)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (store_id) DO UPDATE SET alarm_freezes = $3, apart_minutes = $4,
                 tap_limit_msat = $5, day_limit_msat = $6, balance_limit_msat = $7, batch_days = $8",
        );
        let sql = sql.bind(policy.store_id.to_string()).bind(policy.merchant_id.to_string());
        let sql = sql.bind(policy.alarm_freezes).bind(policy.apart_minutes);
        let sql = sql.bind(policy.tap_limit_msat).bind(policy.day_limit_msat);
        self.run(sql.bind(policy.balance_limit_msat).bind(policy.batch_days)).await?;
        Ok(())
    }
}

impl Db {
    /// A store's rules.
    pub async fn card_policy(
        &self,
        merchant: &MerchantId,
        store: &StoreId,
    ) -> Result<CardPolicy, DbError> {
        let found = self.maybe(query(FIND).bind(store.to_string()).bind(merchant.to_string()));
        Ok(found.await?.unwrap_or_else(|| CardPolicy::usual(merchant, store)))
    }
}
