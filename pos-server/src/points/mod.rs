//! Points: who is promised how many, when they are his, and what takes them back. The pure rules are
//! in `domain/points`; here they are booked, inside the transaction of whoever calls.
//!
//! A sale earns by the first card that is tapped for it, whatever pays it. While it is open its points
//! are promised, which sets them aside in a budget; once it is paid they are on the card. The caller
//! holds the sale's lock; then come the card's row, the card's points, and budgets (an event's before
//! the programme's), always in this order.

mod birthday;
mod earn;
mod expire;
mod hold;
mod limit;
mod moving;
mod payout;
mod promise;
mod running;
mod spend;
mod standing;
mod undo;

pub use birthday::tell_birthday;
pub use earn::earn;
pub use expire::{expire, expire_card};
pub use limit::set_limit;
pub use moving::move_all;
pub use payout::{Ended, Wanted, finish, reserve, sent};
pub use promise::promise;
pub use running::{Running, running, running_at, running_in};
pub use spend::{Spent, convert, give_back, spend, tap};
pub use standing::{Standing, standing};
pub use undo::{refund, release, reopen};

use crate::db::DbError;
use crate::ledger::LedgerError;

/// The unit of points in the ledger.
pub const POINTS: &str = "points";

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum PointsError {
    /// The books would not balance; a fault of ours.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A budget does not hold what was promised out of it; a fault of ours.
    #[error("the budget {0} and what was promised out of it disagree")]
    Budget(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}
