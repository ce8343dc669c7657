//! The verbs of the till. Only they commit a sale.
//!
//! All of them take the sale's lock first, decide by pure rules in `domain`, and write sale,
//! attempt, payment, ledger and event in one transaction. Rails are called outside it.

pub mod card;
pub mod cart;
pub mod cash;
mod finish;
mod found;
mod gone;
pub mod late;
pub mod make;
pub mod offer;
pub mod once;
pub mod open;
pub mod park;
pub mod settle;
pub mod void;
pub mod watch;

use crate::app::App;
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::sale::Sale;
use crate::db::staff::Staff;
use crate::db::store::Store;
use crate::db::till::Till;
use crate::domain::cart::CartError;
use crate::domain::id::SaleId;
use crate::domain::money::MoneyError;
use crate::ledger::LedgerError;
use crate::points::PointsError;
use once::Once;

/// Who is at which till of which store.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The store.
    pub store: Store,
    /// The till.
    pub till: Till,
    /// Who unlocked it.
    pub staff: Staff,
}

/// Why a verb did nothing. Shown to a cashier as it reads.
#[derive(Debug, thiserror::Error)]
pub enum TillError {
    /// The request makes no sense; nothing happened.
    #[error("{0}")]
    Refused(String),
    /// The cart cannot be sold as it is.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// An amount cannot be read.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The page's prices are not the shop's any more.
    #[error("A price has changed since this page was opened. Look at the total again.")]
    PriceChanged,
    /// The key came before with another body.
    #[error("This was sent before with something else in it. Go back and try again.")]
    KeyReused,
    /// The books would not balance; a fault of ours, nothing was written.
    #[error("Something went wrong here. Nothing was charged.")]
    Ledger(#[source] LedgerError),
    /// A budget of points and its promises disagree; a fault of ours, nothing was written.
    #[error("Something went wrong here. Nothing was charged.")]
    Points(#[source] PointsError),
    /// The card's PIN has to be typed; its tap waits for that.
    #[error("PIN needed.")]
    PinNeeded,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What every verb on a sale begins with: the sale, if it is this store's, and its offers that may
/// still be paid; nothing if this was asked and done before. The offers are read before the key is
/// looked up: what a twin of the request made since then is not its to cancel.
async fn begin(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    once: &Once,
) -> Result<Option<(Sale, Vec<Attempt>)>, TillError> {
    let sale = app.db.sale(&actor.store.merchant_id, id).await?;
    if sale.store_id != actor.store.id {
        return Err(DbError::NotFound.into());
    }
    let mut offers = app.db.attempts(id).await?;
    offers.retain(Attempt::live);
    let done = once.answered(&app.db).await?.is_some();
    Ok((!done).then_some((sale, offers)))
}

impl TillError {
    fn refused(words: &str) -> Self {
        Self::Refused(words.into())
    }
}

impl From<LedgerError> for TillError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Db(error) => Self::Db(error),
            unbalanced => Self::Ledger(unbalanced),
        }
    }
}

impl From<PointsError> for TillError {
    fn from(error: PointsError) -> Self {
        match error {
            PointsError::Db(error) => Self::Db(error),
            PointsError::Ledger(error) => error.into(),
            budget => Self::Points(budget),
        }
    }
}
