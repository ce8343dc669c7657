//! What a card's holder has: a page for a quarter of an hour, limits of its own, a name, an inbox.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// A link to a holder's page, made at a till.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardLink {
    /// SHA-256 of the one-time token, hex.
    pub token_hash: String,
    /// The card.
    pub card_id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Epoch milliseconds after which it leads nowhere.
    pub expires_ms: i64,
    /// Epoch milliseconds at which it was opened.
    pub used_ms: Option<i64>,
}

/// A holder at its card's page.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardSession {
    /// SHA-256 of the cookie's token, hex.
    pub token_hash: String,
    /// The card: nothing else is reached by it.
    pub card_id: String,
    /// Whose card it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The version of its keys when it was opened: a card that begins anew is another holder's.
    pub version: i64,
    /// What forms carry to prove they are ours.
    pub csrf: String,
    /// Epoch milliseconds of its end.
    pub expires_ms: i64,
}

impl Tx {
    /// Adds a link.
    pub async fn add_card_link(&mut self, link: &CardLink) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_link (token_hash, card_id, merchant_id, expires_ms)
             VALUES ($1, $2, $3, $4)",
        );
        let link = link.clone();
        let sql = sql.bind(link.token_hash).bind(link.card_id).bind(link.merchant_id.to_string());
        self.run(sql.bind(link.expires_ms)).await?;
        Ok(())
    }

    /// Opens a link: of all who try, one gets it.
    pub async fn use_card_link(
        &mut self,
        hash: &str,
        now: Time,
    ) -> Result<Option<CardLink>, DbError> {
        let sql = query(
            "UPDATE card_link SET used_ms = $2
             WHERE token_hash = $1 AND used_ms IS NULL AND expires_ms > $2 RETURNING *",
        );
        self.maybe(sql.bind(hash.to_owned()).bind(now.0)).await
    }

    /// Keeps a session.
    pub async fn add_card_session(
        &mut self,
        session: &CardSession,
        now: Time,
    ) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_session (token_hash, card_id, merchant_id, version, csrf, created_ms,
                 expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let session = session.clone();
        let sql = sql.bind(session.token_hash).bind(session.card_id);
        let sql = sql.bind(session.merchant_id.to_string()).bind(session.version);
        self.run(sql.bind(session.csrf).bind(now.0).bind(session.expires_ms)).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_card_session(&mut self, token_hash: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM card_session WHERE token_hash = $1");
        self.run(sql.bind(token_hash.to_owned())).await?;
        Ok(())
    }

    /// Writes a holder's limits, never above the merchant's; false if they are above.
    pub async fn set_holder_limits(
        &mut self,
        card: &str,
        tap_msat: i64,
        day_msat: i64,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET tap_limit_msat = $2, day_limit_msat = $3
             WHERE id = $1 AND tap_most_msat >= $2 AND day_most_msat >= $3 AND state <> 'gone'",
        );
        Ok(self.run(sql.bind(card.to_owned()).bind(tap_msat).bind(day_msat)).await? == 1)
    }

    /// Writes what a holder calls the card, and where its receipts go.
    pub async fn set_holder(
        &mut self,
        card: &str,
        nickname: &str,
        npub: &str,
    ) -> Result<(), DbError> {
        let sql = query("UPDATE card SET nickname = $2, npub = $3 WHERE id = $1");
        let sql = sql.bind(card.to_owned()).bind(nickname.to_owned());
        self.run(sql.bind(npub.to_owned())).await?;
        Ok(())
    }
}

impl Db {
    /// The live session behind a token's hash.
    pub async fn card_session(
        &self,
        token_hash: &str,
        now: Time,
    ) -> Result<Option<CardSession>, DbError> {
        let sql = query("SELECT * FROM card_session WHERE token_hash = $1 AND expires_ms > $2");
        self.maybe(sql.bind(token_hash.to_owned()).bind(now.0)).await
    }

    /// Forgets sessions, links and leaves to wipe that ended before `now`.
    pub async fn sweep_card_sessions(&self, now: Time) -> Result<u64, DbError> {
        self.run(query("DELETE FROM card_link WHERE expires_ms < $1").bind(now.0)).await?;
        self.run(query("DELETE FROM card_wipe WHERE expires_ms < $1").bind(now.0)).await?;
        self.run(query("DELETE FROM card_session WHERE expires_ms < $1").bind(now.0)).await
    }
}
