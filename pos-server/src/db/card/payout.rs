//! Cards at other tills: what a tap was traded for, and the payments that came of it.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;

/// What a proven tap was traded for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Ticket {
    /// SHA-256 of the secret that the other till holds, hex.
    pub k1_hash: String,
    /// The card.
    pub card_id: String,
    /// The version of the keys that proved the tap.
    pub version: i64,
    /// The tap's counter.
    pub counter: i64,
    /// Epoch milliseconds after which it is good for nothing.
    pub expires_ms: i64,
    /// Epoch milliseconds at which an invoice was first shown with it.
    pub used_ms: Option<i64>,
    /// What that was refused for; empty if it was not.
    pub why: String,
}

/// A payment of a card to another till.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Payout {
    /// Its id, a UUID.
    pub id: String,
    /// The ticket that it was made for.
    pub k1_hash: String,
    /// The card.
    pub card_id: String,
    /// `practice` or `real`.
    pub money: String,
    /// Whose card it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The store whose node pays.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// The connection that pays.
    pub connection_id: String,
    /// `lnd`, `btcpay`, `sandbox`.
    pub rail: String,
    /// The payment's exact name.
    pub payment_hash: String,
    /// The invoice.
    pub request: String,
    /// What it asks for.
    pub msat: i64,
    /// What was reserved for the way.
    pub fee_limit_msat: i64,
    /// What the way cost.
    pub fee_msat: i64,
    /// The date in the store when it was reserved.
    pub day: String,
    /// `reserved`, `sent`, `unknown`, `paid`, `failed`.
    pub state: String,
    /// Why it failed, or is not known.
    pub why: String,
    /// The process that pays it.
    pub holder: String,
    /// Epoch milliseconds at which the invoice ends: after that no node pays it.
    pub expires_ms: i64,
    /// Epoch milliseconds of the reservation.
    pub created_ms: i64,
    /// Epoch milliseconds at which it was given to the node, or was about to be.
    pub sent_ms: Option<i64>,
    /// Epoch milliseconds at which whoever gave it to the node had done so, or had given up.
    pub left_ms: Option<i64>,
    /// Epoch milliseconds of its end.
    pub ended_ms: Option<i64>,
    /// Epoch milliseconds of the next look.
    pub next_check_ms: i64,
}

/// Money that is to be reserved.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// The card.
    pub card_id: String,
    /// The version of its keys.
    pub version: i64,
    /// Amount and fee limit together.
    pub msat: i64,
    /// The amount alone, by which the PIN is asked.
    pub amount_msat: i64,
    /// The date in the store.
    pub day: String,
    /// The hash of the card's PIN, which `card::pin::check` found right; nothing if none was asked.
    pub pin: Option<String>,
}

impl Payout {
    /// What was taken off the card.
    #[must_use]
    pub fn reserved(&self) -> i64 {
        self.msat.saturating_add(self.fee_limit_msat)
    }

    /// True until its end is known.
    #[must_use]
    pub fn under_way(&self) -> bool {
        !matches!(self.state.as_str(), "paid" | "failed")
    }
}

impl Tx {
    /// Adds a ticket.
    pub async fn add_ticket(&mut self, ticket: &Ticket) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_ticket (k1_hash, card_id, version, counter, expires_ms)
             VALUES ($1, $2, $3, $4, $5)",
        );
        let ticket = ticket.clone();
        let sql = sql.bind(ticket.k1_hash).bind(ticket.card_id).bind(ticket.version);
        self.run(sql.bind(ticket.counter).bind(ticket.expires_ms)).await?;
        Ok(())
    }

    /// Uses a ticket; none if it was used, is over, or never was.
    pub async fn use_ticket(
        &mut self,
        k1_hash: &str,
        now: Time,
    ) -> Result<Option<Ticket>, DbError> {
        let sql = query(
            "UPDATE card_ticket SET used_ms = $2
             WHERE k1_hash = $1 AND used_ms IS NULL AND expires_ms > $2 RETURNING *",
        );
        self.maybe(sql.bind(k1_hash.to_owned()).bind(now.0)).await
    }

    /// Writes down what a used ticket was refused for.
    pub async fn refuse_ticket(&mut self, k1_hash: &str, why: &str) -> Result<(), DbError> {
        let sql = query("UPDATE card_ticket SET why = $2 WHERE k1_hash = $1");
        self.run(sql.bind(k1_hash.to_owned()).bind(why.to_owned())).await?;
        Ok(())
    }

    /// Takes money off a card for a payment to another till, if its state, end, limits, balance and PIN
    /// allow it; answers what is left on it. Its tap was used up before.
    pub async fn reserve_from_card(
        &mut self,
        reserve: &Reserve,
        now: Time,
    ) -> Result<Option<i64>, DbError> {
        let sql = query(
            "UPDATE card SET balance_msat = balance_msat - $3,
                 spent_msat = $3 + CASE WHEN spent_day = $4 THEN spent_msat ELSE 0 END,
                 spent_day = $4
             WHERE id = $1 AND version = $2 AND state = 'active'
                 AND balance_msat >= $3 AND tap_limit_msat >= $3
                 AND day_limit_msat
                     >= $3 + CASE WHEN spent_day = $4 THEN spent_msat ELSE 0 END
                 AND (expires_ms IS NULL OR expires_ms > $5)
                 AND (pin_hash IS NULL OR pin_from_msat > $6 OR pin_hash = $7)
             RETURNING balance_msat",
        );
        let reserve = reserve.clone();
        let sql = sql.bind(reserve.card_id).bind(reserve.version).bind(reserve.msat);
        let sql = sql.bind(reserve.day).bind(now.0).bind(reserve.amount_msat).bind(reserve.pin);
        let row: Option<(i64,)> = self.maybe(sql).await?;
        Ok(row.map(|(left,)| left))
    }

    /// The card that stands for a card now: itself, or what it was replaced by. Locks it.
    pub async fn card_now(&mut self, card: &str) -> Result<String, DbError> {
        let mut id = card.to_owned();
        // Nobody replaces a card so often; a ring that no code of ours makes ends here, too.
        for _ in 0..100 {
            let sql = query("UPDATE card SET id = id WHERE id = $1 RETURNING state, replaced_by");
            let (state, next): (String, Option<String>) = self.one(sql.bind(id.clone())).await?;
            match next.filter(|_| state == "gone") {
                Some(next) => id = next,
                None => break,
            }
        }
        Ok(id)
    }

    /// Gives money back to a card, whatever its state, and room in the limit of the day it was taken
    /// on; answers what is on it then.
    pub async fn return_to_card(
        &mut self,
        card: &str,
        msat: i64,
        day: &str,
    ) -> Result<i64, DbError> {
        let sql = query(
            "UPDATE card SET balance_msat = balance_msat + $2,
                 spent_msat = CASE WHEN spent_day <> $3 THEN spent_msat
                     WHEN spent_msat > $2 THEN spent_msat - $2 ELSE 0 END
             WHERE id = $1 RETURNING balance_msat",
        );
        let sql = sql.bind(card.to_owned()).bind(msat).bind(day.to_owned());
        let (holds,): (i64,) = self.one(sql).await?;
        Ok(holds)
    }

    /// True when an invoice was shown to any card of this installation: two merchants may pay by one
    /// node, which pays it once.
    pub async fn invoice_was_shown(&mut self, payment_hash: &str) -> Result<bool, DbError> {
        let sql = query("SELECT COUNT(*) FROM card_payout WHERE payment_hash = $1");
        let (many,): (i64,) = self.one(sql.bind(payment_hash.to_owned())).await?;
        Ok(many > 0)
    }

    /// Adds a payment; false if this invoice had one before.
    pub async fn add_payout(&mut self, payout: &Payout) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_payout (id, k1_hash, card_id, money, merchant_id, store_id,
                 connection_id, rail, payment_hash, request, msat, fee_limit_msat, day, state,
                 holder, expires_ms, created_ms, next_check_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                 $18) ON CONFLICT DO NOTHING",
        );
        let new = payout.clone();
        let sql = sql.bind(new.id).bind(new.k1_hash).bind(new.card_id).bind(new.money);
        let sql = sql.bind(new.merchant_id.to_string()).bind(new.store_id.to_string());
        let sql = sql.bind(new.connection_id).bind(new.rail).bind(new.payment_hash);
        let sql = sql.bind(new.request).bind(new.msat).bind(new.fee_limit_msat).bind(new.day);
        let sql = sql.bind(new.state).bind(new.holder).bind(new.expires_ms);
        Ok(self.run(sql.bind(new.created_ms).bind(new.next_check_ms)).await? == 1)
    }

    /// Takes a payment away that was added in this transaction.
    pub async fn drop_payout(&mut self, id: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM card_payout WHERE id = $1 AND state = 'reserved'");
        self.run(sql.bind(id.to_owned())).await?;
        Ok(())
    }

    /// Ends a payment; false if somebody else ended it first. One that was read as reserved must be so
    /// still: it may have been given to the node since.
    pub async fn end_payout(
        &mut self,
        payout: &Payout,
        state: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_payout SET state = $3, fee_msat = $4, why = $5, ended_ms = $6
             WHERE id = $1 AND (state = $2 OR (state IN ('sent', 'unknown') AND $2 <> 'reserved'))",
        );
        let sql = sql.bind(payout.id.clone()).bind(payout.state.clone()).bind(state.to_owned());
        let sql = sql.bind(payout.fee_msat).bind(payout.why.clone()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }
}

impl Db {
    /// A ticket by its secret's hash.
    pub async fn ticket(&self, k1_hash: &str) -> Result<Option<Ticket>, DbError> {
        let sql = query("SELECT * FROM card_ticket WHERE k1_hash = $1");
        self.maybe(sql.bind(k1_hash.to_owned())).await
    }

    /// A payment by its id.
    pub async fn payout(&self, id: &str) -> Result<Option<Payout>, DbError> {
        let sql = query("SELECT * FROM card_payout WHERE id = $1");
        self.maybe(sql.bind(id.to_owned())).await
    }

    /// The payment that a ticket was used for.
    pub async fn payout_of_ticket(&self, k1_hash: &str) -> Result<Option<Payout>, DbError> {
        let sql = query("SELECT * FROM card_payout WHERE k1_hash = $1");
        self.maybe(sql.bind(k1_hash.to_owned())).await
    }

    /// A card's payments to other tills, the newest first, at most `limit`.
    pub async fn card_payouts(&self, card: &str, limit: i64) -> Result<Vec<Payout>, DbError> {
        let sql = query(
            "SELECT * FROM card_payout WHERE card_id = $1
             ORDER BY created_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// Says that a reserved payment is about to be given to the node: false if it is not ours to give
    /// any more.
    pub async fn send_payout(&self, id: &str, now: Time, look: Time) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card_payout SET state = 'sent', sent_ms = $2, next_check_ms = $3
             WHERE id = $1 AND state = 'reserved'",
        );
        Ok(self.run(sql.bind(id.to_owned()).bind(now.0).bind(look.0)).await? == 1)
    }

    /// Notes that whoever gave a payment to the node is done with that, and whether he knows that the
    /// node has it.
    pub async fn leave_payout(
        &self,
        id: &str,
        known: bool,
        why: &str,
        now: Time,
    ) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card_payout SET state = $2, why = $3, left_ms = $4, next_check_ms = $4
             WHERE id = $1 AND state IN ('sent', 'unknown')",
        );
        let state = if known { "sent" } else { "unknown" };
        let sql = sql.bind(id.to_owned()).bind(state).bind(why.to_owned()).bind(now.0);
        self.run(sql).await?;
        Ok(())
    }

    /// Notes that a look told nothing.
    pub async fn doubt_payout(&self, id: &str, why: &str) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card_payout SET state = 'unknown', why = $2
             WHERE id = $1 AND state IN ('sent', 'unknown')",
        );
        self.run(sql.bind(id.to_owned()).bind(why.to_owned())).await?;
        Ok(())
    }

    /// Takes payments whose end is not known and that are due for a look, and puts their next look
    /// off, so that of many workers one has each.
    pub async fn claim_payouts(
        &self,
        now: Time,
        again: Time,
        limit: i64,
    ) -> Result<Vec<Payout>, DbError> {
        let due = query(
            "SELECT id FROM card_payout WHERE state IN ('reserved', 'sent', 'unknown')
                 AND next_check_ms <= $1 LIMIT 1",
        );
        let claim = match self.kind() {
            Kind::Postgres => query(
                "UPDATE card_payout SET next_check_ms = $2 WHERE id IN (
                     SELECT id FROM card_payout WHERE state IN ('reserved', 'sent', 'unknown')
                         AND next_check_ms <= $1
                     ORDER BY next_check_ms LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *",
            ),
            Kind::Sqlite => query(
                "UPDATE card_payout SET next_check_ms = $2 WHERE id IN (
                     SELECT id FROM card_payout WHERE state IN ('reserved', 'sent', 'unknown')
                         AND next_check_ms <= $1
                     ORDER BY next_check_ms LIMIT $3) RETURNING *",
            ),
        };
        self.claim(due.bind(now.0), claim.bind(now.0).bind(again.0).bind(limit)).await
    }

    /// Forgets tickets that ended before `before`; the payments stay.
    pub async fn sweep_tickets(&self, before: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM card_ticket WHERE expires_ms < $1").bind(before.0)).await
    }
}
