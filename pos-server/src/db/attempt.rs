//! Tries to collect a sale.

use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::id::{AttemptId, ConnectionId, MerchantId, SaleId, StoreId};
use crate::domain::time::Time;

/// One try to collect (part of) a sale over one rail.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attempt {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: AttemptId,
    /// The sale it collects for.
    #[sqlx(try_from = "String")]
    pub sale_id: SaleId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// The connection it was made over; none for cash and cards.
    pub connection_id: Option<String>,
    /// `lnd`, `btcpay`, `sandbox`, `cash`, `card`.
    pub rail: String,
    /// The rail's exact name for the offer.
    pub reference: String,
    /// `offered`, `seen`, `settled`, `expired`, `cancelled`, `failed`, `unknown`; `lost` while it is
    /// not known whether the rail made it: nobody has seen it then.
    pub state: String,
    /// Minor units of the sale's currency that it asks for.
    pub amount: i64,
    /// Millisatoshi that it asks for; zero for cash.
    pub asked_msat: i64,
    /// What the QR holds.
    pub request: Option<String>,
    /// The frozen quote as JSON.
    pub quote: Option<String>,
    /// Epoch milliseconds.
    pub offered_ms: i64,
    /// Epoch milliseconds after which it cannot be paid.
    pub expires_ms: i64,
    /// Epoch milliseconds of the rail's last answer.
    pub checked_ms: i64,
    /// Epoch milliseconds of the next look-up.
    pub next_check_ms: i64,
    /// Epoch milliseconds of its end.
    pub ended_ms: Option<i64>,
    /// Epoch milliseconds at which we first asked the rail to cancel it.
    pub cancelled_ms: Option<i64>,
}

impl Attempt {
    /// True while money can still come, or may have come.
    #[must_use]
    pub fn live(&self) -> bool {
        matches!(self.state.as_str(), "offered" | "seen" | "unknown")
    }
}

/// When offers are looked at again.
#[derive(Debug, Clone, Copy)]
pub struct NextLook {
    /// Those of most rails, which tell of payments themselves.
    pub usual: Time,
    /// Those of BTCPay, whose webhooks may be silent.
    pub btcpay: Time,
}

impl Tx {
    /// Adds an attempt.
    pub async fn add_attempt(&mut self, attempt: &Attempt) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO attempt (id, sale_id, merchant_id, store_id, connection_id, rail,
                 reference, state, amount, asked_msat, request, quote, offered_ms, expires_ms,
                 checked_ms, next_check_ms, ended_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        );
        let attempt = attempt.clone();
        let sql = sql.bind(attempt.id.to_string()).bind(attempt.sale_id.to_string());
        let sql = sql.bind(attempt.merchant_id.to_string()).bind(attempt.store_id.to_string());
        let sql = sql.bind(attempt.connection_id).bind(attempt.rail).bind(attempt.reference);
        let sql = sql.bind(attempt.state).bind(attempt.amount).bind(attempt.asked_msat);
        let sql = sql.bind(attempt.request).bind(attempt.quote).bind(attempt.offered_ms);
        let sql = sql.bind(attempt.expires_ms).bind(attempt.checked_ms);
        self.run(sql.bind(attempt.next_check_ms).bind(attempt.ended_ms)).await?;
        Ok(())
    }

    /// A merchant's attempt behind a rail's reference.
    pub async fn attempt_by_reference(
        &mut self,
        merchant: &MerchantId,
        rail: &str,
        reference: &str,
    ) -> Result<Option<Attempt>, DbError> {
        let sql =
            query("SELECT * FROM attempt WHERE merchant_id = $1 AND rail = $2 AND reference = $3");
        let sql = sql.bind(merchant.to_string()).bind(rail.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// The attempts of a sale, the oldest first.
    pub async fn attempts_of(&mut self, sale: &SaleId) -> Result<Vec<Attempt>, DbError> {
        let sql = query("SELECT * FROM attempt WHERE sale_id = $1 ORDER BY offered_ms, id");
        self.all(sql.bind(sale.to_string())).await
    }

    /// Moves an attempt from a state it was read in; false if somebody else moved it first.
    pub async fn move_attempt(
        &mut self,
        id: &AttemptId,
        was: &str,
        to: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let ended = (!matches!(to, "offered" | "seen" | "unknown" | "lost")).then_some(now.0);
        let sql = query(
            "UPDATE attempt SET state = $3, checked_ms = $4, ended_ms = $5
             WHERE id = $1 AND state = $2",
        );
        let sql = sql.bind(id.to_string()).bind(was.to_owned()).bind(to.to_owned());
        Ok(self.run(sql.bind(now.0).bind(ended)).await? == 1)
    }

    /// Notes that we ask the rail to cancel an attempt: what is marked invalid there after that is
    /// our own doing.
    pub async fn note_cancelling(&mut self, id: &AttemptId, now: Time) -> Result<(), DbError> {
        let sql =
            query("UPDATE attempt SET cancelled_ms = $2 WHERE id = $1 AND cancelled_ms IS NULL");
        self.run(sql.bind(id.to_string()).bind(now.0)).await?;
        Ok(())
    }

    /// Makes every live offer of a sale due for a look.
    pub async fn look_now(&mut self, sale: &SaleId, now: Time) -> Result<(), DbError> {
        let sql = query(
            "UPDATE attempt SET next_check_ms = $2
             WHERE sale_id = $1 AND state IN ('offered', 'seen', 'unknown') AND rail <> 'cash'",
        );
        self.run(sql.bind(sale.to_string()).bind(now.0)).await?;
        Ok(())
    }
}

impl Db {
    /// The attempts of a sale, the oldest first.
    pub async fn attempts(&self, sale: &SaleId) -> Result<Vec<Attempt>, DbError> {
        let sql = query("SELECT * FROM attempt WHERE sale_id = $1 ORDER BY offered_ms, id");
        self.all(sql.bind(sale.to_string())).await
    }

    /// A merchant's attempt behind a rail's reference, read outside any transaction.
    pub async fn find_attempt(
        &self,
        merchant: &MerchantId,
        rail: &str,
        reference: &str,
    ) -> Result<Option<Attempt>, DbError> {
        let sql =
            query("SELECT * FROM attempt WHERE merchant_id = $1 AND rail = $2 AND reference = $3");
        let sql = sql.bind(merchant.to_string()).bind(rail.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// Takes attempts that want a look at their rail, and puts their next look off, so that of many
    /// workers one has each.
    pub async fn claim_checks(
        &self,
        now: Time,
        again: NextLook,
        limit: i64,
    ) -> Result<Vec<Attempt>, DbError> {
        let due = query(
            "SELECT id FROM attempt WHERE state IN ('offered', 'seen', 'unknown', 'lost')
                 AND next_check_ms <= $1 AND rail <> 'cash' LIMIT 1",
        );
        let claim = match self.kind() {
            // What another worker is about to take, or somebody settles, is left to them: two who
            // took the same ones in another order would wait for each other.
            Kind::Postgres => query(
                "UPDATE attempt SET next_check_ms =
                     CASE WHEN rail = 'btcpay' THEN $3 ELSE $2 END WHERE id IN (
                     SELECT id FROM attempt WHERE state IN ('offered', 'seen', 'unknown', 'lost')
                         AND next_check_ms <= $1 AND rail <> 'cash'
                     ORDER BY next_check_ms LIMIT $4 FOR UPDATE SKIP LOCKED)
                 RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE attempt SET next_check_ms =
                     CASE WHEN rail = 'btcpay' THEN $3 ELSE $2 END WHERE id IN (
                     SELECT id FROM attempt WHERE state IN ('offered', 'seen', 'unknown', 'lost')
                         AND next_check_ms <= $1 AND rail <> 'cash'
                     ORDER BY next_check_ms LIMIT $4)
                 RETURNING *",
            ),
        };
        let claim = claim.bind(now.0).bind(again.usual.0).bind(again.btcpay.0);
        self.claim(due.bind(now.0), claim.bind(limit)).await
    }

    /// Open attempts of one connection, for a look-up after a reconnect.
    pub async fn live_attempts(&self, connection: &ConnectionId) -> Result<Vec<Attempt>, DbError> {
        let sql = query(
            "SELECT * FROM attempt WHERE connection_id = $1
                 AND state IN ('offered', 'seen', 'unknown', 'lost') ORDER BY offered_ms",
        );
        self.all(sql.bind(connection.to_string())).await
    }
}
