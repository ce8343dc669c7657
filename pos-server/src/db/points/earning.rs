//! What sales earn: one row each.

use sqlx::query;

use super::super::{Db, DbError, Kind, Tx};
use crate::domain::id::{MerchantId, SaleId, StoreId};
use crate::domain::time::Time;

/// What one sale earns, or earned.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Earning {
    /// The sale.
    #[sqlx(try_from = "String")]
    pub sale_id: SaleId,
    /// The card that was tapped for it first.
    pub card_id: String,
    /// `practice` or `real`.
    pub money: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// Out of which budget the purchase's points come.
    pub budget_id: String,
    /// Out of which budget the bonuses come.
    pub bonus_id: String,
    /// The event by which it earns, if it is one.
    pub event_id: Option<String>,
    /// `promised` while the sale is open, `earned`, or `released` if it came to nothing.
    pub state: String,
    /// What of the sale counts, minor units.
    pub net: i64,
    /// Points of the purchase.
    pub points: i64,
    /// Points for a first earning.
    pub sign_up: i64,
    /// Points for a birthday.
    pub birthday: i64,
    /// Minor units that were paid in points when it was earned; they earn nothing.
    pub by_points: i64,
    /// Minor units of the sale that went back since.
    pub refunded: i64,
    /// Points that were taken back for that.
    pub clawed: i64,
    /// How often it was earned: again after the sale's money was taken back and came again.
    pub times: i64,
    /// What held it down, empty for nothing.
    pub why: String,
    /// The date in the store, `2026-11-21`.
    pub day: String,
    /// Epoch milliseconds of the tap or the payment that made it.
    pub at_ms: i64,
}

/// From when on something counts.
#[derive(Debug, Clone)]
pub struct Since {
    /// The date in the store now, `2026-11-21`.
    pub day: String,
    /// The first of January of that year, `2026-01-01`.
    pub year: String,
    /// Epoch milliseconds from which spend counts for tiers.
    pub spent_ms: i64,
}

/// What a card had before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Had {
    /// Points today: of purchases and taps.
    pub today: i64,
    /// The same, ever.
    pub ever: i64,
    /// Minor units spent over the days of the tiers.
    pub spent: i64,
    /// 1 if it had the bonus of a first earning.
    pub sign_up: i64,
    /// 1 if it had the bonus of a birthday this year.
    pub birthday: i64,
}

impl Earning {
    /// All points: the purchase's and the bonuses.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.points.saturating_add(self.sign_up).saturating_add(self.birthday)
    }
}

impl Tx {
    /// What a sale earns, locked until the commit. The caller holds the sale's lock.
    pub async fn earning(&mut self, sale: &SaleId) -> Result<Option<Earning>, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => query("SELECT * FROM points_earning WHERE sale_id = $1 FOR UPDATE"),
            Kind::Sqlite => query("SELECT * FROM points_earning WHERE sale_id = $1"),
        };
        self.maybe(sql.bind(sale.to_string())).await
    }

    /// Adds what a sale earns; false if it has a row.
    pub async fn add_earning(&mut self, earning: &Earning) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO points_earning (sale_id, card_id, money, merchant_id, store_id, budget_id,
                 bonus_id, event_id, state, net, points, sign_up, birthday, times, why, day, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT DO NOTHING",
        );
        let one = earning.clone();
        let sql = sql.bind(one.sale_id.to_string()).bind(one.card_id).bind(one.money);
        let sql = sql.bind(one.merchant_id.to_string()).bind(one.store_id.to_string());
        let sql = sql.bind(one.budget_id).bind(one.bonus_id).bind(one.event_id).bind(one.state);
        let sql = sql.bind(one.net).bind(one.points).bind(one.sign_up).bind(one.birthday);
        let sql = sql.bind(one.times).bind(one.why).bind(one.day).bind(one.at_ms);
        Ok(self.run(sql).await? == 1)
    }

    /// Writes what became of it, guarded by the state it was read in.
    pub async fn save_earning(&mut self, was: &str, earning: &Earning) -> Result<(), DbError> {
        let sql = query(
            "UPDATE points_earning SET state = $3, net = $4, points = $5, sign_up = $6,
                 birthday = $7, by_points = $8, refunded = $9, clawed = $10, times = $11, why = $12
             WHERE sale_id = $1 AND state = $2",
        );
        let one = earning.clone();
        let sql = sql.bind(one.sale_id.to_string()).bind(was.to_owned()).bind(one.state);
        let sql = sql
            .bind(one.net)
            .bind(one.points)
            .bind(one.sign_up)
            .bind(one.birthday)
            .bind(one.by_points);
        let sql = sql.bind(one.refunded).bind(one.clawed).bind(one.times).bind(one.why);
        if self.run(sql).await? == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// What a card had before by purchases, promised or earned; bonuses do not count for caps. A card
    /// that stands in for another has what that one had.
    pub async fn had(&mut self, card: &str, since: &Since) -> Result<Had, DbError> {
        let sql = query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN day = $2 THEN points ELSE 0 END), 0) AS BIGINT)
                     AS today,
                 CAST(COALESCE(SUM(points), 0) AS BIGINT) AS ever,
                 CAST(COALESCE(SUM(CASE WHEN state = 'earned' AND at_ms >= $4 AND net > refunded
                     THEN net - refunded ELSE 0 END), 0) AS BIGINT) AS spent,
                 CAST(COALESCE(MAX(CASE WHEN sign_up > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS sign_up,
                 CAST(COALESCE(MAX(CASE WHEN birthday > 0 AND day >= $3 THEN 1 ELSE 0 END), 0)
                     AS BIGINT) AS birthday
             FROM points_earning WHERE card_id = $1 AND state IN ('promised', 'earned')",
        );
        let sql = sql.bind(card.to_owned()).bind(since.day.clone()).bind(since.year.clone());
        self.one(sql.bind(since.spent_ms)).await
    }

    /// Points that a card had for taps: from an instant on, and ever.
    pub async fn had_by_taps(&mut self, card: &str, since_ms: i64) -> Result<(i64, i64), DbError> {
        let sql = query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN at_ms >= $2 THEN points ELSE 0 END), 0) AS BIGINT),
                 CAST(COALESCE(SUM(points), 0) AS BIGINT)
             FROM points_move WHERE card_id = $1 AND kind = 'tap'",
        );
        self.one(sql.bind(card.to_owned()).bind(since_ms)).await
    }

    /// What was earned by a card counts for another one from now on, which takes its place.
    pub async fn move_earnings(&mut self, from: &str, to: &str) -> Result<(), DbError> {
        let sql = query("UPDATE points_earning SET card_id = $2 WHERE card_id = $1");
        self.run(sql.bind(from.to_owned()).bind(to.to_owned())).await?;
        let sql = query("UPDATE sale SET card_id = $2 WHERE card_id = $1 AND state = 'open'");
        self.run(sql.bind(from.to_owned()).bind(to.to_owned())).await?;
        Ok(())
    }

    /// Notes that a part of a sale went back; false if it was noted before.
    pub async fn add_points_refund(
        &mut self,
        sale: &SaleId,
        reference: &str,
        refunded: i64,
        points: i64,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO points_refund (sale_id, reference, refunded, points, at_ms)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        );
        let sql = sql.bind(sale.to_string()).bind(reference.to_owned()).bind(refunded);
        Ok(self.run(sql.bind(points).bind(now.0)).await? == 1)
    }

    /// Notes the card that a sale is about, unless another one was first; false if one was.
    pub async fn set_sale_card(&mut self, sale: &SaleId, card: &str) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE sale SET card_id = $2 WHERE id = $1 AND (card_id IS NULL OR card_id = $2)",
        );
        Ok(self.run(sql.bind(sale.to_string()).bind(card.to_owned())).await? == 1)
    }
}

impl Db {
    /// What a card earned since `since`, the newest first.
    pub async fn earnings_of_card(&self, card: &str, since: Time) -> Result<Vec<Earning>, DbError> {
        let sql = query(
            "SELECT * FROM points_earning WHERE card_id = $1 AND at_ms >= $2
             ORDER BY at_ms DESC, sale_id DESC",
        );
        self.all(sql.bind(card.to_owned()).bind(since.0)).await
    }

    /// What a sale earns, or earned.
    pub async fn earning(&self, sale: &SaleId) -> Result<Option<Earning>, DbError> {
        let sql = query("SELECT * FROM points_earning WHERE sale_id = $1");
        self.maybe(sql.bind(sale.to_string())).await
    }
}
