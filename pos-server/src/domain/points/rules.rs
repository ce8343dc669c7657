//! A programme's rules, as the owner set them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::hours::HappyHour;
use super::{POINTS_MAX, TIMES_MAX_BP, WHOLE_BP};

/// What one point is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// So many minor units of the programme's currency.
    Minor(i64),
    /// So many satoshi.
    Sat(i64),
}

/// What an hour or a tier does to a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reward {
    /// Points are multiplied, in hundredths of a percent: 20000 is twice as many.
    TimesBp(i64),
    /// This rate in place of lower ones, in hundredths of a percent.
    RateBp(i64),
}

/// From a certain spend on, points are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Minor units that were spent in the last [`Rules::tier_days`].
    pub spent: i64,
    /// The multiplier in hundredths of a percent.
    pub times_bp: i64,
}

/// Points for a tap without a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TapRule {
    /// How many.
    pub points: i64,
    /// At most so often a day, by card.
    pub per_day: i64,
    /// Minutes that must lie between two of them, by card.
    pub apart_minutes: i64,
}

/// A programme's rules. Amounts are minor units of its currency, rates hundredths of a percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What comes back of a purchase.
    pub rate_bp: i64,
    /// The tax counts as part of the purchase.
    pub with_tax: bool,
    /// Items with a rate of their own, which comes before their category's.
    pub items: BTreeMap<String, i64>,
    /// Categories with a rate of their own.
    pub categories: BTreeMap<String, i64>,
    /// Smaller purchases earn nothing.
    pub minimum: i64,
    /// At most so many points by sale.
    pub cap_sale: Option<i64>,
    /// At most so many points by card and day.
    pub cap_day: Option<i64>,
    /// At most so many points by card, ever.
    pub cap_card: Option<i64>,
    /// When there is more.
    pub hours: Vec<HappyHour>,
    /// Who gets more.
    pub tiers: Vec<Tier>,
    /// Days over which spend is added up for the tiers.
    pub tier_days: i64,
    /// Points that come on top of a card's first earning; caps do not hold them.
    pub sign_up: i64,
    /// Points that come on top of the first earning on the holder's birthday; caps do not hold them.
    pub birthday: i64,
    /// Taps without a purchase, where the merchant wants that.
    pub tap: Option<TapRule>,
    /// Days after which points that were not spent are gone.
    pub expiry_days: Option<i64>,
    /// What one point is worth.
    pub worth: Worth,
    /// The stores that take part.
    pub stores: BTreeSet<String>,
}

/// Which rule cannot be kept, by the name of its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is out of bounds")]
pub struct BadRules(pub &'static str);

impl Default for Rules {
    fn default() -> Self {
        Self {
            rate_bp: 100,
            with_tax: false,
            items: BTreeMap::new(),
            categories: BTreeMap::new(),
            minimum: 0,
            cap_sale: None,
            cap_day: None,
            cap_card: None,
            hours: Vec::new(),
            tiers: Vec::new(),
            tier_days: 90,
            sign_up: 0,
            birthday: 0,
            tap: None,
            expiry_days: None,
            worth: Worth::Minor(100),
            stores: BTreeSet::new(),
        }
    }
}

impl Rules {
    /// Fails on the first rule that is out of bounds.
    pub fn check(&self) -> Result<(), BadRules> {
        let rate = |bp: &i64| (0..=WHOLE_BP).contains(bp);
        let points = |points: i64| (0..=POINTS_MAX).contains(&points);
        let cap = |cap: Option<i64>| cap.is_none_or(|cap| cap > 0 && points(cap));
        let times = |bp: i64| (WHOLE_BP..=TIMES_MAX_BP).contains(&bp);
        let worth = match self.worth {
            Worth::Minor(worth) | Worth::Sat(worth) => worth,
        };
        let rules = [
            ("rate", rate(&self.rate_bp)),
            ("items", self.items.values().all(rate)),
            ("categories", self.categories.values().all(rate)),
            ("minimum", self.minimum >= 0),
            ("cap_sale", cap(self.cap_sale)),
            ("cap_day", cap(self.cap_day)),
            ("cap_card", cap(self.cap_card)),
            ("hours", self.hours.iter().all(HappyHour::sound)),
            ("tiers", self.tiers.iter().all(|tier| tier.spent > 0 && times(tier.times_bp))),
            ("tier_days", (1..=3_650).contains(&self.tier_days)),
            ("sign_up", points(self.sign_up)),
            ("birthday", points(self.birthday)),
            ("tap", self.tap.is_none_or(TapRule::sound)),
            ("expiry_days", self.expiry_days.is_none_or(|days| (1..=3_650).contains(&days))),
            ("worth", (1..=POINTS_MAX).contains(&worth)),
        ];
        rules.iter().find(|(_, sound)| !sound).map_or(Ok(()), |(name, _)| Err(BadRules(name)))
    }

    /// The multiplier of somebody who spent this much, in hundredths of a percent.
    #[must_use]
    pub fn tier_bp(&self, spent: i64) -> i64 {
        let reached = self.tiers.iter().filter(|tier| spent >= tier.spent);
        reached.map(|tier| tier.times_bp).fold(WHOLE_BP, i64::max)
    }

    /// How many more points a card may get by the caps of day and card, if there is a cap.
    #[must_use]
    pub fn room(&self, today: i64, ever: i64) -> Option<i64> {
        let left = |cap: Option<i64>, had: i64| cap.map(|cap| cap.saturating_sub(had).max(0));
        let (day, card) = (left(self.cap_day, today), left(self.cap_card, ever));
        day.into_iter().chain(card).min()
    }

    /// When points of `at_ms` are gone, epoch milliseconds.
    #[must_use]
    pub fn expires_ms(&self, at_ms: i64) -> Option<i64> {
        self.expiry_days.map(|days| at_ms.saturating_add(days.saturating_mul(86_400_000)))
    }
}

impl TapRule {
    fn sound(self) -> bool {
        (1..=POINTS_MAX).contains(&self.points)
            && (1..=100).contains(&self.per_day)
            && (1..=1_440).contains(&self.apart_minutes)
    }

    /// Whether a card may have points for a tap now, after `today` of them, the last at `last_ms`.
    #[must_use]
    pub fn allows(self, today: i64, last_ms: Option<i64>, now_ms: i64) -> bool {
        let apart = self.apart_minutes.saturating_mul(60_000);
        let rested = last_ms.is_none_or(|last| now_ms.saturating_sub(last) >= apart);
        today < self.per_day && rested
    }
}
