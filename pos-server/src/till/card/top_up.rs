//! Topping up: cash into the drawer, bitcoin owed to the card's holder, at the price of that moment.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::{day, first, refuse, take, words};
use crate::app::App;
use crate::card::{Asked, No, Place, judge};
use crate::db::card::{CardMove, TopUp};
use crate::db::ledger::PostingRow;
use crate::domain::id::{PaymentId, PostingId};
use crate::domain::money::Money;
use crate::ledger::{self, MSAT, Posting};

/// Takes `amount` (minor units) in cash and puts what it is worth on the card behind `link`.
/// Answers the id of the move.
pub async fn top_up(
    app: &App,
    actor: &Actor,
    amount: i64,
    link: &str,
    once: &Once,
) -> Result<String, TillError> {
    if once.answered(&app.db).await?.is_some() {
        return first(app, once).await;
    }
    let store = &actor.store;
    let cash = Money::new(amount, store.currency()?);
    if amount <= 0 || amount > store.sale_cap {
        return Err(TillError::refused("That is not an amount of cash."));
    }
    if amount % store.cash_step != 0 {
        return Err(TillError::refused("There are no coins for that amount."));
    }
    let quote = app.quote(store).map_err(TillError::Refused)?;
    let msat = quote.ask(cash).map_err(|error| TillError::Refused(error.to_string()))?.to_db();
    let taken = take(app, actor, link, Place::TopUp).await?;
    let tap = &taken.shown;
    if app.db.card_backing(&tap.card_id).await?.is_some() {
        let words = "This card’s money is at BTCPay: no cash goes onto it here.";
        return refuse(app, once, &taken, "at BTCPay", words.into()).await;
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let id = PaymentId::new().to_string();
    if !once.keep(&mut tx, &id, now).await? {
        drop(tx);
        return first(app, once).await;
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
        let card = tx.card(&tap.card_id).await?;
        drop(tx);
        let today = day(actor, now);
        let (merchant, money) = (&store.merchant_id, store.money.as_str());
        let asked = Asked { merchant, money, msat: 0, put_msat: msat, day: &today, pin: None, now };
        let no = card.and_then(|card| judge(&card, tap, &asked)).unwrap_or(No::Used);
        return refuse(app, once, &taken, no.name(), words(no, money, &quote)).await;
    };
    let head = PostingRow {
        id: PostingId::new(),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        sale_id: None,
        payment_id: None,
        reason: "card.topped-up".into(),
    };
    let posting = Posting::new()
        .debit("drawer", &store.currency, amount)
        .credit("conversion", &store.currency, amount)
        .debit("conversion", MSAT, msat)
        .credit("cards", MSAT, msat);
    ledger::post(&mut tx, head, posting, now).await?;
    let done = CardMove {
        id: id.clone(),
        card_id: tap.card_id.clone(),
        money: store.money.clone(),
        version: Some(tap.version),
        counter: Some(tap.counter),
        merchant_id: store.merchant_id.clone(),
        store_id: store.id.clone(),
        kind: "top_up".into(),
        sale_id: None,
        reference: None,
        currency: store.currency.clone(),
        amount,
        msat,
        balance_msat: holds,
        who: actor.staff.name.clone(),
        at_ms: now.0,
    };
    tx.add_card_move(&done).await?;
    tx.end_card_tap(&taken.id, "topped up").await?;
    let detail = format!("{cash} in cash on card {}", &tap.card_id[..8.min(tap.card_id.len())]);
    tx.audit(&store.merchant_id, &actor.staff.name, "card.topped_up", &detail, now).await?;
    tx.commit().await?;
    Ok(id)
}
