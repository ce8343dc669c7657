//! Flash Cards at the till. A tap that was proven is used up, whatever comes of it: what it was
//! refused for is kept as the first answer of its request, and a new try wants a new tap.

mod away;
mod backed;
mod by_points;
mod care;
mod collect;
mod convert;
pub(super) mod drawn;
mod holder;
mod holder_door;
mod pay;
mod payout;
mod payout_end;
mod points_out;
mod replace;
mod strange;
mod top_up;

pub use away::{Away, present};
pub use backed::look_at_claims;
pub use by_points::pay_by_points;
pub use care::{find, freeze, look_at_card, manager, reset_pin, set_pin, thaw};
pub use collect::{AFTER, collect};
pub use convert::{Converted, convert};
pub use drawn::{COMMENT_MOST, draw, look_at_drawn, pay_link, room};
pub use holder::{
    freeze_own, rename_own, set_own_inbox, set_own_limits, set_own_pin, sign_out,
    tell_own_birthday, thaw_own,
};
pub use holder_door::{Closed, Opened, STAYS, open_by_link, open_by_tap};
pub use pay::{Tapped, pay};
pub use payout::{fee_limit, pay_away};
pub use payout_end::look;
pub use points_out::look_at_points_payouts;
pub use replace::replace;
pub use top_up::top_up;

use super::once::Once;
use super::{Actor, TillError};
use crate::app::App;
use crate::card::{self, Arrival, No, Place, Taken, TapError};
use crate::domain::local::Local;
use crate::domain::money::Msat;
use crate::domain::rate::Quote;
use crate::domain::time::Time;

/// How answers begin that were refusals.
const REFUSED: &str = "no ";

/// Keeps a tap and proves it by its link, or says why it is none.
async fn take(app: &App, actor: &Actor, link: &str, place: Place) -> Result<Taken, TillError> {
    let store = Some((&actor.store.merchant_id, &actor.store.id));
    arrived(app, &Arrival { link, place, store }).await
}

/// The same for a tap that came from wherever.
async fn arrived(app: &App, arrival: &Arrival<'_>) -> Result<Taken, TillError> {
    match card::take(&app.db, &app.seal, arrival, app.now()).await {
        Ok(taken) => Ok(taken),
        Err(TapError::Db(error)) => Err(error.into()),
        Err(TapError::Issuer(error)) => {
            tracing::error!(%error, "cards cannot be read");
            Err(TillError::refused("The card service is down just now. Nothing was taken."))
        }
        Err(bad @ TapError::Bad(_)) => Err(TillError::Refused(bad.to_string())),
    }
}

/// The first answer to a request that was done before.
async fn first(app: &App, once: &Once) -> Result<String, TillError> {
    let answer = once.first(&app.db).await?;
    match answer.strip_prefix(REFUSED) {
        Some(words) => Err(TillError::refused(words)),
        None => Ok(answer),
    }
}

/// Refuses a proven tap, and uses it up; `why` is kept of it. No transaction may be open.
async fn refuse<T>(
    app: &App,
    once: &Once,
    taken: &Taken,
    why: &str,
    words: String,
) -> Result<T, TillError> {
    let (now, shown) = (app.now(), &taken.shown);
    let mut tx = app.db.begin().await?;
    if !once.keep(&mut tx, &format!("{REFUSED}{words}"), now).await? {
        drop(tx);
        first(app, once).await?;
        return Err(TillError::refused("This was done already. Look again."));
    }
    tx.use_tap(&shown.card_id, shown.version, shown.counter, now).await?;
    tx.end_card_tap(&taken.id, why).await?;
    tx.commit().await?;
    Err(TillError::Refused(words))
}

/// The date in the store.
fn day(actor: &Actor, now: Time) -> String {
    Local::new(&actor.store.time_zone).date(now.0)
}

/// Why a tap did not count, for a cashier to say. Amounts are in the store's currency at `quote`.
fn words(no: No, money: &str, quote: &Quote) -> String {
    let worth = |msat: i64| {
        let worth = Msat::from_db(msat).ok().and_then(|msat| quote.worth(msat).ok());
        worth.map_or_else(|| "something".to_owned(), |money| money.to_string())
    };
    match no {
        No::OtherMoney if money == "practice" => {
            "This card holds real money, and this is practice. Nothing was taken.".into()
        }
        No::NotEnough(left) => format!("Not enough on the card: {} is left.", worth(left)),
        No::OverTap(limit) => {
            format!("Over the card’s limit: at most {} by one tap.", worth(limit))
        }
        No::OverDay(left) => {
            format!("Over the card’s limit for today: {} is left of it.", worth(left))
        }
        No::Full(room) => {
            format!("Too much for this card: {} more may go onto it.", worth(room))
        }
        no => short(no),
    }
}

/// The same where no amount is told.
fn short(no: No) -> String {
    match no {
        No::OtherShop => "This card is another shop’s. It does not pay here.",
        No::OtherMoney => "This is a practice card. It does not pay real money.",
        No::Frozen => "This card is frozen. Nothing was taken.",
        No::Alarmed => {
            "This card may have been copied, so it is frozen. A manager can look into it."
        }
        No::Expired => "This card’s time is over. It does not pay any more.",
        No::Gone => "This card is not in use any more.",
        No::Used => "Tapped twice. Take the card away, and tap it again.",
        No::NotEnough(_) => "Not enough on the card.",
        No::OverTap(_) => "Over the card’s limit by one tap.",
        No::OverDay(_) => "Over the card’s limit for today.",
        No::Full(_) => "Too much for this card.",
        No::PinNeeded => "PIN needed.",
        No::PinBlocked => "PIN is blocked: a manager can reset it.",
    }
    .into()
}
