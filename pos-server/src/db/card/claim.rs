//! Taps of cards whose money is at BTCPay: counter, state and limits are looked at and changed by one
//! statement, and what it reserved is given back by proof alone.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use super::Spend;
use crate::domain::id::{AttemptId, MerchantId, SaleId, StoreId};
use crate::domain::time::Time;

/// A tap that BTCPay was asked to pay an invoice with.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardClaim {
    /// Its id, a UUIDv7.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// The version of the keys that proved the tap.
    pub version: i64,
    /// The tap's counter.
    pub counter: i64,
    /// Who asked.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// What for.
    #[sqlx(try_from = "String")]
    pub sale_id: SaleId,
    /// The offer whose invoice it is.
    #[sqlx(try_from = "String")]
    pub attempt_id: AttemptId,
    /// The BOLT11 invoice.
    pub invoice: String,
    /// What it asks for, which is reserved of the card's limits.
    pub msat: i64,
    /// The date in the store that the limits were taken from.
    pub day: String,
    /// `reserved`, `paid` or `failed`.
    pub state: String,
    /// Why, in words for the till.
    pub why: String,
    /// How often BTCPay was asked what became of it.
    pub tries: i64,
    /// Epoch milliseconds at which it was reserved.
    pub made_ms: i64,
    /// Epoch milliseconds after which the invoice cannot be paid any more.
    pub dead_ms: i64,
    /// Epoch milliseconds of the next look.
    pub next_ms: i64,
    /// Epoch milliseconds at which it was over.
    pub ended_ms: Option<i64>,
}

impl Tx {
    /// Uses a tap and reserves its limits, if state, counter and limits allow it, and it is a card of
    /// this merchant and of the sale's kind of money.
    pub async fn reserve_of_card(&mut self, spend: &Spend, now: Time) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET counter = $3,
                 spent_msat = $4 + CASE WHEN spent_day = $5 THEN spent_msat ELSE 0 END,
                 spent_day = $5, state = 'active', tapped_ms = $6,
                 confirmed_ms = COALESCE(confirmed_ms, $6)
             WHERE id = $1 AND version = $2 AND merchant_id = $7
                 AND money = (SELECT sale.money FROM sale WHERE sale.id = $8)
                 AND counter < $3 AND state IN ('new', 'active') AND tap_limit_msat >= $4
                 AND (expires_ms IS NULL OR expires_ms > $6)
                 AND (pin_hash IS NULL OR pin_from_msat > $4 OR pin_hash = $9)
                 AND day_limit_msat
                     >= $4 + CASE WHEN spent_day = $5 THEN spent_msat ELSE 0 END",
        );
        let spend = spend.clone();
        let sql = sql.bind(spend.card_id).bind(spend.version).bind(spend.counter).bind(spend.msat);
        let sql = sql.bind(spend.day).bind(now.0).bind(spend.merchant_id.to_string());
        let sql = sql.bind(spend.sale_id.to_string()).bind(spend.pin);
        Ok(self.run(sql).await? == 1)
    }

    /// Writes down what BTCPay is about to be asked.
    pub async fn add_claim(&mut self, new: &CardClaim) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_claim (id, card_id, version, counter, merchant_id, store_id, sale_id,
                 attempt_id, invoice, msat, day, state, made_ms, dead_ms, next_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        );
        let new = new.clone();
        let sql = sql.bind(new.id).bind(new.card_id).bind(new.version).bind(new.counter);
        let sql = sql.bind(new.merchant_id.to_string()).bind(new.store_id.to_string());
        let sql = sql.bind(new.sale_id.to_string()).bind(new.attempt_id.to_string());
        let sql = sql.bind(new.invoice).bind(new.msat).bind(new.day).bind(new.state);
        self.run(sql.bind(new.made_ms).bind(new.dead_ms).bind(new.next_ms)).await?;
        Ok(())
    }

    /// A card that is being asked for this sale already.
    pub async fn open_claim(&mut self, sale: &SaleId) -> Result<Option<CardClaim>, DbError> {
        let sql =
            query("SELECT * FROM card_claim WHERE sale_id = $1 AND state = 'reserved' LIMIT 1");
        self.maybe(sql.bind(sale.to_string())).await
    }

    /// Ends what was reserved; false if that was done before.
    pub async fn end_claim(
        &mut self,
        id: &str,
        to: &str,
        why: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_claim SET state = $2, why = $3, ended_ms = $4
             WHERE id = $1 AND state = 'reserved'",
        );
        let sql = sql.bind(id.to_owned()).bind(to.to_owned()).bind(why.to_owned()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Gives back what a claim took of its card's limits: nothing was paid.
    pub async fn release_limits(&mut self, claim: &CardClaim) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card SET spent_msat = spent_msat - $3
             WHERE id = $1 AND spent_day = $2 AND spent_msat >= $3",
        );
        let sql = sql.bind(claim.card_id.clone()).bind(claim.day.clone()).bind(claim.msat);
        self.run(sql).await?;
        Ok(())
    }
}

impl Db {
    /// What was asked by this very tap.
    pub async fn claim_of_tap(
        &self,
        card: &str,
        version: i64,
        counter: i64,
    ) -> Result<Option<CardClaim>, DbError> {
        let sql =
            query("SELECT * FROM card_claim WHERE card_id = $1 AND version = $2 AND counter = $3");
        self.maybe(sql.bind(card.to_owned()).bind(version).bind(counter)).await
    }

    /// A card's claims, the newest first.
    pub async fn claims_of(&self, card: &str, limit: i64) -> Result<Vec<CardClaim>, DbError> {
        let sql = query(
            "SELECT * FROM card_claim WHERE card_id = $1 ORDER BY made_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// Claims that are due for a look, at most `limit`; of many workers one has each until `lease`.
    pub async fn take_claims(
        &self,
        now: Time,
        lease: Time,
        limit: i64,
    ) -> Result<Vec<CardClaim>, DbError> {
        let due =
            query("SELECT id FROM card_claim WHERE state = 'reserved' AND next_ms <= $1 LIMIT 1");
        let claim = match self.kind() {
            Kind::Postgres => query(
                "UPDATE card_claim SET next_ms = $2, tries = tries + 1 WHERE id IN (
                     SELECT id FROM card_claim WHERE state = 'reserved' AND next_ms <= $1
                     ORDER BY next_ms LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE card_claim SET next_ms = $2, tries = tries + 1 WHERE id IN (
                     SELECT id FROM card_claim WHERE state = 'reserved' AND next_ms <= $1
                     ORDER BY next_ms LIMIT $3) RETURNING *",
            ),
        };
        self.claim(due.bind(now.0), claim.bind(now.0).bind(lease.0).bind(limit)).await
    }

    /// Says when a claim is looked at next.
    pub async fn put_claim_off(&self, id: &str, next: Time) -> Result<(), DbError> {
        let sql = query("UPDATE card_claim SET next_ms = $2 WHERE id = $1 AND state = 'reserved'");
        self.run(sql.bind(id.to_owned()).bind(next.0)).await?;
        Ok(())
    }
}
