//! Points: what a purchase earns, what points are worth, and what goes back. Pure.
//!
//! Nothing is ever rounded up for the one who earns, and there is no least earning: a purchase of one
//! satoshi earns what it comes to, which is nothing.

mod earn;
mod hours;
mod net;
mod rules;
mod worth;

pub use earn::{Earned, Purchase, Why, best, campaign, earn};
pub use hours::{HappyHour, Moment};
pub use net::{Counted, counted};
pub use rules::{BadRules, Reward, Rules, TapRule, Tier, Worth};
pub use worth::{Paid, Price, pays, share, taken_back};

/// One whole, and a multiplier of one, in hundredths of a percent.
pub const WHOLE_BP: i64 = super::cart::WHOLE_BP;
/// The most that a tier or a happy hour multiplies by: ten times.
pub const TIMES_MAX_BP: i64 = 100_000;
/// The most points that any one number of the rules may say.
pub const POINTS_MAX: i64 = 1_000_000_000;
