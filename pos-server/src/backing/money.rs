//! What is on a card, by its server's word.

use super::{BackingError, home_of};
use crate::app::App;
use crate::db::card::CardBacking;
use crate::domain::time::Time;

/// What is left on a card, as far as we can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Money {
    /// BTCPay said so just now: millisatoshi.
    Now(i64),
    /// It cannot be seen just now. What BTCPay said last, and when, if it ever did.
    Unseen(Option<(i64, Time)>),
    /// BTCPay pays nothing from it any more: it was put away there.
    Ended,
}

/// Asks BTCPay what is left on a card, and keeps the answer.
pub async fn look(app: &App, backing: &CardBacking) -> Result<Money, BackingError> {
    let before = backing.left_msat.zip(backing.seen_ms.map(Time));
    let Some(home) = home_of(app, backing).await? else { return Ok(Money::Unseen(before)) };
    match home.desk.purse(&backing.purse).await {
        Ok((purse, _)) if purse.archived => Ok(Money::Ended),
        Ok((_, left)) => {
            app.db.note_card_left(&backing.card_id, left, app.now()).await?;
            Ok(Money::Now(left))
        }
        Err(trouble) => {
            tracing::warn!(%trouble, "a card’s balance cannot be seen");
            Ok(Money::Unseen(before))
        }
    }
}
