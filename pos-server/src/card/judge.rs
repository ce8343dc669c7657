//! Why a proven tap does not count: the same rules as the database's one statement, told one by one.

use super::{Shown, pin};
use crate::db::card::Card;
use crate::domain::id::MerchantId;
use crate::domain::time::Time;

/// Why a card of ours does not pay, or is not topped up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// Another merchant issued it.
    OtherShop,
    /// It holds practice money and real money is asked for, or the reverse.
    OtherMoney,
    /// Staff or its holder froze it.
    Frozen,
    /// It may have been copied, and was frozen for that.
    Alarmed,
    /// Its time is over.
    Expired,
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
    /// So many millisatoshi still fit on it, and more was to be put there.
    Full(i64),
    /// Its PIN has to be typed for so much.
    PinNeeded,
    /// Its PIN was wrong three times: a manager resets it.
    PinBlocked,
}

impl No {
    /// In a word, for what is kept of the tap.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OtherShop => "other shop",
            Self::OtherMoney => "other money",
            Self::Frozen => "frozen",
            Self::Alarmed => "alarmed",
            Self::Expired => "expired",
            Self::Gone => "gone",
            Self::Used => "used before",
            Self::NotEnough(_) => "not enough",
            Self::OverTap(_) | Self::OverDay(_) => "over a limit",
            Self::Full(_) => "full",
            Self::PinNeeded => "PIN needed",
            Self::PinBlocked => "PIN blocked",
        }
    }
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
    /// Millisatoshi to put on it; nothing when it pays.
    pub put_msat: i64,
    /// The date in the store, `2026-11-21`.
    pub day: &'a str,
    /// What `pin::check` found right, if a PIN was typed.
    pub pin: Option<&'a str>,
    /// The time.
    pub now: Time,
}

/// Why this tap does not count, if it does not. `Used` comes before what only the holder may know,
/// and the PIN last: nobody is asked for it in vain.
#[must_use]
pub fn judge(card: &Card, shown: &Shown, asked: &Asked<'_>) -> Option<No> {
    match card.state.as_str() {
        _ if card.merchant_id != *asked.merchant => Some(No::OtherShop),
        _ if card.money != asked.money => Some(No::OtherMoney),
        _ if card.version != shown.version || card.counter >= shown.counter => Some(No::Used),
        "frozen" if card.frozen_by == "alarm" => Some(No::Alarmed),
        "frozen" => Some(No::Frozen),
        "new" | "active" => usable(card, asked),
        _ => Some(No::Gone),
    }
}

fn usable(card: &Card, asked: &Asked<'_>) -> Option<No> {
    let spent = if card.spent_day == asked.day { card.spent_msat } else { 0 };
    let left_today = card.day_limit_msat.saturating_sub(spent).max(0);
    let most = card.balance_limit_msat.unwrap_or(i64::MAX);
    let room = most.saturating_sub(card.balance_msat).max(0);
    let pin =
        asked.msat > 0 && pin::needed(card, asked.msat) && asked.pin != card.pin_hash.as_deref();
    match asked.msat {
        _ if card.expires_ms.is_some_and(|end| end <= asked.now.0) => Some(No::Expired),
        _ if asked.put_msat > room => Some(No::Full(room)),
        msat if msat > card.balance_msat => Some(No::NotEnough(card.balance_msat)),
        msat if msat > card.tap_limit_msat => Some(No::OverTap(card.tap_limit_msat)),
        msat if msat > left_today => Some(No::OverDay(left_today)),
        _ if pin && pin::blocked(card) => Some(No::PinBlocked),
        _ => pin.then_some(No::PinNeeded),
    }
}
