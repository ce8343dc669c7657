//! How many points a purchase earns.

use super::WHOLE_BP;
use super::hours::Moment;
use super::net::Counted;
use super::rules::{Reward, Rules, Worth};
use super::worth::Price;

/// Millisatoshi in a satoshi.
const SAT: i128 = 1_000;

/// What is known of a purchase and of the card that was tapped for it.
#[derive(Debug, Clone)]
pub struct Purchase<'a> {
    /// What counts, by line.
    pub lines: &'a [Counted],
    /// The price that the sale was made at, where there is one; a worth in satoshi wants it.
    pub price: Option<Price>,
    /// When, on the shop's wall.
    pub moment: Moment,
    /// Minor units that the card spent over the days of the tiers.
    pub spent: i64,
    /// Points that the card got today.
    pub today: i64,
    /// Points that the card ever got.
    pub ever: i64,
}

/// Why a purchase earns what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// All that the rate comes to.
    Whole,
    /// It is smaller than the least purchase.
    Minimum,
    /// It does not come to one point.
    Small,
    /// No more by one sale.
    CapSale,
    /// No more on one day.
    CapDay,
    /// No more by one card.
    CapCard,
    /// A point is worth so many satoshi, and there is no price of bitcoin.
    NoPrice,
}

/// What a purchase earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    /// How many points, rounded down.
    pub points: i64,
    /// What of it counted, minor units.
    pub net: i64,
    /// What held them down.
    pub why: Why,
}

impl Why {
    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Minimum => "minimum",
            Self::Small => "small",
            Self::CapSale => "cap_sale",
            Self::CapDay => "cap_day",
            Self::CapCard => "cap_card",
            Self::NoPrice => "no_price",
        }
    }
}

/// What a purchase earns by the programme. Of several happy hours the best one counts; its multiplier
/// and the tier's are multiplied.
#[must_use]
pub fn earn(rules: &Rules, purchase: &Purchase<'_>) -> Earned {
    let own = |line: &Counted| {
        let item = line.item.as_ref().and_then(|item| rules.items.get(item));
        let category = line.category.as_ref().and_then(|category| rules.categories.get(category));
        item.or(category).copied().unwrap_or(rules.rate_bp)
    };
    let tier = rules.tier_bp(purchase.spent);
    let plain = raw(rules.worth, purchase, tier, own);
    let hours = rules.hours.iter().filter(|hours| hours.holds(purchase.moment));
    let happy = hours.map(|hours| match hours.reward {
        Reward::TimesBp(bp) => {
            let times = i128::from(tier) * i128::from(bp) / i128::from(WHOLE_BP);
            raw(rules.worth, purchase, i64::try_from(times).unwrap_or(tier), own)
        }
        Reward::RateBp(bp) => raw(rules.worth, purchase, tier, |line| own(line).max(bp)),
    });
    let points = happy.fold(plain, Option::max);
    held_down(rules, purchase, points, rules.minimum)
}

/// What a purchase earns by an event: its rate for all lines, without hours, tiers and rates of items.
/// The programme's caps hold.
#[must_use]
pub fn campaign(rules: &Rules, purchase: &Purchase<'_>, rate_bp: i64, minimum: i64) -> Earned {
    let points = raw(rules.worth, purchase, WHOLE_BP, |_| rate_bp);
    held_down(rules, purchase, points, minimum)
}

/// The better of what the programme and events give: never two together. The first of equals, which is
/// the programme.
#[must_use]
pub fn best(offers: &[Earned]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (index, offer) in offers.iter().enumerate() {
        if best.is_none_or(|best| offers[best].points < offer.points) {
            best = Some(index);
        }
    }
    best
}

/// Points before any limit, rounded down once; none if there is no price to tell by.
fn raw(
    worth: Worth,
    purchase: &Purchase<'_>,
    times_bp: i64,
    rate: impl Fn(&Counted) -> i64,
) -> Option<i64> {
    let value = |line: &Counted| i128::from(line.net) * i128::from(rate(line));
    let value: i128 = purchase.lines.iter().map(value).sum();
    let whole = i128::from(WHOLE_BP);
    let value = value.checked_mul(i128::from(times_bp))?;
    let points = match worth {
        Worth::Minor(minor) => value / (whole * whole * i128::from(minor.max(1))),
        Worth::Sat(sat) => {
            let price = purchase.price.filter(|price| price.minor > 0 && price.msat > 0)?;
            let point = i128::from(sat.max(1)) * SAT * i128::from(price.minor);
            value.checked_mul(i128::from(price.msat))? / whole / whole / point
        }
    };
    Some(i64::try_from(points).unwrap_or(i64::MAX).max(0))
}

fn held_down(rules: &Rules, purchase: &Purchase<'_>, raw: Option<i64>, minimum: i64) -> Earned {
    let net = purchase.lines.iter().fold(0i64, |sum, line| sum.saturating_add(line.net));
    let nothing = |why| Earned { points: 0, net, why };
    let Some(raw) = raw else { return nothing(Why::NoPrice) };
    if net < minimum {
        return nothing(Why::Minimum);
    }
    if raw == 0 {
        return nothing(Why::Small);
    }
    let left = |cap: Option<i64>, had: i64| cap.map(|cap| cap.saturating_sub(had).max(0));
    let caps = [
        (left(rules.cap_sale, 0), Why::CapSale),
        (left(rules.cap_day, purchase.today), Why::CapDay),
        (left(rules.cap_card, purchase.ever), Why::CapCard),
    ];
    let mut earned = Earned { points: raw, net, why: Why::Whole };
    for (cap, why) in caps {
        if let Some(cap) = cap.filter(|cap| *cap < earned.points) {
            earned = Earned { points: cap, net, why };
        }
    }
    earned
}

#[cfg(test)]
mod tests;
