//! Cards whose money is at a BTCPay Server: where, and by which keys their taps are proven.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// Where a card's money is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardBacking {
    /// The card.
    pub card_id: String,
    /// Whose card it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The server's address.
    pub server: String,
    /// The store's id there.
    pub there: String,
    /// The pull payment's id: whoever knows it can claim from it.
    pub purse: String,
    /// Where its taps lead, `lnurlw://…`.
    pub link: String,
    /// 1 if it was issued elsewhere and brought in by a tap.
    pub imported: i64,
    /// Millisatoshi that were left when BTCPay was last asked.
    pub left_msat: Option<i64>,
    /// Epoch milliseconds of that.
    pub seen_ms: Option<i64>,
    /// Epoch milliseconds at which its pull payment was put away by us.
    pub ended_ms: Option<i64>,
}

/// What a leave to set a card up is for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SetupBacking {
    /// SHA-256 of the leave's token, hex.
    pub token_hash: String,
    /// Whose card it will be.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// The server's address.
    pub server: String,
    /// The store's id there.
    pub there: String,
    /// Our reference in the pull payment's name.
    pub reference: String,
    /// What is set aside; zero for a card that is set up again.
    pub sats: i64,
    /// The pull payment, once it is known to be made.
    pub purse: Option<String>,
    /// Epoch milliseconds after which it is no leave any more.
    pub expires_ms: i64,
    /// Epoch milliseconds at which a card took it, or it was put away again.
    pub settled_ms: Option<i64>,
}

/// Sealed keys of one version.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CardKeyRow {
    /// The version.
    pub version: i64,
    /// K0 to K4, sealed.
    pub sealed: Vec<u8>,
    /// The leave they were given out for.
    pub setup: Option<String>,
}

/// The sealed K1 of a merchant's server.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CardOpener {
    /// The merchant.
    pub merchant_id: String,
    /// The server's address.
    pub server: String,
    /// K1, sealed.
    pub sealed: Vec<u8>,
}

impl Tx {
    /// Says where a card's money is; false if that is said already.
    pub async fn add_card_backing(&mut self, new: &CardBacking) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO card_backing (card_id, merchant_id, server, there, purse, link, imported)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        );
        let new = new.clone();
        let sql = sql.bind(new.card_id).bind(new.merchant_id.to_string()).bind(new.server);
        let sql = sql.bind(new.there).bind(new.purse).bind(new.link).bind(new.imported);
        Ok(self.run(sql).await? == 1)
    }

    /// Where a card's money is, if it is at BTCPay.
    pub async fn card_backing(&mut self, card: &str) -> Result<Option<CardBacking>, DbError> {
        let sql = query("SELECT * FROM card_backing WHERE card_id = $1");
        self.maybe(sql.bind(card.to_owned())).await
    }

    /// Keeps a card's keys of a version.
    pub async fn put_card_key(&mut self, card: &str, key: &CardKeyRow) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_key (card_id, version, sealed, setup) VALUES ($1, $2, $3, $4)
             ON CONFLICT (card_id, version) DO UPDATE SET
                 sealed = excluded.sealed, setup = excluded.setup",
        );
        let key = key.clone();
        let sql = sql.bind(card.to_owned()).bind(key.version).bind(key.sealed);
        self.run(sql.bind(key.setup)).await?;
        Ok(())
    }

    /// Keeps the K1 of a merchant's server.
    pub async fn put_card_opener(&mut self, opener: &CardOpener) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_opener (merchant_id, server, sealed) VALUES ($1, $2, $3)
             ON CONFLICT (merchant_id, server) DO UPDATE SET sealed = excluded.sealed",
        );
        let opener = opener.clone();
        let sql = sql.bind(opener.merchant_id).bind(opener.server).bind(opener.sealed);
        self.run(sql).await?;
        Ok(())
    }

    /// Lets the next tap by keys of `version` end the ones before.
    pub async fn await_card_version(&mut self, card: &str, version: i64) -> Result<(), DbError> {
        let sql = query("UPDATE card SET next_version = $2 WHERE id = $1 AND version < $2");
        self.run(sql.bind(card.to_owned()).bind(version)).await?;
        Ok(())
    }

    /// Adds what a leave is for.
    pub async fn add_setup_backing(&mut self, new: &SetupBacking) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_setup_backing (token_hash, merchant_id, server, there, reference,
                 sats, purse, expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let new = new.clone();
        let sql = sql.bind(new.token_hash).bind(new.merchant_id.to_string()).bind(new.server);
        let sql = sql.bind(new.there).bind(new.reference).bind(new.sats).bind(new.purse);
        self.run(sql.bind(new.expires_ms)).await?;
        Ok(())
    }

    /// Notes that a card took a leave, or that what was set aside for it was put away again.
    pub async fn settle_setup(&mut self, token_hash: &str, now: Time) -> Result<(), DbError> {
        let sql = query("UPDATE card_setup_backing SET settled_ms = $2 WHERE token_hash = $1");
        self.run(sql.bind(token_hash.to_owned()).bind(now.0)).await?;
        Ok(())
    }

    /// Notes that a card's pull payment was put away.
    pub async fn end_card_backing(&mut self, card: &str, now: Time) -> Result<(), DbError> {
        let sql = query("UPDATE card_backing SET ended_ms = $2 WHERE card_id = $1");
        self.run(sql.bind(card.to_owned()).bind(now.0)).await?;
        Ok(())
    }

    /// Says that a tap with this counter came from a card that was just added.
    pub async fn confirm_card(&mut self, id: &str, counter: i64, now: Time) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card SET counter = $2, confirmed_ms = $3, tapped_ms = $3, state = 'active'
             WHERE id = $1 AND counter < $2",
        );
        self.run(sql.bind(id.to_owned()).bind(counter).bind(now.0)).await?;
        Ok(())
    }

    /// Ends a card for good; false if it was ended before.
    pub async fn end_card(&mut self, merchant: &MerchantId, card: &str) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE card SET state = 'gone' WHERE id = $1 AND merchant_id = $2 AND state <> 'gone'",
        );
        Ok(self.run(sql.bind(card.to_owned()).bind(merchant.to_string())).await? == 1)
    }
}

impl Db {
    /// Where a card's money is, if it is at BTCPay.
    pub async fn card_backing(&self, card: &str) -> Result<Option<CardBacking>, DbError> {
        let sql = query("SELECT * FROM card_backing WHERE card_id = $1");
        self.maybe(sql.bind(card.to_owned())).await
    }

    /// A merchant's cards whose money is at BTCPay.
    pub async fn card_backings(&self, merchant: &MerchantId) -> Result<Vec<CardBacking>, DbError> {
        let sql = query("SELECT * FROM card_backing WHERE merchant_id = $1 ORDER BY card_id");
        self.all(sql.bind(merchant.to_string())).await
    }

    /// A card's keys of one version.
    pub async fn card_key(&self, card: &str, version: i64) -> Result<Option<CardKeyRow>, DbError> {
        let sql = query("SELECT * FROM card_key WHERE card_id = $1 AND version = $2");
        self.maybe(sql.bind(card.to_owned()).bind(version)).await
    }

    /// A card's keys that were given out for a leave.
    pub async fn card_key_of(
        &self,
        card: &str,
        setup: &str,
    ) -> Result<Option<CardKeyRow>, DbError> {
        let sql = query(
            "SELECT * FROM card_key WHERE card_id = $1 AND setup = $2 ORDER BY version DESC LIMIT 1",
        );
        self.maybe(sql.bind(card.to_owned()).bind(setup.to_owned())).await
    }

    /// Forgets keys of versions before `version`: a tap confirmed that they are not on the card.
    pub async fn forget_card_keys(&self, card: &str, version: i64) -> Result<(), DbError> {
        let sql = query("DELETE FROM card_key WHERE card_id = $1 AND version < $2");
        self.run(sql.bind(card.to_owned()).bind(version)).await?;
        Ok(())
    }

    /// What opens the taps of cards at any BTCPay, each once.
    pub async fn card_openers(&self) -> Result<Vec<CardOpener>, DbError> {
        self.all(query("SELECT * FROM card_opener ORDER BY merchant_id, server")).await
    }

    /// What a leave is for, if it is for a card whose money is at BTCPay.
    pub async fn setup_backing(&self, token_hash: &str) -> Result<Option<SetupBacking>, DbError> {
        let sql = query("SELECT * FROM card_setup_backing WHERE token_hash = $1");
        self.maybe(sql.bind(token_hash.to_owned())).await
    }

    /// Notes which pull payment was made for a leave.
    pub async fn note_purse(&self, token_hash: &str, purse: &str) -> Result<(), DbError> {
        let sql = query("UPDATE card_setup_backing SET purse = $2 WHERE token_hash = $1");
        self.run(sql.bind(token_hash.to_owned()).bind(purse.to_owned())).await?;
        Ok(())
    }

    /// Leaves for new cards that ended before `before` and that no card took.
    pub async fn unused_setups(&self, before: Time) -> Result<Vec<SetupBacking>, DbError> {
        let sql = query(
            "SELECT * FROM card_setup_backing
             WHERE settled_ms IS NULL AND sats > 0 AND expires_ms < $1 ORDER BY expires_ms LIMIT 50",
        );
        self.all(sql.bind(before.0)).await
    }

    /// Keeps what BTCPay said is left on a card.
    pub async fn note_card_left(&self, card: &str, msat: i64, now: Time) -> Result<(), DbError> {
        let sql = query("UPDATE card_backing SET left_msat = $2, seen_ms = $3 WHERE card_id = $1");
        self.run(sql.bind(card.to_owned()).bind(msat).bind(now.0)).await?;
        Ok(())
    }
}
