//! Points that become balance.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::by_points::reference;
use super::points_out::{SENT, to_btcpay};
use super::{day, first, refuse, short, take};
use crate::app::App;
use crate::card::{Asked, No, Place, judge};
use crate::db::card::{CardMove, TopUp};
use crate::db::ledger::PostingRow;
use crate::domain::id::{PaymentId, PostingId};
use crate::domain::money::Money;
use crate::domain::points::Worth;
use crate::ledger::{self, MSAT, Posting};
use crate::points;

/// What became of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Converted {
    /// They are balance: the card's move has this id.
    Now(String),
    /// They are on their way to the card's balance at BTCPay: the payout has this id.
    Sent(String),
}

impl Converted {
    /// By the first answer to a request.
    pub(super) fn of(answer: String) -> Self {
        match answer.strip_prefix(SENT) {
            Some(payout) => Self::Sent(payout.into()),
            None => Self::Now(answer),
        }
    }
}

/// Turns all points on the card behind `link` into balance, at their worth now, rounded down to the
/// millisatoshi. Where that balance lies at BTCPay they go there as a payout.
pub async fn convert(
    app: &App,
    actor: &Actor,
    link: &str,
    once: &Once,
) -> Result<Converted, TillError> {
    if once.answered(&app.db).await?.is_some() {
        return Ok(Converted::of(first(app, once).await?));
    }
    let store = &actor.store;
    let running = points::running_at(&app.db, store).await?;
    let running = running.ok_or_else(|| TillError::refused("Points are not changed here."))?;
    let quote = match running.rules.worth {
        Worth::Sat(_) => None,
        Worth::Minor(_) => Some(app.quote(store).map_err(TillError::Refused)?),
    };
    let currency = store.currency()?;
    let worth = |held: i64| match running.rules.worth {
        Worth::Sat(sat) => held.checked_mul(sat)?.checked_mul(1_000),
        Worth::Minor(minor) => {
            let amount = Money::new(held.checked_mul(minor)?, currency);
            Some(quote.as_ref()?.gives(amount).ok()?.to_db())
        }
    };
    let taken = take(app, actor, link, Place::TopUp).await?;
    let tap = &taken.shown;
    if let Some(backing) = app.db.card_backing(&tap.card_id).await? {
        return to_btcpay(app, actor, &taken, (&backing, link), worth, once).await;
    }
    let now = app.now();
    let Some(card) = app.db.card(&tap.card_id).await? else {
        return refuse(app, once, &taken, No::Gone.name(), short(No::Gone)).await;
    };
    let held = points::standing(&app.db, &card, now).await?.map_or(0, |standing| standing.held);
    let mut tx = app.db.begin().await?;
    let id = PaymentId::new().to_string();
    if !once.keep(&mut tx, &id, now).await? {
        drop(tx);
        return Ok(Converted::of(first(app, once).await?));
    }
    // Judged first: another merchant's card, or another kind of money, never gets as far as its points.
    let today = day(actor, now);
    let (merchant, money) = (&store.merchant_id, store.money.as_str());
    let mut asked = Asked { merchant, money, msat: 0, put_msat: 0, day: &today, pin: None, now };
    if let Some(no) = judge(&card, tap, &asked) {
        drop(tx);
        return refuse(app, once, &taken, no.name(), short(no)).await;
    }
    let msat = worth(held).unwrap_or(0);
    let too_few = || "There are no points on this card that come to anything.".to_owned();
    if msat <= 0 {
        drop(tx);
        return refuse(app, once, &taken, "too few points", too_few()).await;
    }
    // The card's row before its points: always in this order.
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
        return refuse(app, once, &taken, no.name(), short(no)).await;
    };
    let (name, who) = (reference(tap), actor.staff.name.as_str());
    let all = |now_held: i64| (now_held >= held).then_some(held);
    if points::convert(&mut tx, &card, &store.id, &name, who, all, now).await?.is_none() {
        drop(tx);
        return refuse(app, once, &taken, "too few points", too_few()).await;
    }
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
    Ok(Converted::Now(id))
}
