//! Flash Cards: who they belong to, what is on them, and the one statement by which a tap counts.

mod again;
mod alarm;
mod backing;
mod batch;
mod charge;
mod claim;
mod drawn;
mod grant;
mod history;
mod holder;
mod moves;
mod payout;
mod pin;
mod policy;
mod setup;
mod tap;

pub use again::CardWipe;
pub use alarm::CardAlarm;
pub use backing::{CardBacking, CardKeyRow, CardOpener, SetupBacking};
pub use batch::{BatchLine, CardBatch};
pub use charge::CardCharge;
pub use claim::CardClaim;
pub use drawn::DrawnTopUp;
pub use grant::CardGrant;
pub use history::HolderMove;
pub use holder::{CardLink, CardSession};
pub use moves::{CardMove, Spend, TopUp};
pub use payout::{Payout, Reserve, Ticket};
pub use pin::PIN_TRIES;
pub use policy::CardPolicy;
pub use setup::CardSetup;
pub use tap::CardTap;

use sqlx::query;

use super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// A card. Amounts are millisatoshi.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Card {
    /// Derived from the chip's serial number, hex; the number itself is kept nowhere.
    pub id: String,
    /// Who owes its balance.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it was issued.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `practice` or `real`.
    pub money: String,
    /// Which keys it has; a card that is issued again has the next ones.
    pub version: i64,
    /// `new` until its first tap, then `active`; `frozen`; `gone`.
    pub state: String,
    /// The highest that a tap has shown, -1 before the first.
    pub counter: i64,
    /// What is on it.
    pub balance_msat: i64,
    /// At most so much by one tap.
    pub tap_limit_msat: i64,
    /// At most so much on one day.
    pub day_limit_msat: i64,
    /// What was spent on `spent_day`.
    pub spent_msat: i64,
    /// The date of the last payment in the store that took it, `2026-11-21`; empty before.
    pub spent_day: String,
    /// What the owner calls it.
    pub label: String,
    /// Epoch milliseconds at which its keys were given out.
    pub created_ms: i64,
    /// Epoch milliseconds of its first tap, which proves that it took its keys.
    pub confirmed_ms: Option<i64>,
    /// Epoch milliseconds of its last tap.
    pub tapped_ms: Option<i64>,
    /// Argon2id of its PIN, PHC string, if it has one.
    pub pin_hash: Option<String>,
    /// The PIN is asked for from this amount up.
    pub pin_from_msat: i64,
    /// Wrong PINs in a row: three block it.
    pub pin_failed: i64,
    /// No more than this may be on it, if there is such a limit.
    pub balance_limit_msat: Option<i64>,
    /// The merchant's limit for one tap; the holder's own, `tap_limit_msat`, is never above it.
    pub tap_most_msat: i64,
    /// The merchant's limit for a day; the holder's own, `day_limit_msat`, is never above it.
    pub day_most_msat: i64,
    /// Epoch milliseconds from which on it pays nothing.
    pub expires_ms: Option<i64>,
    /// The version of keys given out anew, until the first tap by them.
    pub next_version: Option<i64>,
    /// `staff`, `holder` or `alarm` while it is frozen, else empty.
    pub frozen_by: String,
    /// The card that has its balance since it was lost.
    pub replaced_by: Option<String>,
    /// Epoch milliseconds at which its keys were given out to wipe the chip.
    pub wiped_ms: Option<i64>,
    /// What its holder calls it.
    pub nickname: String,
    /// The Nostr public key to which its holder wants receipts, hex; empty for none. Never goes into a
    /// log.
    pub npub: String,
}

impl Tx {
    /// Adds a card; false if there is one of this id.
    pub async fn add_card(&mut self, card: &Card) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card (id, merchant_id, store_id, money, version, state, tap_limit_msat,
                 day_limit_msat, tap_most_msat, day_most_msat, label, created_ms,
                 balance_limit_msat, expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $9, $10, $11, $12)
             ON CONFLICT DO NOTHING",
        );
        let card = card.clone();
        let sql = sql.bind(card.id).bind(card.merchant_id.to_string());
        let sql = sql.bind(card.store_id.to_string()).bind(card.money).bind(card.version);
        let sql = sql.bind(card.state).bind(card.tap_limit_msat).bind(card.day_limit_msat);
        let sql = sql.bind(card.label).bind(card.created_ms).bind(card.balance_limit_msat);
        Ok(self.run(sql.bind(card.expires_ms)).await? == 1)
    }

    /// A card, whoever's it is.
    pub async fn card(&mut self, id: &str) -> Result<Option<Card>, DbError> {
        self.maybe(query("SELECT * FROM card WHERE id = $1").bind(id.to_owned())).await
    }

    /// Writes what an owner may change: the label, the most by tap, by day and on it, and the end.
    /// A limit that its holder made lower stays as low.
    pub async fn save_card(&mut self, card: &Card) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card SET label = $3,
                 tap_limit_msat = CASE WHEN tap_limit_msat < tap_most_msat AND tap_limit_msat < $4
                     THEN tap_limit_msat ELSE $4 END,
                 day_limit_msat = CASE WHEN day_limit_msat < day_most_msat AND day_limit_msat < $5
                     THEN day_limit_msat ELSE $5 END,
                 tap_most_msat = $4, day_most_msat = $5, balance_limit_msat = $6, expires_ms = $7
             WHERE id = $1 AND merchant_id = $2",
        );
        let sql = sql.bind(card.id.clone()).bind(card.merchant_id.to_string());
        let sql = sql.bind(card.label.clone()).bind(card.tap_most_msat).bind(card.day_most_msat);
        self.run(sql.bind(card.balance_limit_msat).bind(card.expires_ms)).await?;
        Ok(())
    }

    /// Freezes a card that could be used, by `staff`, `holder` or `alarm`; false if it could not.
    pub async fn freeze_card(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        by: &str,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET state = 'frozen', frozen_by = $3
             WHERE id = $1 AND merchant_id = $2 AND state IN ('new', 'active')",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string()).bind(by.to_owned());
        Ok(self.run(sql).await? == 1)
    }

    /// Lets a frozen card be used again; false if it was not frozen.
    pub async fn thaw_card(&mut self, merchant: &MerchantId, id: &str) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET state = CASE WHEN confirmed_ms IS NULL THEN 'new' ELSE 'active' END,
                 frozen_by = ''
             WHERE id = $1 AND merchant_id = $2 AND state = 'frozen'",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(merchant.to_string())).await? == 1)
    }

    /// Uses a tap up that moves nothing, so that nobody shows it again; false if a tap with this
    /// counter or a higher one came before.
    pub async fn use_tap(
        &mut self,
        id: &str,
        version: i64,
        counter: i64,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET counter = $3, tapped_ms = $4,
                 confirmed_ms = COALESCE(confirmed_ms, $4),
                 state = CASE WHEN state = 'new' THEN 'active' ELSE state END
             WHERE id = $1 AND version = $2 AND counter < $3",
        );
        let sql = sql.bind(id.to_owned()).bind(version).bind(counter).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Keeps the sealed key of the issuer, unless there is one.
    pub async fn add_issuer(&mut self, sealed: Vec<u8>, now: Time) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO issuer (id, sealed, created_ms) VALUES ('own', $1, $2)
             ON CONFLICT DO NOTHING",
        );
        self.run(sql.bind(sealed).bind(now.0)).await?;
        Ok(())
    }
}

impl Db {
    /// Ends the old keys of a card whose new ones made a tap: its counter starts anew.
    pub async fn switch_card_version(&self, id: &str, next: i64) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card SET version = $2, next_version = NULL, counter = -1, pin_counter = -1
             WHERE id = $1 AND next_version = $2",
        );
        self.run(sql.bind(id.to_owned()).bind(next)).await?;
        Ok(())
    }

    /// A card, whoever's it is.
    pub async fn card(&self, id: &str) -> Result<Option<Card>, DbError> {
        self.maybe(query("SELECT * FROM card WHERE id = $1").bind(id.to_owned())).await
    }

    /// A merchant's cards of one kind of money, the newest first.
    pub async fn cards(&self, merchant: &MerchantId, money: &str) -> Result<Vec<Card>, DbError> {
        let sql = query(
            "SELECT * FROM card WHERE merchant_id = $1 AND money = $2
             ORDER BY created_ms DESC, id",
        );
        self.all(sql.bind(merchant.to_string()).bind(money.to_owned())).await
    }

    /// The sealed key of the issuer, once there is one.
    pub async fn issuer(&self) -> Result<Option<Vec<u8>>, DbError> {
        let row: Option<(Vec<u8>,)> = self.maybe(query("SELECT sealed FROM issuer")).await?;
        Ok(row.map(|(sealed,)| sealed))
    }
}
