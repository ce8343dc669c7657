//! PostgreSQL's notifications; the one place that speaks to it natively.

use sqlx::postgres::PgListener;

use super::event::CHANNEL;
use super::{Db, DbError};
use crate::domain::id::SaleId;

/// Sales that changed, as replicas commit them.
pub struct Hints(PgListener);

impl Hints {
    /// Begins to listen.
    pub async fn listen(db: &Db) -> Result<Self, DbError> {
        let mut listener = PgListener::connect(db.url()).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// The next sale that changed. Fails when the connection breaks.
    pub async fn next(&mut self) -> Result<SaleId, DbError> {
        loop {
            let told = self.0.recv().await?;
            if let Ok(sale) = told.payload().parse() {
                return Ok(sale);
            }
        }
    }
}
