//! Alarms: cards that may have been copied.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// What a tap said of its card.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardAlarm {
    /// Its id, a UUIDv7.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// Whose card it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// `older_tap` or `two_places`.
    pub kind: String,
    /// More, in words.
    pub detail: String,
    /// 1 when it froze the card.
    pub froze: i64,
    /// The tap.
    pub tap_id: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Epoch milliseconds at which a person settled it.
    pub seen_ms: Option<i64>,
}

impl Tx {
    /// Raises an alarm; false if this tap raised one before.
    pub async fn add_card_alarm(&mut self, alarm: &CardAlarm) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_alarm (id, card_id, merchant_id, kind, detail, froze, tap_id, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        );
        let alarm = alarm.clone();
        let sql = sql.bind(alarm.id).bind(alarm.card_id).bind(alarm.merchant_id.to_string());
        let sql = sql.bind(alarm.kind).bind(alarm.detail).bind(alarm.froze).bind(alarm.tap_id);
        Ok(self.run(sql.bind(alarm.at_ms)).await? == 1)
    }

    /// Settles a card's alarms; false if there were none.
    pub async fn settle_card_alarms(
        &mut self,
        merchant: &MerchantId,
        card: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_alarm SET seen_ms = $3
             WHERE card_id = $1 AND merchant_id = $2 AND seen_ms IS NULL",
        );
        let sql = sql.bind(card.to_owned()).bind(merchant.to_string()).bind(now.0);
        Ok(self.run(sql).await? > 0)
    }
}

impl Db {
    /// A merchant's alarms that nobody settled, the newest first.
    pub async fn open_card_alarms(&self, merchant: &MerchantId) -> Result<Vec<CardAlarm>, DbError> {
        let sql = query(
            "SELECT * FROM card_alarm WHERE merchant_id = $1 AND seen_ms IS NULL
             ORDER BY at_ms DESC, id DESC LIMIT 200",
        );
        self.all(sql.bind(merchant.to_string())).await
    }
}
