//! What taps moved. Counter, state, limits and balance are looked at and changed by one statement:
//! of many taps at once each finds what the one before left.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, SaleId, StoreId};
use crate::domain::time::Time;

/// Money that a proven tap takes off its card.
#[derive(Debug, Clone)]
pub struct Spend {
    /// The card.
    pub card_id: String,
    /// The version of the keys that proved the tap.
    pub version: i64,
    /// The tap's counter.
    pub counter: i64,
    /// How much.
    pub msat: i64,
    /// The date in the store, `2026-11-21`.
    pub day: String,
    /// Who takes it; only his own cards pay.
    pub merchant_id: MerchantId,
    /// What for; only a card of the sale's kind of money pays.
    pub sale_id: SaleId,
    /// The hash of the card's PIN, which `card::pin::check` found right; nothing if none was asked.
    pub pin: Option<String>,
}

/// Money that is put on a card whose tap was proven.
#[derive(Debug, Clone)]
pub struct TopUp {
    /// The card.
    pub card_id: String,
    /// The version of the keys that proved the tap.
    pub version: i64,
    /// The tap's counter.
    pub counter: i64,
    /// How much.
    pub msat: i64,
    /// Who takes the cash.
    pub merchant_id: MerchantId,
    /// Where; only a card of the store's kind of money is topped up.
    pub store_id: StoreId,
}

/// What went on or off a card, as it is told afterwards.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardMove {
    /// Its id, a UUID.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// `practice` or `real`: the card's, and the sale's.
    pub money: String,
    /// The version of the keys of the tap that moved it, if a tap did.
    pub version: Option<i64>,
    /// The tap's counter.
    pub counter: Option<i64>,
    /// Whose books.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `top_up`, `payment`, `withdrawal`, `returned`, `points`, `moved_in` or `moved_out`.
    pub kind: String,
    /// The sale that was paid.
    pub sale_id: Option<String>,
    /// What else moved it, once for each kind: a payment hash, another card.
    pub reference: Option<String>,
    /// The store's currency.
    pub currency: String,
    /// Minor units: the cash, or what went to the sale; zero where no such money was in it.
    pub amount: i64,
    /// Millisatoshi that went on or off the card.
    pub msat: i64,
    /// Millisatoshi on the card afterwards.
    pub balance_msat: i64,
    /// Who was at the till.
    pub who: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
}

impl Tx {
    /// Takes money off a card if its tap is new, its state, end, limits, balance and PIN allow it, and
    /// it is a card of this merchant and kind of money; answers what is left on it in millisatoshi.
    pub async fn spend_from_card(
        &mut self,
        spend: &Spend,
        now: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE card SET counter = $3, balance_msat = balance_msat - $4,
                 spent_msat = $4 + CASE WHEN spent_day = $5 THEN spent_msat ELSE 0 END,
                 spent_day = $5, state = 'active', tapped_ms = $6,
                 confirmed_ms = COALESCE(confirmed_ms, $6)
             WHERE id = $1 AND version = $2 AND merchant_id = $7
                 AND money = (SELECT sale.money FROM sale WHERE sale.id = $8)
                 AND counter < $3 AND state IN ('new', 'active')
                 AND balance_msat >= $4 AND tap_limit_msat >= $4
                 AND day_limit_msat
                     >= $4 + CASE WHEN spent_day = $5 THEN spent_msat ELSE 0 END
                 AND (expires_ms IS NULL OR expires_ms > $6)
                 AND (pin_hash IS NULL OR pin_from_msat > $4 OR pin_hash = $9)
             RETURNING balance_msat",
        );
        let spend = spend.clone();
        let sql = sql.bind(spend.card_id).bind(spend.version).bind(spend.counter).bind(spend.msat);
        let sql = sql.bind(spend.day).bind(now.0).bind(spend.merchant_id.to_string());
        let sql = sql.bind(spend.sale_id.to_string()).bind(spend.pin);
        let row: Option<(i64,)> = self.maybe(sql).await?;
        Ok(row.map(|(left,)| left))
    }

    /// Puts money on a card (not one whose money is at BTCPay) if its tap is new, its state, end and most allow it, and it is a card of
    /// this merchant and kind of money; answers what is on it then, in millisatoshi.
    pub async fn top_up_card(&mut self, top_up: &TopUp, now: Time) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE card SET counter = $3, balance_msat = balance_msat + $4, state = 'active',
                 tapped_ms = $5, confirmed_ms = COALESCE(confirmed_ms, $5)
             WHERE id = $1 AND version = $2 AND merchant_id = $6
                 AND money = (SELECT store.money FROM store WHERE store.id = $7)
                 AND counter < $3 AND state IN ('new', 'active')
                 AND (expires_ms IS NULL OR expires_ms > $5)
                 AND (balance_limit_msat IS NULL OR balance_limit_msat >= balance_msat + $4)
                 AND NOT EXISTS (SELECT 1 FROM card_backing WHERE card_id = card.id)
             RETURNING balance_msat",
        );
        let top_up = top_up.clone();
        let sql = sql.bind(top_up.card_id).bind(top_up.version).bind(top_up.counter);
        let sql = sql.bind(top_up.msat).bind(now.0).bind(top_up.merchant_id.to_string());
        let row: Option<(i64,)> = self.maybe(sql.bind(top_up.store_id.to_string())).await?;
        Ok(row.map(|(holds,)| holds))
    }

    /// Writes down what moved. The database refuses a second move of one tap or reference, and a
    /// card of another kind of money than the sale's.
    pub async fn add_card_move(&mut self, done: &CardMove) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_move (id, card_id, money, version, counter, merchant_id, store_id,
                 kind, sale_id, reference, currency, amount, msat, balance_msat, who, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        );
        let done = done.clone();
        let sql = sql.bind(done.id).bind(done.card_id).bind(done.money).bind(done.version);
        let sql = sql.bind(done.counter).bind(done.merchant_id.to_string());
        let sql = sql.bind(done.store_id.to_string()).bind(done.kind).bind(done.sale_id);
        let sql = sql.bind(done.reference).bind(done.currency).bind(done.amount).bind(done.msat);
        self.run(sql.bind(done.balance_msat).bind(done.who).bind(done.at_ms)).await?;
        Ok(())
    }
}

impl Db {
    /// What moved a card's balance, the newest first, at most `limit`.
    pub async fn card_moves(&self, card: &str, limit: i64) -> Result<Vec<CardMove>, DbError> {
        let sql = query(
            "SELECT * FROM card_move WHERE card_id = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// A move at a store.
    pub async fn card_move(&self, store: &StoreId, id: &str) -> Result<CardMove, DbError> {
        let sql = query("SELECT * FROM card_move WHERE store_id = $1 AND id = $2");
        self.one(sql.bind(store.to_string()).bind(id.to_owned())).await
    }
}
