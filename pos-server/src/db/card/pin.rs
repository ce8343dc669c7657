//! A card's PIN: what it hashes to, and how often it was wrong.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::MerchantId;

/// Wrong PINs in a row that block it.
pub const PIN_TRIES: i64 = 3;

impl Tx {
    /// Gives a card a PIN, or takes it away, asked for from an amount up; it may be tried anew.
    pub async fn set_card_pin(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        hash: Option<&str>,
        from_msat: i64,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET pin_hash = $3, pin_from_msat = $4, pin_failed = 0
             WHERE id = $1 AND merchant_id = $2 AND state <> 'gone'",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string());
        let sql = sql.bind(hash.map(ToOwned::to_owned)).bind(from_msat);
        Ok(self.run(sql).await? == 1)
    }

    /// Lets a PIN be tried anew; false if it was never wrong.
    pub async fn reset_card_pin(
        &mut self,
        merchant: &MerchantId,
        id: &str,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET pin_failed = 0
             WHERE id = $1 AND merchant_id = $2 AND pin_failed > 0",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(merchant.to_string())).await? == 1)
    }
}

impl Db {
    /// Counts a try at a PIN with a tap before it is judged: how many in a row this makes, and the
    /// hash to judge it by. Nothing if there is no PIN, it is blocked, or the tap tried one before.
    pub async fn take_card_pin_try(
        &self,
        id: &str,
        version: i64,
        counter: i64,
    ) -> Result<Option<(i64, String)>, DbError> {
        let sql = query(
            "UPDATE card SET pin_failed = pin_failed + 1, pin_counter = $3
             WHERE id = $1 AND version = $2 AND pin_counter < $3 AND pin_failed < $4
                 AND pin_hash IS NOT NULL
             RETURNING pin_failed, pin_hash",
        );
        let sql = sql.bind(id.to_owned()).bind(version).bind(counter);
        self.maybe_write(sql.bind(PIN_TRIES)).await
    }

    /// The same without a tap, for a holder who is at the card's own page.
    pub async fn take_card_pin_try_at_page(
        &self,
        id: &str,
    ) -> Result<Option<(i64, String)>, DbError> {
        let sql = query(
            "UPDATE card SET pin_failed = pin_failed + 1
             WHERE id = $1 AND pin_failed < $2 AND pin_hash IS NOT NULL
             RETURNING pin_failed, pin_hash",
        );
        self.maybe_write(sql.bind(id.to_owned()).bind(PIN_TRIES)).await
    }

    /// Forgets the tries after a right PIN, unless another one was set meanwhile.
    pub async fn forget_card_pin_tries(&self, id: &str, hash: &str) -> Result<(), DbError> {
        let sql = query("UPDATE card SET pin_failed = 0 WHERE id = $1 AND pin_hash = $2");
        self.run(sql.bind(id.to_owned()).bind(hash.to_owned())).await?;
        Ok(())
    }
}
