//! What follows a card's first life: keys given out anew, keys given out to wipe its chip, a chip that
//! was wiped and is set up again, and a lost card's money on another.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use super::{Card, CardSetup};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// A manager's leave to read one card's keys, to wipe its chip.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardWipe {
    /// SHA-256 of the one-time token, hex.
    pub token_hash: String,
    /// The card.
    pub card_id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Who asked for it.
    pub who: String,
    /// Epoch milliseconds after which it is no leave any more.
    pub expires_ms: i64,
    /// Epoch milliseconds at which the keys were first given out.
    pub used_ms: Option<i64>,
}

impl Tx {
    /// Gives out the keys of the version after this one: they count from their first tap on. False if
    /// the card has moved on from `version - 1`, or is not in use.
    pub async fn issue_again(&mut self, id: &str, version: i64) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET next_version = $2
             WHERE id = $1 AND version = $2 - 1 AND state IN ('new', 'active', 'frozen')",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(version)).await? == 1)
    }

    /// Makes a new card of a chip that was wiped, by keys of the next version; none if it was not
    /// wiped, holds money or may be paid some yet, or is another merchant's.
    pub async fn begin_card_anew(
        &mut self,
        id: &str,
        setup: &CardSetup,
        now: Time,
    ) -> Result<Option<Card>, DbError> {
        let sql = query(
            "UPDATE card SET version = COALESCE(next_version, version) + 1, next_version = NULL,
                 state = 'new', counter = -1, pin_counter = -1, store_id = $4, label = $5,
                 tap_limit_msat = $6, day_limit_msat = $7, tap_most_msat = $6, day_most_msat = $7,
                 balance_limit_msat = $8, expires_ms = $9, created_ms = $10, confirmed_ms = NULL,
                 tapped_ms = NULL, spent_msat = 0, spent_day = '', pin_hash = NULL,
                 pin_from_msat = 0, pin_failed = 0, frozen_by = '', replaced_by = NULL,
                 wiped_ms = NULL, nickname = '', npub = ''
             WHERE id = $1 AND merchant_id = $2 AND money = $3 AND state = 'gone'
                 AND wiped_ms IS NOT NULL AND balance_msat = 0
                 AND NOT EXISTS (SELECT 1 FROM card_payout WHERE card_payout.card_id = card.id
                     AND card_payout.state IN ('reserved', 'sent', 'unknown'))
                 AND NOT EXISTS (SELECT 1 FROM card_top_up WHERE card_top_up.card_id = card.id
                     AND card_top_up.state = 'open')
             RETURNING *",
        );
        let setup = setup.clone();
        let sql = sql.bind(id.to_owned()).bind(setup.merchant_id.to_string()).bind(setup.money);
        let sql = sql.bind(setup.store_id.to_string()).bind(setup.label);
        let sql = sql.bind(setup.tap_limit_msat).bind(setup.day_limit_msat);
        let sql = sql.bind(setup.balance_limit_msat).bind(setup.card_expires_ms).bind(now.0);
        let anew: Option<Card> = self.maybe(sql).await?;
        if anew.is_some() {
            // Nobody who knows the last holder's address may put money on the next one's card.
            let sql = query("DELETE FROM card_pay_link WHERE card_id = $1");
            self.run(sql.bind(id.to_owned())).await?;
        }
        Ok(anew)
    }

    /// Adds a leave to wipe.
    pub async fn add_card_wipe(&mut self, wipe: &CardWipe) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_wipe (token_hash, card_id, merchant_id, who, expires_ms)
             VALUES ($1, $2, $3, $4, $5)",
        );
        let wipe = wipe.clone();
        let sql = sql.bind(wipe.token_hash).bind(wipe.card_id).bind(wipe.merchant_id.to_string());
        self.run(sql.bind(wipe.who).bind(wipe.expires_ms)).await?;
        Ok(())
    }

    /// Uses a leave to wipe for the card that it names; none if it is over. The same card may ask
    /// again in its time: the answer may have been lost.
    pub async fn use_card_wipe(
        &mut self,
        token_hash: &str,
        card: &str,
        now: Time,
    ) -> Result<Option<CardWipe>, DbError> {
        let sql = query(
            "UPDATE card_wipe SET used_ms = COALESCE(used_ms, $3)
             WHERE token_hash = $1 AND card_id = $2 AND expires_ms > $3
             RETURNING *",
        );
        self.maybe(sql.bind(token_hash.to_owned()).bind(card.to_owned()).bind(now.0)).await
    }

    /// Puts a card away whose keys are given out; false if money is on it, or may come back to it.
    pub async fn wipe_card(&mut self, id: &str, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET state = 'gone', wiped_ms = COALESCE(wiped_ms, $2)
             WHERE id = $1 AND balance_msat = 0 AND state IN ('new', 'active', 'frozen', 'gone')
                 AND NOT EXISTS (SELECT 1 FROM card_payout WHERE card_payout.card_id = card.id
                     AND card_payout.state IN ('reserved', 'sent', 'unknown'))",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(now.0)).await? == 1)
    }

    /// Takes all that is on a card that is lost off it, and puts it away; nothing if what is on it is
    /// not `balance` any more.
    pub async fn empty_lost_card(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        balance: i64,
        to: &str,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET balance_msat = 0, state = 'gone', frozen_by = '', replaced_by = $4
             WHERE id = $1 AND merchant_id = $2 AND balance_msat = $3
                 AND (state <> 'gone' OR balance_msat > 0)",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string()).bind(balance);
        Ok(self.run(sql.bind(to.to_owned())).await? == 1)
    }

    /// Gives a card what belongs to the holder of another: its name, PIN, limits and inbox.
    pub async fn hand_over(&mut self, from: &str, to: &str) -> Result<(), DbError> {
        let old = self.card(from).await?.ok_or(DbError::NotFound)?;
        let sql = query(
            "UPDATE card SET label = $2, nickname = $3, npub = $4, pin_hash = $5,
                 pin_from_msat = $6, pin_failed = $7, tap_limit_msat = $8, day_limit_msat = $9,
                 tap_most_msat = $10, day_most_msat = $11, spent_msat = $12, spent_day = $13
             WHERE id = $1",
        );
        let sql = sql.bind(to.to_owned()).bind(old.label).bind(old.nickname).bind(old.npub);
        let sql = sql.bind(old.pin_hash).bind(old.pin_from_msat).bind(old.pin_failed);
        let sql = sql.bind(old.tap_limit_msat).bind(old.day_limit_msat);
        let sql = sql.bind(old.tap_most_msat).bind(old.day_most_msat);
        self.run(sql.bind(old.spent_msat).bind(old.spent_day)).await?;
        Ok(())
    }
}

impl Db {
    /// A leave to wipe that is still good.
    pub async fn card_wipe(&self, hash: &str, now: Time) -> Result<Option<CardWipe>, DbError> {
        let sql = query("SELECT * FROM card_wipe WHERE token_hash = $1 AND expires_ms > $2");
        self.maybe(sql.bind(hash.to_owned()).bind(now.0)).await
    }
}
