//! What a card holds in points, for whoever shows it.

use crate::db::card::Card;
use crate::db::{Db, DbError};
use crate::domain::points::{Rules, Worth};
use crate::domain::time::Time;

/// A card's points as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// To be spent now.
    pub held: i64,
    /// Taken back after they had been spent: the next ones go there.
    pub owed: i64,
    /// How many are gone first, and when (epoch milliseconds).
    pub expires: Option<(i64, i64)>,
    /// What one is worth, and in which currency, where it is in one.
    pub worth: Worth,
    /// The currency of the programme.
    pub currency: String,
    /// Purchases earn points just now.
    pub running: bool,
}

/// What a card holds in points at `now`; none if its merchant has no programme for its kind of money.
pub async fn standing(db: &Db, card: &Card, now: Time) -> Result<Option<Standing>, DbError> {
    let Some(programme) = db.programme(&card.merchant_id, &card.money).await? else {
        return Ok(None);
    };
    let rules: Rules = serde_json::from_str(&programme.rules)
        .map_err(|_| DbError::Unreadable(format!("rules of programme {}", programme.id)))?;
    // A chip that was set up anew is somebody else's card.
    let points = db.points_card(&card.id).await?;
    let points = points.filter(|points| points.created_ms >= card.created_ms);
    let lots = match points {
        Some(_) => db.points_lots(&card.id).await?,
        None => Vec::new(),
    };
    let over: i64 = lots
        .iter()
        .filter(|lot| lot.expires_ms.is_some_and(|at| at <= now.0))
        .map(|lot| lot.left_over)
        .sum();
    let soonest = lots.iter().filter_map(|lot| lot.expires_ms).filter(|at| *at > now.0).min();
    let expires = soonest.map(|at| {
        let then = lots.iter().filter(|lot| lot.expires_ms == Some(at));
        (then.map(|lot| lot.left_over).sum(), at)
    });
    Ok(Some(Standing {
        held: points.as_ref().map_or(0, |points| points.held.saturating_sub(over).max(0)),
        owed: points.map_or(0, |points| points.owed),
        expires,
        worth: rules.worth,
        currency: programme.currency,
        running: programme.running == 1,
    }))
}
