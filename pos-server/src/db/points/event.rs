//! Events: campaigns with a rate, a budget and an end of their own.

use sqlx::query;

use super::super::{Db, DbError, Tx};
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PointsEvent {
    /// Its id, a UUID, and its budget's.
    pub id: String,
    /// The programme it belongs to.
    pub programme_id: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// `practice` or `real`.
    pub money: String,
    /// What people call it.
    pub name: String,
    /// Hundredths of a percent.
    pub rate_bp: i64,
    /// Smaller purchases earn nothing by it, minor units.
    pub minimum: i64,
    /// Epoch milliseconds from which it holds.
    pub from_ms: i64,
    /// Epoch milliseconds at which it is over.
    pub to_ms: i64,
    /// Ids of stores as a JSON list; empty for all that take part.
    pub stores: String,
    /// It ends with so many cards.
    pub most_cards: Option<i64>,
    /// No card gets more points by it.
    pub most_per_card: Option<i64>,
    /// Epoch milliseconds at which the owner ended it.
    pub stopped_ms: Option<i64>,
    /// Epoch milliseconds.
    pub created_ms: i64,
}

impl PointsEvent {
    /// True while it can give points.
    #[must_use]
    pub fn holds(&self, store: &str, now: Time) -> bool {
        let stores: Vec<String> = serde_json::from_str(&self.stores).unwrap_or_default();
        let here = stores.is_empty() || stores.iter().any(|one| one == store);
        here && self.stopped_ms.is_none() && (self.from_ms..self.to_ms).contains(&now.0)
    }
}

impl Tx {
    /// Adds an event or changes it; false if it was stopped, or is another merchant's.
    pub async fn save_event(&mut self, event: &PointsEvent) -> Result<bool, DbError> {
        let sql = query(
            "INSERT INTO points_event (id, programme_id, merchant_id, money, name, rate_bp, minimum,
                 from_ms, to_ms, stores, most_cards, most_per_card, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, rate_bp = excluded.rate_bp,
                 minimum = excluded.minimum, from_ms = excluded.from_ms, to_ms = excluded.to_ms,
                 stores = excluded.stores, most_cards = excluded.most_cards,
                 most_per_card = excluded.most_per_card
             WHERE points_event.merchant_id = excluded.merchant_id
                 AND points_event.stopped_ms IS NULL",
        );
        let event = event.clone();
        let sql = sql.bind(event.id).bind(event.programme_id).bind(event.merchant_id.to_string());
        let sql = sql.bind(event.money).bind(event.name).bind(event.rate_bp).bind(event.minimum);
        let sql = sql.bind(event.from_ms).bind(event.to_ms).bind(event.stores);
        let sql = sql.bind(event.most_cards).bind(event.most_per_card);
        Ok(self.run(sql.bind(event.created_ms)).await? == 1)
    }

    /// Ends an event; false if it was ended before.
    pub async fn stop_event(
        &mut self,
        merchant: &MerchantId,
        id: &str,
        now: Time,
    ) -> Result<bool, DbError> {
        let sql = query(
            "UPDATE points_event SET stopped_ms = $3
             WHERE id = $1 AND merchant_id = $2 AND stopped_ms IS NULL",
        );
        let sql = sql.bind(id.to_owned()).bind(merchant.to_string()).bind(now.0);
        Ok(self.run(sql).await? == 1)
    }

    /// Events of a programme that are under way by the clock.
    pub async fn events_now(
        &mut self,
        programme: &str,
        now: Time,
    ) -> Result<Vec<PointsEvent>, DbError> {
        let sql = query(
            "SELECT * FROM points_event
             WHERE programme_id = $1 AND to_ms > $2 AND from_ms <= $2 AND stopped_ms IS NULL
             ORDER BY id",
        );
        self.all(sql.bind(programme.to_owned()).bind(now.0)).await
    }

    /// How many points a card has by an event, and how many cards have some; a sale's own left out.
    pub async fn event_had(
        &mut self,
        event: &str,
        card: &str,
        sale: &str,
    ) -> Result<(i64, i64), DbError> {
        let sql = query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN card_id = $2 THEN points ELSE 0 END), 0) AS BIGINT),
                 COUNT(DISTINCT CASE WHEN card_id <> $2 THEN card_id END)
             FROM points_earning
             WHERE event_id = $1 AND state IN ('promised', 'earned') AND points > 0
                 AND sale_id <> $3",
        );
        self.one(sql.bind(event.to_owned()).bind(card.to_owned()).bind(sale.to_owned())).await
    }
}

impl Db {
    /// Events of a programme, those that end last first.
    pub async fn points_events(&self, programme: &str) -> Result<Vec<PointsEvent>, DbError> {
        let sql = query(
            "SELECT * FROM points_event WHERE programme_id = $1 ORDER BY to_ms DESC, id DESC",
        );
        self.all(sql.bind(programme.to_owned())).await
    }

    /// An event of this merchant.
    pub async fn points_event(
        &self,
        merchant: &MerchantId,
        id: &str,
    ) -> Result<PointsEvent, DbError> {
        let sql = query("SELECT * FROM points_event WHERE id = $1 AND merchant_id = $2");
        self.one(sql.bind(id.to_owned()).bind(merchant.to_string())).await
    }

    /// How many cards have points by an event.
    pub async fn event_cards(&self, event: &str) -> Result<i64, DbError> {
        let sql = query(
            "SELECT COUNT(DISTINCT card_id) FROM points_earning
             WHERE event_id = $1 AND state IN ('promised', 'earned') AND points > 0",
        );
        Ok(self.one::<(i64,)>(sql.bind(event.to_owned())).await?.0)
    }
}
