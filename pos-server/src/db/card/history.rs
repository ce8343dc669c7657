//! What happened to a card, for its holder: what moved its balance and where, a page at a time, and
//! all that is kept of it. A chip that was wiped and set up anew is another holder's card: what was
//! before `since` is not told.

use sqlx::query;

use super::super::{Db, DbError};
use super::{CardAlarm, CardMove, CardTap, DrawnTopUp, Payout};
use crate::domain::time::Time;

/// What moved a balance, and where.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HolderMove {
    /// What moved.
    #[sqlx(flatten)]
    pub done: CardMove,
    /// The store's name.
    pub store_name: String,
    /// The unguessable address of the sale's receipt, if it paid one.
    pub receipt_token: Option<String>,
}

impl Db {
    /// What moved a card's balance since `since` and before the move `before` (time and id), the
    /// newest first, at most `limit`.
    pub async fn holder_moves(
        &self,
        card: &str,
        since: Time,
        (before_ms, before): (i64, &str),
        limit: i64,
    ) -> Result<Vec<HolderMove>, DbError> {
        let sql = query(
            "SELECT card_move.*, store.name AS store_name, sale.receipt_token
             FROM card_move JOIN store ON store.id = card_move.store_id
                 LEFT JOIN sale ON sale.id = card_move.sale_id
             WHERE card_move.card_id = $1 AND card_move.at_ms >= $2
                 AND (card_move.at_ms < $3 OR (card_move.at_ms = $3 AND card_move.id < $4))
             ORDER BY card_move.at_ms DESC, card_move.id DESC LIMIT $5",
        );
        let sql = sql.bind(card.to_owned()).bind(since.0).bind(before_ms);
        self.all(sql.bind(before.to_owned()).bind(limit)).await
    }

    /// A card's payments to other tills that were reserved in a span of time, both ends in it.
    pub async fn card_payouts_between(
        &self,
        card: &str,
        from: Time,
        to: Time,
    ) -> Result<Vec<Payout>, DbError> {
        let sql = query(
            "SELECT * FROM card_payout
             WHERE card_id = $1 AND created_ms >= $2 AND created_ms <= $3
             ORDER BY created_ms DESC, id DESC",
        );
        self.all(sql.bind(card.to_owned()).bind(from.0).bind(to.0)).await
    }

    /// A card's codes for top-ups since `since`, the newest first.
    pub async fn card_drawn(&self, card: &str, since: Time) -> Result<Vec<DrawnTopUp>, DbError> {
        let sql = query(
            "SELECT * FROM card_top_up WHERE card_id = $1 AND created_ms >= $2
             ORDER BY created_ms DESC, id DESC",
        );
        self.all(sql.bind(card.to_owned()).bind(since.0)).await
    }

    /// A card's taps since `since`, the newest first.
    pub async fn card_taps_since(&self, card: &str, since: Time) -> Result<Vec<CardTap>, DbError> {
        let sql = query(
            "SELECT * FROM card_tap WHERE card_id = $1 AND at_ms >= $2
             ORDER BY at_ms DESC, id DESC",
        );
        self.all(sql.bind(card.to_owned()).bind(since.0)).await
    }

    /// What was raised over a card since `since`, the newest first.
    pub async fn card_alarms_of(&self, card: &str, since: Time) -> Result<Vec<CardAlarm>, DbError> {
        let sql = query(
            "SELECT * FROM card_alarm WHERE card_id = $1 AND at_ms >= $2
             ORDER BY at_ms DESC, id DESC",
        );
        self.all(sql.bind(card.to_owned()).bind(since.0)).await
    }
}
