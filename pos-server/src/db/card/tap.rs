//! Taps as they came, kept before they were judged, with what became of them.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::time::Time;

/// A tap that reached us.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardTap {
    /// Its id, a UUIDv7.
    pub id: String,
    /// SHA-256 of what the chip wrote into the link, hex. The link itself is kept nowhere.
    pub link_hash: String,
    /// `till`, `top_up`, `look`, `lnurl`, `portal` or `wipe`.
    pub place: String,
    /// Whose till read it.
    pub merchant_id: Option<String>,
    /// Where it was read, at a till of ours.
    pub store_id: Option<String>,
    /// The card, once it is proven.
    pub card_id: Option<String>,
    /// The version of the keys that proved it.
    pub version: Option<i64>,
    /// Its counter.
    pub counter: Option<i64>,
    /// What became of it, in a word.
    pub outcome: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
}

impl Tx {
    /// Says which card made a tap.
    pub async fn prove_card_tap(
        &mut self,
        id: &str,
        card: &str,
        version: i64,
        counter: i64,
    ) -> Result<(), DbError> {
        let sql = query(
            "UPDATE card_tap SET card_id = $2, version = $3, counter = $4, outcome = 'proven'
             WHERE id = $1",
        );
        self.run(sql.bind(id.to_owned()).bind(card.to_owned()).bind(version).bind(counter)).await?;
        Ok(())
    }

    /// Says what became of a tap.
    pub async fn end_card_tap(&mut self, id: &str, outcome: &str) -> Result<(), DbError> {
        let sql = query("UPDATE card_tap SET outcome = $2 WHERE id = $1");
        self.run(sql.bind(id.to_owned()).bind(outcome.to_owned())).await?;
        Ok(())
    }

    /// True when this very tap came before under another id: a page that asks again, or a browser.
    pub async fn came_before(
        &mut self,
        id: &str,
        card: &str,
        version: i64,
        counter: i64,
    ) -> Result<bool, DbError> {
        let sql = query(
            "SELECT COUNT(*) FROM card_tap
             WHERE card_id = $1 AND version = $2 AND counter = $3 AND id <> $4",
        );
        let sql = sql.bind(card.to_owned()).bind(version).bind(counter).bind(id.to_owned());
        let (many,): (i64,) = self.one(sql).await?;
        Ok(many > 0)
    }

    /// The last tap of a card since `since` at a store other than this one.
    pub async fn tap_elsewhere(
        &mut self,
        card: &str,
        store: &str,
        since: Time,
    ) -> Result<Option<CardTap>, DbError> {
        let sql = query(
            "SELECT * FROM card_tap
             WHERE card_id = $1 AND store_id IS NOT NULL AND store_id <> $2 AND at_ms >= $3
             ORDER BY at_ms DESC, id DESC LIMIT 1",
        );
        self.maybe(sql.bind(card.to_owned()).bind(store.to_owned()).bind(since.0)).await
    }
}

impl Db {
    /// Keeps a tap as it came, durably.
    pub async fn add_card_tap(&self, tap: &CardTap) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO card_tap (id, link_hash, place, merchant_id, store_id, outcome, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let tap = tap.clone();
        let sql = sql.bind(tap.id).bind(tap.link_hash).bind(tap.place).bind(tap.merchant_id);
        self.run(sql.bind(tap.store_id).bind(tap.outcome).bind(tap.at_ms)).await?;
        Ok(())
    }

    /// Says what became of a tap.
    pub async fn end_card_tap(&self, id: &str, outcome: &str) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        tx.end_card_tap(id, outcome).await?;
        tx.commit().await
    }

    /// A tap by its id.
    pub async fn card_tap(&self, id: &str) -> Result<Option<CardTap>, DbError> {
        self.maybe(query("SELECT * FROM card_tap WHERE id = $1").bind(id.to_owned())).await
    }

    /// A card's taps, the newest first, at most `limit`.
    pub async fn card_taps(&self, card: &str, limit: i64) -> Result<Vec<CardTap>, DbError> {
        let sql = query(
            "SELECT * FROM card_tap WHERE card_id = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// Forgets taps from before `before` that proved nothing.
    pub async fn sweep_card_taps(&self, before: Time) -> Result<u64, DbError> {
        let sql = query("DELETE FROM card_tap WHERE at_ms < $1 AND card_id IS NULL");
        self.run(sql.bind(before.0)).await
    }
}
