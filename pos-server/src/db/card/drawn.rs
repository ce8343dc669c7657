//! Top-ups by Lightning: the address of a card for them, and the invoices made there.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// An invoice that puts money on a card.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DrawnTopUp {
    /// Its id, a UUID.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// `practice` or `real`.
    pub money: String,
    /// Whose card it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The store at whose node it was made.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// The connection it was made over.
    pub connection_id: String,
    /// `lnd`, `btcpay`, `sandbox`.
    pub rail: String,
    /// Its payment hash.
    pub reference: String,
    /// The rail's own name for it.
    pub at_rail: String,
    /// The invoice.
    pub request: String,
    /// What it asks for.
    pub msat: i64,
    /// What the payer wrote with it.
    pub comment: String,
    /// `open`, `paid`, `found` (it was paid, and the card took no more), `over`.
    pub state: String,
    /// What came.
    pub paid_msat: Option<i64>,
    /// Epoch milliseconds at which it came.
    pub paid_ms: Option<i64>,
    /// Epoch milliseconds after which it cannot be paid.
    pub expires_ms: i64,
    /// Epoch milliseconds of its making.
    pub created_ms: i64,
    /// Epoch milliseconds of the next look.
    pub next_check_ms: i64,
}

impl Tx {
    /// Adds a top-up.
    pub async fn add_drawn(&mut self, drawn: &DrawnTopUp) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_top_up (id, card_id, money, merchant_id, store_id, connection_id,
                 rail, reference, at_rail, request, msat, comment, state, expires_ms, created_ms,
                 next_check_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        );
        let new = drawn.clone();
        let sql = sql.bind(new.id).bind(new.card_id).bind(new.money);
        let sql = sql.bind(new.merchant_id.to_string()).bind(new.store_id.to_string());
        let sql = sql.bind(new.connection_id).bind(new.rail).bind(new.reference);
        let sql = sql.bind(new.at_rail).bind(new.request).bind(new.msat).bind(new.comment);
        let sql = sql.bind(new.state).bind(new.expires_ms).bind(new.created_ms);
        self.run(sql.bind(new.next_check_ms)).await?;
        Ok(())
    }

    /// The top-up behind a rail's reference, locked; none if it is no top-up of this merchant.
    pub async fn lock_drawn(
        &mut self,
        merchant: &MerchantId,
        rail: &str,
        reference: &str,
    ) -> Result<Option<DrawnTopUp>, DbError> {
        let sql = query(
            "UPDATE card_top_up SET id = id
             WHERE merchant_id = $1 AND rail = $2 AND reference = $3 RETURNING *",
        );
        let sql = sql.bind(merchant.to_string()).bind(rail.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// Writes down what came for a top-up, once; false if that was done before.
    pub async fn end_drawn(
        &mut self,
        id: &str,
        state: &str,
        msat: i64,
        at: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_top_up SET state = $2, paid_msat = $3, paid_ms = $4
             WHERE id = $1 AND paid_ms IS NULL",
        );
        let sql = sql.bind(id.to_owned()).bind(state.to_owned()).bind(msat).bind(at.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Puts money on a card that was paid for by Lightning, if its state, end and most allow it;
    /// answers what is on it then.
    pub async fn put_on_card(
        &mut self,
        card: &str,
        msat: i64,
        now: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE card SET balance_msat = balance_msat + $2
             WHERE id = $1 AND state IN ('new', 'active')
                 AND (expires_ms IS NULL OR expires_ms > $3)
                 AND (balance_limit_msat IS NULL OR balance_limit_msat >= balance_msat + $2)
                 AND NOT EXISTS (SELECT 1 FROM card_backing WHERE card_id = card.id)
             RETURNING balance_msat",
        );
        let row: Option<(i64,)> =
            self.maybe(sql.bind(card.to_owned()).bind(msat).bind(now.0)).await?;
        Ok(row.map(|(holds,)| holds))
    }
}

impl Db {
    /// The token of a card's address for top-ups, made if it has none: `fresh` becomes it then.
    pub async fn card_pay_token(
        &self,
        card: &str,
        fresh: &str,
        now: Time,
    ) -> Result<String, DbError> {
        let find =
            || query("SELECT token FROM card_pay_link WHERE card_id = $1").bind(card.to_owned());
        if let Some((token,)) = self.maybe::<(String,)>(find()).await? {
            return Ok(token);
        }
        let add = query(
            "INSERT INTO card_pay_link (token, card_id, created_ms) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        );
        self.run(add.bind(fresh.to_owned()).bind(card.to_owned()).bind(now.0)).await?;
        let (token,): (String,) = self.one(find()).await?;
        Ok(token)
    }

    /// The card behind a token.
    pub async fn card_of_pay_token(&self, token: &str) -> Result<Option<super::Card>, DbError> {
        let sql = query(
            "SELECT card.* FROM card JOIN card_pay_link ON card_pay_link.card_id = card.id
             WHERE card_pay_link.token = $1",
        );
        self.maybe(sql.bind(token.to_owned())).await
    }

    /// A card's top-up by its payment hash.
    pub async fn drawn(&self, card: &str, hash: &str) -> Result<Option<DrawnTopUp>, DbError> {
        let sql = query("SELECT * FROM card_top_up WHERE card_id = $1 AND reference = $2");
        self.maybe(sql.bind(card.to_owned()).bind(hash.to_owned())).await
    }

    /// A card's top-ups that were paid, the newest first, at most `limit`.
    pub async fn paid_drawn(&self, card: &str, limit: i64) -> Result<Vec<DrawnTopUp>, DbError> {
        let sql = query(
            "SELECT * FROM card_top_up WHERE card_id = $1 AND paid_ms IS NOT NULL
             ORDER BY created_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// How many top-ups of a card can still be paid.
    pub async fn open_drawn(&self, card: &str, now: Time) -> Result<i64, DbError> {
        let sql = query(
            "SELECT COUNT(*) FROM card_top_up
             WHERE card_id = $1 AND state = 'open' AND expires_ms > $2",
        );
        let (many,): (i64,) = self.one(sql.bind(card.to_owned()).bind(now.0)).await?;
        Ok(many)
    }

    /// Notes that nothing came for a top-up, and nothing can come any more.
    pub async fn drawn_is_over(&self, id: &str) -> Result<(), DbError> {
        let sql = query("UPDATE card_top_up SET state = 'over' WHERE id = $1 AND state = 'open'");
        self.run(sql.bind(id.to_owned())).await?;
        Ok(())
    }

    /// Takes top-ups that are due for a look, and puts their next look off, so that of many workers
    /// one has each.
    pub async fn claim_drawn(
        &self,
        now: Time,
        again: Time,
        limit: i64,
    ) -> Result<Vec<DrawnTopUp>, DbError> {
        let due = query(
            "SELECT id FROM card_top_up WHERE state = 'open' AND next_check_ms <= $1 LIMIT 1",
        );
        let claim = match self.kind() {
            Kind::Postgres => query(
                "UPDATE card_top_up SET next_check_ms = $2 WHERE id IN (
                     SELECT id FROM card_top_up WHERE state = 'open' AND next_check_ms <= $1
                     ORDER BY next_check_ms LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE card_top_up SET next_check_ms = $2 WHERE id IN (
                     SELECT id FROM card_top_up WHERE state = 'open' AND next_check_ms <= $1
                     ORDER BY next_check_ms LIMIT $3) RETURNING *",
            ),
        };
        self.claim(due.bind(now.0), claim.bind(now.0).bind(again.0).bind(limit)).await
    }
}
