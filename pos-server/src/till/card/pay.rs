//! Paying: a card of the merchant's own settles in the books, in one transaction with the sale. No
//! Lightning is needed for it.

use serde_json::json;

use super::super::finish::{head, write_back};
use super::super::once::Once;
use super::super::{Actor, TillError, begin, watch};
use super::backed;
use super::care::pin_words;
use super::strange::{Issuer, charge, stranger};
use super::{day, first, refuse, take, words};
use crate::app::App;
use crate::card::pin::{self, Tried};
use crate::card::{Asked, BadTap, No, Place, Shown, Taken, judge};
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::card::{CardMove, Spend};
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::id::{AttemptId, PaymentId, SaleId};
use crate::domain::money::{Money, Msat};
use crate::domain::rate::Quote;
use crate::domain::time::Time;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::RailName;

/// What a tap is to pay, in both moneys, and the price between them.
struct Price {
    due: i64,
    msat: Msat,
    quote: Quote,
}

/// A tap that is to pay.
#[derive(Clone, Copy)]
pub struct Tapped<'a> {
    /// What the card gave its reader.
    pub link: &'a str,
    /// The PIN that its holder typed, after `TillError::PinNeeded`.
    pub pin: Option<&'a str>,
}

/// Pays all that is due by a tap, or nothing. Offers that are out are cancelled first, as for cash: if
/// one was paid in that moment, the card pays nothing and the sale shows it. A tap whose PIN is needed
/// is not used up by that: it waits for the one try that the PIN has with it.
pub async fn pay(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    tapped: Tapped<'_>,
    once: &Once,
) -> Result<(), TillError> {
    let Some((sale, offers)) = begin(app, actor, id, once).await? else {
        return first(app, once).await.map(|_| ());
    };
    let taken = match take_or_strange(app, actor, tapped.link).await? {
        Ok(taken) => taken,
        Err(strange) => return charge(app, actor, &sale, tapped, strange).await,
    };
    let tap = &taken.shown;
    if let Some(backing) = app.db.card_backing(&tap.card_id).await? {
        if backing.merchant_id == sale.merchant_id {
            return backed::charge(app, actor, &sale, (&taken, &backing), tapped, once).await;
        }
        // Another merchant’s: its BTCPay is asked as any other server is.
        if let Some(issuer) = stranger(app, tapped.link) {
            return charge(app, actor, &sale, tapped, issuer).await;
        }
    }
    if sale.state != "open" {
        return refuse(app, once, &taken, "no sale", "This sale is not open any more.".into())
            .await;
    }
    let price = match price(app, actor, &sale, &offers) {
        Ok(price) => price,
        Err(why) => return refuse(app, once, &taken, "no price", why).await,
    };
    let today = day(actor, app.now());
    let mut asked = Asked {
        merchant: &sale.merchant_id,
        money: &sale.money,
        msat: price.msat.to_db(),
        put_msat: 0,
        day: &today,
        pin: None,
        now: app.now(),
    };
    // Looked at before offers are cancelled, for the customer may pay another way yet.
    let before = app.db.card(&tap.card_id).await?;
    let right = match before.and_then(|card| judge(&card, tap, &asked)) {
        None => None,
        Some(No::PinNeeded) => match proof(app, &taken, tapped.pin).await? {
            Ok(right) => Some(right),
            Err(why) => return refuse(app, once, &taken, "wrong PIN", why).await,
        },
        Some(No::OtherShop) => {
            return charge(app, actor, &sale, tapped, Issuer::Neighbour).await;
        }
        Some(no) => {
            let words = words(no, &sale.money, &price.quote);
            return refuse(app, once, &taken, no.name(), words).await;
        }
    };
    asked.pin = right.as_deref();
    watch::cancel(app, &offers).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let sale = tx.lock_sale(id).await?;
    if !once.keep(&mut tx, "", now).await? {
        drop(tx);
        return first(app, once).await.map(|_| ());
    }
    if let Some(why) = meanwhile(&mut tx, &sale, price.due).await? {
        drop(tx);
        return refuse(app, once, &taken, "paid another way", why.into()).await;
    }
    let spend = Spend {
        card_id: tap.card_id.clone(),
        version: tap.version,
        counter: tap.counter,
        msat: price.msat.to_db(),
        day: today.clone(),
        merchant_id: sale.merchant_id.clone(),
        sale_id: id.clone(),
        pin: right.clone(),
    };
    let Some(left) = tx.spend_from_card(&spend, now).await? else {
        let card = tx.card(&tap.card_id).await?;
        drop(tx);
        let no = card.and_then(|card| judge(&card, tap, &asked)).unwrap_or(No::Used);
        let words = words(no, &sale.money, &price.quote);
        return refuse(app, once, &taken, no.name(), words).await;
    };
    write(&mut tx, actor, sale, tap, &price, left, now).await?;
    tx.end_card_tap(&taken.id, "paid").await?;
    tx.commit().await?;
    app.live.changed(id);
    app.nudge.notify_one();
    Ok(())
}

/// A tap of ours, or whose card it is that is none.
async fn take_or_strange(
    app: &App,
    actor: &Actor,
    link: &str,
) -> Result<Result<Taken, Issuer>, TillError> {
    match take(app, actor, link, Place::Till).await {
        Ok(taken) => Ok(Ok(taken)),
        // What is no tap, or claims to be a card of ours and is not genuine, is nobody's.
        Err(TillError::Refused(words)) if words == BadTap::NotOurs.to_string() => {
            stranger(app, link).map(Err).ok_or(TillError::Refused(words))
        }
        Err(error) => Err(error),
    }
}

/// What proves the PIN to the statement that pays, or why it does not.
pub(super) async fn proof(
    app: &App,
    taken: &Taken,
    typed: Option<&str>,
) -> Result<Result<String, String>, TillError> {
    let Some(typed) = typed else {
        app.db.end_card_tap(&taken.id, "PIN needed").await?;
        return Err(TillError::PinNeeded);
    };
    match pin::check(&app.db, &app.seal, &taken.shown, typed).await {
        Ok(Tried::Right(proof)) => Ok(Ok(proof)),
        Ok(Tried::Wrong(1)) => Ok(Err("Wrong PIN: one try left. Tap the card again.".into())),
        Ok(Tried::Wrong(_)) => Ok(Err("Wrong PIN: two tries left. Tap the card again.".into())),
        Ok(Tried::Blocked) => Ok(Err("PIN is blocked: a manager can reset it.".into())),
        Ok(Tried::Used) => Ok(Err("Tapped twice. Take the card away, and tap it again.".into())),
        Err(error) => Err(pin_words(error)),
    }
}

/// What the sale comes to in bitcoin: as the offer on the screen says, else at the price now.
fn price(app: &App, actor: &Actor, sale: &Sale, offers: &[Attempt]) -> Result<Price, String> {
    let due = sale.due();
    let stands = |one: &&Attempt| {
        one.state == "offered" && one.amount == due && one.expires_ms > app.now().0
    };
    let offered = offers.iter().rev().find(stands).and_then(|one| {
        let quote: Quote = serde_json::from_str(one.quote.as_deref()?).ok()?;
        Some(Price { due, msat: Msat::from_db(one.asked_msat).ok()?, quote })
    });
    if let Some(price) = offered {
        return Ok(price);
    }
    let quote = app.quote(&actor.store)?;
    let currency = sale.currency().map_err(|error| error.to_string())?;
    let msat = quote.ask(Money::new(due, currency)).map_err(|error| error.to_string())?;
    Ok(Price { due, msat, quote })
}

/// Why the card must not pay any more, after offers were cancelled; under the sale's lock.
pub(super) async fn meanwhile(
    tx: &mut Tx,
    sale: &Sale,
    due: i64,
) -> Result<Option<&'static str>, TillError> {
    if sale.state != "open" || sale.due() != due {
        return Ok(Some("Money came another way in this moment, so the card did not pay."));
    }
    let attempts = tx.attempts_of(&sale.id).await?;
    Ok(attempts.iter().find_map(|attempt| match attempt.state.as_str() {
        "unknown" => Some("We don’t know yet whether this was paid: checking. No card yet."),
        "seen" => Some("A payment is on its way. No card yet."),
        _ => None,
    }))
}

async fn write(
    tx: &mut Tx,
    actor: &Actor,
    mut sale: Sale,
    tap: &Shown,
    price: &Price,
    left: i64,
    now: Time,
) -> Result<(), TillError> {
    let (attempt, payment) = rows(&sale, tap, price, now)?;
    tx.add_attempt(&attempt).await?;
    if !tx.add_payment(&payment).await? {
        return Err(TillError::refused("This tap paid before."));
    }
    let posting = Posting::new()
        .debit("cards", MSAT, payment.msat)
        .credit("conversion", MSAT, payment.msat)
        .debit("conversion", &sale.currency, payment.credited)
        .credit("customer", &sale.currency, payment.credited);
    ledger::post(tx, head(&sale, Some(&payment.id), "card.paid"), posting, now).await?;
    let done = CardMove {
        id: payment.id.to_string(),
        card_id: tap.card_id.clone(),
        money: sale.money.clone(),
        version: Some(tap.version),
        counter: Some(tap.counter),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        kind: "payment".into(),
        sale_id: Some(sale.id.to_string()),
        reference: None,
        currency: sale.currency.clone(),
        amount: payment.credited,
        msat: payment.msat,
        balance_msat: left,
        who: actor.staff.name.clone(),
        at_ms: now.0,
    };
    tx.add_card_move(&done).await?;
    let body = json!({
        "payment": payment.id, "kind": payment.kind, "msat": payment.msat,
        "credited": payment.credited, "owed": 0, "owed_msat": 0, "by": actor.staff.name,
    });
    tx.add_event(&sale.merchant_id, &sale.id, "payment.arrived", &body, now).await?;
    sale.credit(payment.credited)?;
    sale.card_id.get_or_insert_with(|| tap.card_id.clone());
    write_back(tx, sale, now).await?;
    Ok(())
}

fn rows(
    sale: &Sale,
    tap: &Shown,
    price: &Price,
    now: Time,
) -> Result<(Attempt, Payment), TillError> {
    let quote = serde_json::to_string(&price.quote)
        .map_err(|_| TillError::refused("The price could not be kept."))?;
    let reference = format!("{}:{}:{}", tap.card_id, tap.version, tap.counter);
    let attempt = Attempt {
        id: AttemptId::new(),
        sale_id: sale.id.clone(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        rail: RailName::Card.as_str().into(),
        reference: reference.clone(),
        state: "settled".into(),
        amount: price.due,
        asked_msat: price.msat.to_db(),
        request: None,
        quote: Some(quote),
        offered_ms: now.0,
        expires_ms: now.0,
        checked_ms: now.0,
        next_check_ms: now.0,
        ended_ms: Some(now.0),
        cancelled_ms: None,
    };
    let payment = Payment {
        id: PaymentId::new(),
        rail: attempt.rail.clone(),
        reference: reference.clone(),
        offer: reference,
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        sale_id: Some(sale.id.to_string()),
        attempt_id: Some(attempt.id.to_string()),
        kind: "due".into(),
        msat: attempt.asked_msat,
        currency: Some(sale.currency.clone()),
        credited: price.due,
        owed: 0,
        owed_msat: 0,
        given_back_ms: None,
        gone_ms: None,
        returned: 0,
        paid_ms: now.0,
        received_ms: now.0,
    };
    Ok((attempt, payment))
}
