//! A lost card's balance, and all else that is its holder's, on another card. Both are owed by the same
//! merchant, so the books stay as they are.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::care::{find, manager};
use super::{first, refuse, take};
use crate::app::App;
use crate::card::{Asked, No, Place, judge};
use crate::db::Tx;
use crate::db::card::{Card, CardMove, TopUp};
use crate::domain::id::PaymentId;
use crate::domain::time::Time;
use crate::points;

/// Moves everything from the card `lost` to the new card behind `link`; the lost one is gone. Answers
/// the new card's id. What comes back to the lost one later may be moved in the same way again.
pub async fn replace(
    app: &App,
    actor: &Actor,
    lost: &str,
    link: &str,
    once: &Once,
) -> Result<String, TillError> {
    manager(actor)?;
    if once.answered(&app.db).await?.is_some() {
        return first(app, once).await;
    }
    match moving(app, actor, lost, link, once).await {
        // A twin of this request may have emptied the lost card in this moment.
        Err(TillError::Refused(_)) if once.answered(&app.db).await?.is_some() => {
            first(app, once).await
        }
        done => done,
    }
}

async fn moving(
    app: &App,
    actor: &Actor,
    lost: &str,
    link: &str,
    once: &Once,
) -> Result<String, TillError> {
    let taken = take(app, actor, link, Place::TopUp).await?;
    let (tap, store) = (&taken.shown, &actor.store);
    let old = find(app, actor, lost).await?;
    for card in [&old.id, &tap.card_id] {
        if app.db.card_backing(card).await?.is_some() {
            let words = "This card’s money is at BTCPay: the owner ends it, and issues another.";
            return refuse(app, once, &taken, "at BTCPay", words.into()).await;
        }
    }
    if old.id == tap.card_id {
        let words = "This is the lost card itself. Tap the new one.";
        return refuse(app, once, &taken, "the same card", words.into()).await;
    }
    if old.state == "gone" && old.balance_msat == 0 {
        let words = "There is nothing on that card any more.";
        return refuse(app, once, &taken, "nothing to move", words.into()).await;
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !once.keep(&mut tx, &tap.card_id, now).await? {
        drop(tx);
        return first(app, once).await;
    }
    let Some(before) = tx.card(&tap.card_id).await? else {
        drop(tx);
        return refuse(app, once, &taken, No::Gone.name(), "This is not our card.".into()).await;
    };
    let put = TopUp {
        card_id: tap.card_id.clone(),
        version: tap.version,
        counter: tap.counter,
        msat: old.balance_msat,
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
    };
    let Some(holds) = tx.top_up_card(&put, now).await? else {
        let card = tx.card(&tap.card_id).await?;
        drop(tx);
        let (merchant, money) = (&store.merchant_id, store.money.as_str());
        let put_msat = old.balance_msat;
        let asked = Asked { merchant, money, msat: 0, put_msat, day: "", pin: None, now };
        let no = card.and_then(|card| judge(&card, tap, &asked)).unwrap_or(No::Used);
        let words = match no {
            No::Full(_) => "More is on the lost card than may be on this one.".into(),
            no => super::short(no),
        };
        return refuse(app, once, &taken, no.name(), words).await;
    };
    let again = old.replaced_by.as_ref() == Some(&tap.card_id);
    if holds > old.balance_msat && !again {
        drop(tx);
        let words = "That card has money of its own on it. Take a new card.";
        return refuse(app, once, &taken, "in use", words.into()).await;
    }
    if !tx.empty_lost_card(&store.merchant_id, &old.id, old.balance_msat, &tap.card_id).await? {
        drop(tx);
        let words = "The lost card was used in this moment. Tap the new one again.";
        return refuse(app, once, &taken, "used meanwhile", words.into()).await;
    }
    if old.balance_msat > 0 {
        // The tap names the pair: what comes back to the lost card later is a move of its own.
        let named = |other: &str| Some(format!("{other}:{}:{}", tap.version, tap.counter));
        let out = moved(actor, &old, "moved_out", named(&tap.card_id), &old, 0, now);
        tx.add_card_move(&out).await?;
        let into = moved(actor, &before, "moved_in", named(&old.id), &old, holds, now);
        tx.add_card_move(&into).await?;
    }
    if old.state != "gone" {
        hand_over(&mut tx, actor, &old, &before, now).await?;
    }
    tx.settle_card_alarms(&store.merchant_id, &old.id, now).await?;
    tx.end_card_tap(&taken.id, "took a lost card’s place").await?;
    let detail =
        format!("{}: card {} for {}", old.label, short_id(&tap.card_id), short_id(&old.id));
    tx.audit(&store.merchant_id, &actor.staff.name, "card.replaced", &detail, now).await?;
    tx.commit().await?;
    Ok(tap.card_id.clone())
}

/// Gives the new card what is the holder's: name, PIN, limits, inbox. What other tables keep by the
/// card's id is moved here, in the same transaction.
async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    old: &Card,
    new: &Card,
    now: Time,
) -> Result<(), TillError> {
    tx.hand_over(&old.id, &new.id).await?;
    points::move_all(tx, old, new, &actor.staff.name, now).await?;
    Ok(())
}

fn moved(
    actor: &Actor,
    card: &Card,
    kind: &str,
    reference: Option<String>,
    old: &Card,
    balance_msat: i64,
    now: Time,
) -> CardMove {
    CardMove {
        id: PaymentId::new().to_string(),
        card_id: card.id.clone(),
        money: card.money.clone(),
        version: None,
        counter: None,
        merchant_id: card.merchant_id.clone(),
        store_id: actor.store.id.clone(),
        kind: kind.into(),
        sale_id: None,
        reference,
        currency: actor.store.currency.clone(),
        amount: 0,
        msat: old.balance_msat,
        balance_msat,
        who: actor.staff.name.clone(),
        at_ms: now.0,
    }
}

fn short_id(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
