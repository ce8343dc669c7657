//! The programme that holds in a store.

use super::PointsError;
use crate::db::points::Programme;
use crate::db::sale::Sale;
use crate::db::store::Store;
use crate::db::{Db, DbError, Tx};
use crate::domain::points::Rules;

/// A programme that runs, with its rules read.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its row.
    pub programme: Programme,
    /// Its rules.
    pub rules: Rules,
}

/// The programme by which a sale earns, if one runs where it was made and in its currency.
pub async fn running(tx: &mut Tx, sale: &Sale) -> Result<Option<Running>, PointsError> {
    let programme = tx.programme(&sale.merchant_id, &sale.money).await?;
    Ok(here(programme, sale.store_id.as_str(), &sale.currency)?)
}

/// The same, for a store.
pub async fn running_at(db: &Db, store: &Store) -> Result<Option<Running>, DbError> {
    let programme = db.programme(&store.merchant_id, &store.money).await?;
    here(programme, store.id.as_str(), &store.currency)
}

/// The same, within a transaction.
pub async fn running_in(tx: &mut Tx, store: &Store) -> Result<Option<Running>, PointsError> {
    let programme = tx.programme(&store.merchant_id, &store.money).await?;
    Ok(here(programme, store.id.as_str(), &store.currency)?)
}

fn here(
    programme: Option<Programme>,
    store: &str,
    currency: &str,
) -> Result<Option<Running>, DbError> {
    let runs = |one: &Programme| one.running == 1 && one.currency == currency;
    let Some(programme) = programme.filter(runs) else { return Ok(None) };
    let rules: Rules = serde_json::from_str(&programme.rules)
        .map_err(|_| DbError::Unreadable(format!("rules of programme {}", programme.id)))?;
    Ok(rules.stores.contains(store).then_some(Running { programme, rules }))
}
