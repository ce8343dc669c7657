//! Points: programmes, events and their budgets; what cards hold, what sales earn, and what moved.

mod budget;
mod card;
mod earning;
mod event;
mod payout;
mod programme;

pub use budget::Budget;
pub use card::{PointsCard, PointsLot, PointsMove};
pub use earning::{Earning, Had, Since};
pub use event::PointsEvent;
pub use payout::PointsPayout;
pub use programme::Programme;
