//! Taps of other issuers' cards at our tills: each is asked of its server once.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, SaleId};
use crate::domain::time::Time;

/// Such a tap.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardCharge {
    /// SHA-256 of the card's link, hex; the link is kept nowhere.
    pub tap_hash: String,
    /// Whose till.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// What is to be paid.
    #[sqlx(try_from = "String")]
    pub sale_id: SaleId,
    /// Whose card, for people.
    pub host: String,
    /// What its server offered, sealed, while a PIN is waited for.
    pub answer: Option<Vec<u8>>,
    /// `asked`, `pin`, `sent`, `accepted`, `refused`, `unknown`.
    pub state: String,
    /// What it was refused for.
    pub why: String,
    /// Epoch milliseconds.
    pub created_ms: i64,
    /// Epoch milliseconds.
    pub ended_ms: Option<i64>,
}

impl Tx {
    /// Adds a tap; false if it was shown before, to whomever.
    pub async fn add_charge(&mut self, charge: &CardCharge) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_charge (tap_hash, merchant_id, sale_id, host, state, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        );
        let new = charge.clone();
        let sql = sql.bind(new.tap_hash).bind(new.merchant_id.to_string());
        let sql = sql.bind(new.sale_id.to_string()).bind(new.host).bind(new.state);
        Ok(self.run(sql.bind(new.created_ms)).await? == 1)
    }

    /// Moves a tap on from a state; false if somebody else moved it first. What its server offered is
    /// forgotten, unless it is given anew.
    pub async fn move_charge(
        &mut self,
        tap_hash: &str,
        was: &str,
        to: &str,
        answer: Option<Vec<u8>>,
        why: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_charge SET state = $3, answer = $4, why = $5, ended_ms = $6
             WHERE tap_hash = $1 AND state = $2",
        );
        let ended = matches!(to, "accepted" | "refused" | "unknown").then_some(now.0);
        let sql = sql.bind(tap_hash.to_owned()).bind(was.to_owned()).bind(to.to_owned());
        Ok(self.run(sql.bind(answer).bind(why.to_owned()).bind(ended)).await? == 1)
    }
}

impl Db {
    /// A tap by its link's hash.
    pub async fn charge(&self, tap_hash: &str) -> Result<Option<CardCharge>, DbError> {
        let sql = query("SELECT * FROM card_charge WHERE tap_hash = $1");
        self.maybe(sql.bind(tap_hash.to_owned())).await
    }
}
