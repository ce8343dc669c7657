//! What belongs to many sales at once, for lists: three queries whatever their number.

use std::collections::HashMap;

use sqlx::query;

use super::attempt::Attempt;
use super::event::Event;
use super::payment::Payment;
use super::{Db, DbError, Query};
use crate::domain::id::{SaleId, StoreId, TillId};

/// Attempts, payments and offer events of one sale, the oldest first.
#[derive(Debug, Default)]
pub struct Story {
    /// The tries to collect it.
    pub attempts: Vec<Attempt>,
    /// What arrived.
    pub payments: Vec<Payment>,
    /// What happened to its offers.
    pub events: Vec<Event>,
}

#[derive(sqlx::FromRow)]
struct EventOf {
    sale_id: String,
    #[sqlx(flatten)]
    event: Event,
}

impl Db {
    /// The stories of a store's sales from `first` to `last`, of one till if it is named, by the
    /// sale's id.
    pub async fn stories(
        &self,
        store: &StoreId,
        till: Option<&TillId>,
        first: &SaleId,
        last: &SaleId,
    ) -> Result<HashMap<String, Story>, DbError> {
        let attempts = query(
            "SELECT attempt.* FROM attempt JOIN sale ON sale.id = attempt.sale_id
             WHERE sale.store_id = $1 AND sale.id BETWEEN $2 AND $3
                 AND ($4 = '' OR sale.till_id = $4)
             ORDER BY attempt.offered_ms, attempt.id",
        );
        let payments = query(
            "SELECT payment.* FROM payment JOIN sale ON sale.id = payment.sale_id
             WHERE sale.store_id = $1 AND sale.id BETWEEN $2 AND $3
                 AND ($4 = '' OR sale.till_id = $4)
             ORDER BY payment.received_ms, payment.id",
        );
        let events = query(
            "SELECT event.sale_id, event.seq, event.kind, event.body, event.at_ms
             FROM event JOIN sale ON sale.id = event.sale_id
             WHERE sale.store_id = $1 AND sale.id BETWEEN $2 AND $3
                 AND ($4 = '' OR sale.till_id = $4) AND event.kind LIKE 'offer.%'
             ORDER BY event.sale_id, event.seq",
        );
        let till = till.map(ToString::to_string).unwrap_or_default();
        let range = |sql: Query| {
            let sql = sql.bind(store.to_string()).bind(first.to_string());
            sql.bind(last.to_string()).bind(till.clone())
        };
        let mut stories: HashMap<String, Story> = HashMap::new();
        let mut of = |sale: &str, put: &mut dyn FnMut(&mut Story)| {
            put(stories.entry(sale.to_owned()).or_default());
        };
        for attempt in self.all::<Attempt>(range(attempts)).await? {
            of(attempt.sale_id.as_str(), &mut |story| story.attempts.push(attempt.clone()));
        }
        for payment in self.all::<Payment>(range(payments)).await? {
            let sale = payment.sale_id.clone().unwrap_or_default();
            of(&sale, &mut |story| story.payments.push(payment.clone()));
        }
        for row in self.all::<EventOf>(range(events)).await? {
            of(&row.sale_id, &mut |story| story.events.push(row.event.clone()));
        }
        Ok(stories)
    }
}
