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

    /// Ends the sessions of a card but one: whoever holds the card now has it.
    pub async fn end_other_card_sessions(&mut self, card: &str, but: &str) -> Result<(), DbError> {
        let sql = query("DELETE FROM card_session WHERE card_id = $1 AND token_hash <> $2");
        self.run(sql.bind(card.to_owned()).bind(but.to_owned())).await?;
        Ok(())
    }

    /// Thaws a card that its holder froze, by the hash of its PIN that `card::pin` found right; false
    /// if it is not frozen by its holder, or has another PIN.
    pub async fn thaw_own_card(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        pin: &str,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET state = CASE WHEN confirmed_ms IS NULL THEN 'new' ELSE 'active' END,
                 frozen_by = ''
             WHERE id = $1 AND merchant_id = $2 AND pin_hash = $3 AND state = 'frozen'
                 AND frozen_by = 'holder'",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string());
        Ok(self.run(sql.bind(pin.to_owned())).await? == 1)
    }

    /// Writes a holder's PIN, or takes it away, if the one before is still the one that was proven.
    pub async fn set_own_pin(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        (before, hash): (Option<&str>, Option<&str>),
        from_msat: i64,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET pin_hash = $3, pin_from_msat = $4, pin_failed = 0
             WHERE id = $1 AND merchant_id = $2 AND COALESCE(pin_hash, '') = $5
                 AND state <> 'gone'",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string());
        let sql = sql.bind(hash.map(ToOwned::to_owned)).bind(from_msat);
        Ok(self.run(sql.bind(before.unwrap_or_default().to_owned())).await? == 1)
    }

    /// Writes a holder's limits, in millisatoshi, never above the merchant's. One that becomes higher
    /// wants the hash of the PIN, if the card has one. False if they may not be so.
    pub async fn set_holder_limits(
        &mut self,
        merchant: &MerchantId,
        card: &str,
        (tap_msat, day_msat): (i64, i64),
        pin: Option<&str>,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET tap_limit_msat = $3, day_limit_msat = $4
             WHERE id = $1 AND merchant_id = $2 AND tap_most_msat >= $3 AND day_most_msat >= $4
                 AND state <> 'gone'
                 AND (pin_hash IS NULL OR pin_hash = $5
                     OR (tap_limit_msat >= $3 AND day_limit_msat >= $4))",
        );
        let sql = sql.bind(card.to_owned()).bind(merchant.to_string());
        let sql = sql.bind(tap_msat).bind(day_msat).bind(pin.map(ToOwned::to_owned));
        Ok(self.run(sql).await? == 1)
    }

    /// Writes what a holder calls the card.
    pub async fn set_nickname(
        &mut self,
        merchant: &MerchantId,
        card: &str,
        nickname: &str,
    ) -> Result<(), DbError> {
        let sql = query("UPDATE card SET nickname = $3 WHERE id = $1 AND merchant_id = $2");
        let sql = sql.bind(card.to_owned()).bind(merchant.to_string());
        self.run(sql.bind(nickname.to_owned())).await?;
        Ok(())
    }

    /// Writes where a holder's receipts go, or nowhere. To go somewhere wants the hash of the PIN, if
    /// the card has one; false without it.
    pub async fn set_inbox(
        &mut self,
        merchant: &MerchantId,
        card: &str,
        npub: &str,
        pin: Option<&str>,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET npub = $3 WHERE id = $1 AND merchant_id = $2
                 AND ($3 = '' OR pin_hash IS NULL OR pin_hash = $4)",
        );
        let sql = sql.bind(card.to_owned()).bind(merchant.to_string()).bind(npub.to_owned());
        Ok(self.run(sql.bind(pin.map(ToOwned::to_owned))).await? == 1)
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
