//! Money that goes onto cards at BTCPay by payouts of the store's, each once.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// A payout that was decided on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardGrant {
    /// Our own name for it, never used twice.
    pub reference: String,
    /// The card.
    pub card_id: String,
    /// Who pays.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The server's address.
    pub server: String,
    /// The store's id there.
    pub there: String,
    /// How much, in millisatoshi.
    pub msat: i64,
    /// The BOLT11 invoice whose payment tops the card up.
    pub invoice: String,
    /// BTCPay's id of the payout, once it is known.
    pub payout: Option<String>,
    /// `wanted`, `sent`, `done` or `failed`.
    pub state: String,
    /// Why, in words.
    pub why: String,
    /// How often it was looked at.
    pub tries: i64,
    /// Epoch milliseconds at which it was decided on.
    pub made_ms: i64,
    /// Epoch milliseconds after which the invoice cannot be paid any more.
    pub dead_ms: i64,
    /// Epoch milliseconds of the next look.
    pub next_ms: i64,
    /// Epoch milliseconds at which it was over.
    pub ended_ms: Option<i64>,
}

impl Tx {
    /// Decides on a payout; false if there is one of this reference.
    pub async fn add_grant(&mut self, new: &CardGrant) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_grant (reference, card_id, merchant_id, server, there, msat, invoice,
                 state, made_ms, dead_ms, next_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        );
        let new = new.clone();
        let sql = sql.bind(new.reference).bind(new.card_id).bind(new.merchant_id.to_string());
        let sql = sql.bind(new.server).bind(new.there).bind(new.msat).bind(new.invoice);
        let sql = sql.bind(new.state).bind(new.made_ms).bind(new.dead_ms).bind(new.next_ms);
        Ok(self.run(sql).await? == 1)
    }

    /// Moves a payout on from where it is known to stand; false if it stands elsewhere by now.
    pub async fn move_grant(&mut self, now_is: &CardGrant, was: &str) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_grant SET state = $3, payout = $4, why = $5, next_ms = $6, ended_ms = $7
             WHERE reference = $1 AND state = $2",
        );
        let row = now_is.clone();
        let sql = sql.bind(row.reference).bind(was.to_owned()).bind(row.state).bind(row.payout);
        Ok(self.run(sql.bind(row.why).bind(row.next_ms).bind(row.ended_ms)).await? == 1)
    }
}

impl Db {
    /// Payouts onto a card since `since`, the newest first.
    pub async fn grants_of_card(&self, card: &str, since: Time) -> Result<Vec<CardGrant>, DbError> {
        let sql = query(
            "SELECT * FROM card_grant WHERE card_id = $1 AND made_ms >= $2
             ORDER BY made_ms DESC, reference",
        );
        self.all(sql.bind(card.to_owned()).bind(since.0)).await
    }

    /// A payout by our name for it.
    pub async fn grant(&self, reference: &str) -> Result<Option<CardGrant>, DbError> {
        let sql = query("SELECT * FROM card_grant WHERE reference = $1");
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// Payouts that are due for a look, at most `limit`; of many workers one has each until `lease`.
    pub async fn take_grants(
        &self,
        now: Time,
        lease: Time,
        limit: i64,
    ) -> Result<Vec<CardGrant>, DbError> {
        let due = query(
            "SELECT reference FROM card_grant
             WHERE state IN ('wanted', 'sent') AND next_ms <= $1 LIMIT 1",
        );
        let claim = match self.kind() {
            Kind::Postgres => query(
                "UPDATE card_grant SET next_ms = $2, tries = tries + 1 WHERE reference IN (
                     SELECT reference FROM card_grant
                     WHERE state IN ('wanted', 'sent') AND next_ms <= $1
                     ORDER BY next_ms LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE card_grant SET next_ms = $2, tries = tries + 1 WHERE reference IN (
                     SELECT reference FROM card_grant
                     WHERE state IN ('wanted', 'sent') AND next_ms <= $1
                     ORDER BY next_ms LIMIT $3) RETURNING *",
            ),
        };
        self.claim(due.bind(now.0), claim.bind(now.0).bind(lease.0).bind(limit)).await
    }

    /// Has the payouts of a store at BTCPay looked at now: its webhook spoke of one.
    pub async fn hurry_grants(&self, merchant: &MerchantId, now: Time) -> Result<(), DbError> {
        let sql =
            query("UPDATE card_grant SET next_ms = $2 WHERE merchant_id = $1 AND state = 'sent'");
        self.run(sql.bind(merchant.to_string()).bind(now.0)).await?;
        Ok(())
    }

    /// The same for what cards were asked to pay.
    pub async fn hurry_claims(&self, merchant: &MerchantId, now: Time) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card_claim SET next_ms = $2 WHERE merchant_id = $1 AND state = 'reserved'",
        );
        self.run(sql.bind(merchant.to_string()).bind(now.0)).await?;
        Ok(())
    }
}
