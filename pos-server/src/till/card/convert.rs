//! Points that become balance.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::by_points::reference;
use super::convert_away::convert_away;
use super::{day, first, refuse, take, words};
use crate::app::App;
use crate::card::{Asked, No, Place, judge};
use crate::db::card::{CardMove, TopUp};
use crate::db::ledger::PostingRow;
use crate::domain::id::{PaymentId, PostingId};
use crate::domain::money::Money;
use crate::domain::points::Worth;
use crate::ledger::{self, MSAT, Posting};
use crate::points;

/// Turns all points on the card behind `link` into balance, at their worth now, rounded down to the
/// millisatoshi. Answers the id of the card's move; for a card whose money is at BTCPay, [`super::PAYOUT`]
/// and the id of the payout that takes them there.
pub async fn convert(
    app: &App,
    actor: &Actor,
    link: &str,
    once: &Once,
) -> Result<String, TillError> {
    if once.answered(&app.db).await?.is_some() {
        return first(app, once).await;
    }
    let store = &actor.store;
    let running = points::running_at(&app.db, store).await?;
    let running = running.ok_or_else(|| TillError::refused("Points are not changed here."))?;
    let quote = app.quote(store).map_err(TillError::Refused)?;
    let currency = store.currency()?;
    let worth = |held: i64| match running.rules.worth {
        Worth::Sat(sat) => held.checked_mul(sat)?.checked_mul(1_000),
        Worth::Minor(minor) => {
            let amount = Money::new(held.checked_mul(minor)?, currency);
            Some(quote.gives(amount).ok()?.to_db())
        }
    };
    let taken = take(app, actor, link, Place::TopUp).await?;
    let tap = &taken.shown;
    if let Some(backing) = app.db.card_backing(&tap.card_id).await? {
        return convert_away(app, actor, (&taken, &backing), link, (worth, &quote), once).await;
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let id = PaymentId::new().to_string();
    if !once.keep(&mut tx, &id, now).await? {
        drop(tx);
        return first(app, once).await;
    }
    let Some(card) = tx.card(&tap.card_id).await? else {
        return Err(TillError::refused("This card is not in use any more."));
    };
    let (name, who) = (reference(tap), actor.staff.name.as_str());
    let mut msat = 0;
    let all = |held: i64| {
        msat = worth(held).filter(|msat| *msat > 0)?;
        Some(held)
    };
    // Judged first: another merchant's card, or another kind of money, never gets as far as its points.
    let today = day(actor, now);
    let (merchant, money) = (&store.merchant_id, store.money.as_str());
    let mut asked = Asked { merchant, money, msat: 0, put_msat: 0, day: &today, pin: None, now };
    if let Some(no) = judge(&card, tap, &asked) {
        drop(tx);
        return refuse(app, once, &taken, no.name(), words(no, money, &quote)).await;
    }
    let spent = points::convert(&mut tx, &card, &store.id, &name, who, all, now).await?;
    if spent.is_none() {
        drop(tx);
        let words = "There are no points on this card that come to anything.".into();
        return refuse(app, once, &taken, "too few points", words).await;
    }
    let put = TopUp {
        card_id: tap.card_id.clone(),
        version: tap.version,
        counter: tap.counter,
        msat,
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
    };
    let Some(holds) = tx.top_up_card(&put, now).await? else {
        drop(tx);
        asked.put_msat = msat;
        let no = judge(&card, tap, &asked).unwrap_or(No::Used);
        return refuse(app, once, &taken, no.name(), words(no, money, &quote)).await;
    };
    let head = PostingRow {
        id: PostingId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        sale_id: None,
        payment_id: None,
        reason: "points.to-balance".into(),
    };
    let posting = Posting::new().debit("rewards", MSAT, msat).credit("cards", MSAT, msat);
    ledger::post(&mut tx, head, posting, now).await?;
    let done = CardMove {
        id: id.clone(),
        card_id: tap.card_id.clone(),
        money: store.money.clone(),
        version: Some(tap.version),
        counter: Some(tap.counter),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        kind: "points".into(),
        sale_id: None,
        reference: Some(name),
        currency: store.currency.clone(),
        amount: 0,
        msat,
        balance_msat: holds,
        who: actor.staff.name.clone(),
        at_ms: now.0,
    };
    tx.add_card_move(&done).await?;
    tx.end_card_tap(&taken.id, "points to balance").await?;
    tx.commit().await?;
    Ok(id)
}
