//! What a card holds in points, from when, and what moved them.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::db::card::Card;
use crate::domain::id::{MerchantId, SaleId, StoreId};
use crate::domain::time::Time;

/// A card's points.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PointsCard {
    /// The card.
    pub card_id: String,
    /// `practice` or `real`.
    pub money: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// To be spent.
    pub held: i64,
    /// Taken back after they had been spent: the next ones go there.
    pub owed: i64,
    /// The holder's, `11-21`, where it was told.
    pub birthday: Option<String>,
    /// Epoch milliseconds.
    pub created_ms: i64,
}

/// Points that came together, and are gone together unless they are spent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PointsLot {
    /// Its id, a UUID.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// Epoch milliseconds at which they came.
    pub at_ms: i64,
    /// Epoch milliseconds at which they are gone.
    pub expires_ms: Option<i64>,
    /// How many are left of them.
    pub left_over: i64,
}

/// What moved a card's points.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PointsMove {
    /// Its id, a UUID.
    pub id: String,
    /// The card.
    pub card_id: String,
    /// `practice` or `real`.
    pub money: String,
    /// Whose books.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// `earned`, `tap`, `spent`, `returned`, `taken_back`, `refunded`, `expired`, `converted`,
    /// `moved_in` or `moved_out`.
    pub kind: String,
    /// What it hangs on: a sale and its turn, a tap, a refund. Once for each card and kind.
    pub reference: String,
    /// The sale it was about.
    pub sale_id: Option<String>,
    /// How many.
    pub points: i64,
    /// What the card held afterwards.
    pub held: i64,
    /// What was owed afterwards.
    pub owed: i64,
    /// Who did it.
    pub who: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
}

impl Tx {
    /// A card's points, made if there are none yet, and locked until the commit.
    pub async fn lock_points(&mut self, card: &Card, now: Time) -> Result<PointsCard, DbError> {
        let sql = query(
            "INSERT INTO points_card (card_id, money, merchant_id, created_ms)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(card.id.clone()).bind(card.money.clone());
        self.run(sql.bind(card.merchant_id.to_string()).bind(now.0)).await?;
        let sql = match self.kind() {
            Kind::Postgres => query("SELECT * FROM points_card WHERE card_id = $1 FOR UPDATE"),
            Kind::Sqlite => query("SELECT * FROM points_card WHERE card_id = $1"),
        };
        self.one(sql.bind(card.id.clone())).await
    }

    /// Writes what a card holds and owes. The database refuses both below zero, and both at once.
    pub async fn save_points(&mut self, points: &PointsCard) -> Result<(), DbError> {
        let sql =
            query("UPDATE points_card SET held = $2, owed = $3, birthday = $4 WHERE card_id = $1");
        let points = points.clone();
        let sql = sql.bind(points.card_id).bind(points.held).bind(points.owed);
        self.run(sql.bind(points.birthday)).await?;
        Ok(())
    }

    /// Writes that a card's points begin anew with its holder.
    pub async fn begin_points_anew(&mut self, points: &PointsCard) -> Result<(), DbError> {
        self.save_points(points).await?;
        let sql = query("UPDATE points_card SET created_ms = $2 WHERE card_id = $1");
        self.run(sql.bind(points.card_id.clone()).bind(points.created_ms)).await?;
        Ok(())
    }

    /// Adds points that came.
    pub async fn add_lot(&mut self, lot: &PointsLot) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO points_lot (id, card_id, at_ms, expires_ms, left_over)
             VALUES ($1, $2, $3, $4, $5)",
        );
        let lot = lot.clone();
        let sql = sql.bind(lot.id).bind(lot.card_id).bind(lot.at_ms).bind(lot.expires_ms);
        self.run(sql.bind(lot.left_over)).await?;
        Ok(())
    }

    /// What is left of a card's points, the oldest first.
    pub async fn lots(&mut self, card: &str) -> Result<Vec<PointsLot>, DbError> {
        let sql = query(
            "SELECT * FROM points_lot WHERE card_id = $1 AND left_over > 0 ORDER BY at_ms, id",
        );
        self.all(sql.bind(card.to_owned())).await
    }

    /// Writes what is left of a lot.
    pub async fn save_lot(&mut self, id: &str, left: i64) -> Result<(), DbError> {
        let sql = query("UPDATE points_lot SET left_over = $2 WHERE id = $1");
        self.run(sql.bind(id.to_owned()).bind(left)).await?;
        Ok(())
    }

    /// Hands what is left of a card's lots to another card.
    pub async fn move_lots(&mut self, from: &str, to: &str) -> Result<(), DbError> {
        let sql = query("UPDATE points_lot SET card_id = $2 WHERE card_id = $1 AND left_over > 0");
        self.run(sql.bind(from.to_owned()).bind(to.to_owned())).await?;
        Ok(())
    }

    /// Writes down what moved; false if the same was written before.
    pub async fn add_points_move(&mut self, done: &PointsMove) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO points_move (id, card_id, money, merchant_id, store_id, kind, reference,
                 sale_id, points, held, owed, who, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT DO NOTHING",
        );
        let done = done.clone();
        let sql = sql.bind(done.id).bind(done.card_id).bind(done.money);
        let sql = sql.bind(done.merchant_id.to_string()).bind(done.store_id.to_string());
        let sql = sql.bind(done.kind).bind(done.reference).bind(done.sale_id).bind(done.points);
        let sql = sql.bind(done.held).bind(done.owed).bind(done.who).bind(done.at_ms);
        Ok(self.run(sql).await? == 1)
    }

    /// A move by what it hangs on.
    pub async fn points_move(
        &mut self,
        card: &str,
        kind: &str,
        reference: &str,
    ) -> Result<Option<PointsMove>, DbError> {
        let sql =
            query("SELECT * FROM points_move WHERE card_id = $1 AND kind = $2 AND reference = $3");
        let sql = sql.bind(card.to_owned()).bind(kind.to_owned());
        self.maybe(sql.bind(reference.to_owned())).await
    }

    /// How often a card had points for a tap from an instant on, and when it last had some.
    pub async fn tap_points(
        &mut self,
        card: &str,
        since: Time,
    ) -> Result<(i64, Option<i64>), DbError> {
        let sql = query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN at_ms >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                 MAX(at_ms)
             FROM points_move WHERE card_id = $1 AND kind = 'tap'",
        );
        self.one(sql.bind(card.to_owned()).bind(since.0)).await
    }
}

impl Db {
    /// A card's points, if it ever had some.
    pub async fn points_card(&self, card: &str) -> Result<Option<PointsCard>, DbError> {
        let sql = query("SELECT * FROM points_card WHERE card_id = $1");
        self.maybe(sql.bind(card.to_owned())).await
    }

    /// A merchant's cards that have points, or owe some; at most `limit`.
    pub async fn points_cards(
        &self,
        merchant: &MerchantId,
        money: &str,
        limit: i64,
    ) -> Result<Vec<PointsCard>, DbError> {
        let sql = query(
            "SELECT * FROM points_card WHERE merchant_id = $1 AND money = $2
             ORDER BY held DESC, card_id LIMIT $3",
        );
        self.all(sql.bind(merchant.to_string()).bind(money.to_owned()).bind(limit)).await
    }

    /// What is left of a card's points, the oldest first.
    pub async fn points_lots(&self, card: &str) -> Result<Vec<PointsLot>, DbError> {
        let sql = query(
            "SELECT * FROM points_lot WHERE card_id = $1 AND left_over > 0 ORDER BY at_ms, id",
        );
        self.all(sql.bind(card.to_owned())).await
    }

    /// What moved a card's points, the newest first, at most `limit`.
    pub async fn points_moves(&self, card: &str, limit: i64) -> Result<Vec<PointsMove>, DbError> {
        let sql = query(
            "SELECT * FROM points_move WHERE card_id = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
        );
        self.all(sql.bind(card.to_owned()).bind(limit)).await
    }

    /// What a sale moved, the oldest first.
    pub async fn points_of_sale(&self, sale: &SaleId) -> Result<Vec<PointsMove>, DbError> {
        let sql = query("SELECT * FROM points_move WHERE sale_id = $1 ORDER BY at_ms, id");
        self.all(sql.bind(sale.to_string())).await
    }

    /// A move at a store.
    pub async fn points_move_at(&self, store: &StoreId, id: &str) -> Result<PointsMove, DbError> {
        let sql = query("SELECT * FROM points_move WHERE store_id = $1 AND id = $2");
        self.one(sql.bind(store.to_string()).bind(id.to_owned())).await
    }

    /// Cards with points that are gone by now, at most `limit`.
    pub async fn cards_to_expire(&self, now: Time, limit: i64) -> Result<Vec<String>, DbError> {
        let sql = query(
            "SELECT DISTINCT card_id FROM points_lot
             WHERE expires_ms IS NOT NULL AND expires_ms <= $1 AND left_over > 0 LIMIT $2",
        );
        let rows: Vec<(String,)> = self.all(sql.bind(now.0).bind(limit)).await?;
        Ok(rows.into_iter().map(|(card,)| card).collect())
    }

    /// Points that a merchant's cards hold, and owe.
    pub async fn points_out(
        &self,
        merchant: &MerchantId,
        money: &str,
    ) -> Result<(i64, i64), DbError> {
        let sql = query(
            "SELECT CAST(COALESCE(SUM(held), 0) AS BIGINT), CAST(COALESCE(SUM(owed), 0) AS BIGINT)
             FROM points_card WHERE merchant_id = $1 AND money = $2",
        );
        self.one(sql.bind(merchant.to_string()).bind(money.to_owned())).await
    }
}
