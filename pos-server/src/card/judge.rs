//! Why a proven tap does not count: the same rules as the database's one statement, told one by one.

use super::Shown;
use crate::db::card::Card;
use crate::domain::id::MerchantId;

/// Why a card of ours does not pay, or is not topped up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// Another merchant issued it.
    OtherShop,
    /// It holds practice money and real money is asked for, or the reverse.
    OtherMoney,
    /// Staff or its holder froze it.
    Frozen,
    /// It is not in use any more.
    Gone,
    /// This tap, or a later one, was used before.
    Used,
    /// So many millisatoshi are on it, and more is asked for.
    NotEnough(i64),
    /// So many millisatoshi are its limit for one tap, and more is asked for.
    OverTap(i64),
    /// So many millisatoshi are left of its limit for the day, and more is asked for.
    OverDay(i64),
}

/// What a tap is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Who asks.
    pub merchant: &'a MerchantId,
    /// `practice` or `real`.
    pub money: &'a str,
    /// Millisatoshi to take off it; nothing when it is topped up.
    pub msat: i64,
    /// The date in the store, `2026-11-21`.
    pub day: &'a str,
}

/// Why this tap does not count, if it does not. `Used` comes before what only the holder may know.
#[must_use]
pub fn judge(card: &Card, shown: &Shown, asked: &Asked<'_>) -> Option<No> {
    let spent = if card.spent_day == asked.day { card.spent_msat } else { 0 };
    let left_today = card.day_limit_msat.saturating_sub(spent).max(0);
    let over_day = asked.msat > left_today;
    match card.state.as_str() {
        _ if card.merchant_id != *asked.merchant => Some(No::OtherShop),
        _ if card.money != asked.money => Some(No::OtherMoney),
        _ if card.version != shown.version || card.counter >= shown.counter => Some(No::Used),
        "frozen" => Some(No::Frozen),
        "new" | "active" if asked.msat > card.balance_msat => {
            Some(No::NotEnough(card.balance_msat))
        }
        "new" | "active" if asked.msat > card.tap_limit_msat => {
            Some(No::OverTap(card.tap_limit_msat))
        }
        "new" | "active" => over_day.then_some(No::OverDay(left_today)),
        _ => Some(No::Gone),
    }
}
