//! A card whose money is at BTCPay. Our limits are reserved in one statement with its tap's counter,
//! then its BTCPay is asked, once, to pay the Lightning invoice on the screen. "OK" means accepted, no
//! more: the sale is paid when that invoice settles on its rail. What was reserved is given back only
//! when BTCPay's own list of payouts proves that nothing is paid.

use std::time::Duration;

use btcpay_bridge::{Claimed, Error, Trouble};
use serde_json::json;
use uuid::Uuid;

use super::super::once::Once;
use super::super::{Actor, TillError, watch};
use super::pay::{Tapped, proof};
use super::strange::invoice;
use super::{day, refuse, short, words};
use crate::app::App;
use crate::backing::{self, Home};
use crate::card::{Asked, No, Taken, Tap, judge};
use crate::db::attempt::Attempt;
use crate::db::card::{Card, CardBacking, CardClaim, Spend};
use crate::db::sale::Sale;
use crate::domain::time::Time;

/// BTCPay waits up to ten seconds for a payment before it says how far it is.
const PAY_LIMIT: Duration = Duration::from_secs(15);
/// When what became of it is looked at first, and how often then.
const FIRST_LOOK: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(60);
/// Longer than a look takes; whoever dies meanwhile leaves it to another.
const LEASE: Duration = Duration::from_secs(30);
/// After an invoice ran out, for clocks that differ and payments that were on their way.
const MARGIN: Duration = Duration::from_secs(120);
const BATCH: i64 = 16;
const GIVEN_UP: &str = "The card could not pay at BTCPay. Nothing was taken.";

/// Asks a card's BTCPay for what is due.
pub(super) async fn charge(
    app: &App,
    actor: &Actor,
    sale: &Sale,
    (taken, backing): (&Taken, &CardBacking),
    tapped: Tapped<'_>,
    once: &Once,
) -> Result<(), TillError> {
    let tap = &taken.shown;
    if let Some(before) = app.db.claim_of_tap(&tap.card_id, tap.version, tap.counter).await? {
        return again(&before, sale);
    }
    let no = async |why: &str, words: String| refuse(app, once, taken, why, words).await;
    if sale.state != "open" {
        return no("no sale", "This sale is not open any more.".into()).await;
    }
    let Some(home) = backing::home_of(app, backing).await? else {
        let words = "The BTCPay that holds this card’s money is not paired any more.";
        return no("no BTCPay", words.into()).await;
    };
    let found = match invoice(app, actor, &sale.id).await {
        Ok(found) => found,
        Err(TillError::Refused(words)) => return no("no code", words).await,
        Err(error) => return Err(error),
    };
    let attempt = found.attempt;
    let msat = i64::try_from(found.msat).unwrap_or(i64::MAX);
    let today = day(actor, app.now());
    let mut asked = Asked {
        merchant: &sale.merchant_id,
        money: &sale.money,
        msat,
        put_msat: 0,
        day: &today,
        pin: None,
        now: app.now(),
    };
    let worded = |no: No| told(no, sale, &attempt);
    let before = app.db.card(&tap.card_id).await?.map(unbounded);
    let right = match before.and_then(|card| judge(&card, tap, &asked)) {
        None => None,
        Some(No::PinNeeded) => match proof(app, taken, tapped.pin).await? {
            Ok(right) => Some(right),
            Err(why) => return no("wrong PIN", why).await,
        },
        Some(why) => return no(why.name(), worded(why)).await,
    };
    asked.pin = right.as_deref();
    let link = Tap::of_link(tapped.link).map_err(|bad| TillError::Refused(bad.to_string()))?;
    // Read first, which uses nothing up: a card that BTCPay knows to be empty reserves nothing.
    if let Err((why, said)) = offered(&home, &link, msat).await {
        let said = match said {
            Some(left) => worded(No::NotEnough(left)),
            None => why.to_owned(),
        };
        return no("BTCPay says no", said).await;
    }
    let spend = Spend {
        card_id: tap.card_id.clone(),
        version: tap.version,
        counter: tap.counter,
        msat,
        day: today.clone(),
        merchant_id: sale.merchant_id.clone(),
        sale_id: sale.id.clone(),
        pin: right.clone(),
    };
    let now = app.now();
    let claim = claim(&spend, sale, &attempt, found.request, now);
    let mut tx = app.db.begin().await?;
    let locked = tx.lock_sale(&sale.id).await?;
    let live = tx.attempts_of(&sale.id).await?;
    let stands = |one: &Attempt| one.id == attempt.id && one.state == "offered";
    if locked.state != "open" || !live.iter().any(stands) {
        drop(tx);
        let words = "Money came another way in this moment, so the card did not pay.";
        return no("paid another way", words.into()).await;
    }
    if tx.open_claim(&sale.id).await?.is_some() {
        drop(tx);
        let words = "Another card is being asked for this sale. Wait for it.";
        return no("another card", words.into()).await;
    }
    if !tx.reserve_of_card(&spend, now).await? {
        let card = tx.card(&tap.card_id).await?.map(unbounded);
        drop(tx);
        let why = card.and_then(|card| judge(&card, tap, &asked)).unwrap_or(No::Used);
        return no(why.name(), worded(why)).await;
    }
    tx.add_claim(&claim).await?;
    // It is the first card tapped for this sale, if none was: the sale's points are its.
    tx.set_sale_card(&sale.id, &tap.card_id).await?;
    tx.end_card_tap(&taken.id, "asked at BTCPay").await?;
    let words = "Card asked at BTCPay, waiting for the money.";
    let body = json!({ "claim": claim.id, "msat": claim.msat, "words": words });
    tx.add_event(&sale.merchant_id, &sale.id, "card.asked", &body, now).await?;
    tx.commit().await?;
    app.live.changed(&sale.id);
    send(app, &home, backing, &claim, &link).await
}

/// What a repeated request is told.
fn again(before: &CardClaim, sale: &Sale) -> Result<(), TillError> {
    match before.state.as_str() {
        _ if before.sale_id != sale.id => {
            Err(TillError::refused("This tap was used. Tap the card again."))
        }
        "failed" => Err(TillError::Refused(before.why.clone())),
        _ => Ok(()),
    }
}

/// What is on it is BTCPay's to say.
fn unbounded(card: Card) -> Card {
    Card { balance_msat: i64::MAX, ..card }
}

/// Why a tap does not count, in the money of the code on the screen.
fn told(no: No, sale: &Sale, attempt: &Attempt) -> String {
    let quote = attempt.quote.as_deref().and_then(|text| serde_json::from_str(text).ok());
    quote.map_or_else(|| short(no), |quote| words(no, &sale.money, &quote))
}

fn claim(spend: &Spend, sale: &Sale, attempt: &Attempt, invoice: String, now: Time) -> CardClaim {
    CardClaim {
        id: Uuid::now_v7().to_string(),
        card_id: spend.card_id.clone(),
        version: spend.version,
        counter: spend.counter,
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        sale_id: sale.id.clone(),
        attempt_id: attempt.id.clone(),
        invoice,
        msat: spend.msat,
        day: spend.day.clone(),
        state: "reserved".into(),
        why: String::new(),
        tries: 0,
        made_ms: now.0,
        dead_ms: Time(attempt.expires_ms).after(MARGIN).0,
        next_ms: now.after(LEASE).0,
        ended_ms: None,
    }
}

/// Whether BTCPay's page would pay so much; else why not, and what is left if that is too little.
async fn offered(home: &Home, link: &Tap, msat: i64) -> Result<(), (&'static str, Option<i64>)> {
    let (p, c) = link.parts();
    match home.desk.client().boltcard_tap(&p, &c).await {
        Ok(said) if said.tag != "withdrawRequest" => Err(("BTCPay does not know this card.", None)),
        Ok(said) if said.max_withdrawable < msat => Err(("", Some(said.max_withdrawable.max(0)))),
        Ok(said) if said.min_withdrawable > msat => Err(("That is too little for a card.", None)),
        Ok(_) => Ok(()),
        // A card whose money was put away has no page any more.
        Err(
            Error::Refused { .. } | Error::NotFound { .. } | Error::Unreadable { status: 404, .. },
        ) => Err((
            "BTCPay does not take this tap. Tap the card again; if it says so twice, the card was \
             ended there.",
            None,
        )),
        Err(_) => Err(("BTCPay does not answer just now. Nothing was taken.", None)),
    }
}

/// Sends the invoice, once, and writes down what is certain of it.
async fn send(
    app: &App,
    home: &Home,
    backing: &CardBacking,
    claim: &CardClaim,
    link: &Tap,
) -> Result<(), TillError> {
    let (p, c) = link.parts();
    let client = home.desk.client().with_timeout(PAY_LIMIT);
    match client.boltcard_pay(&p, &c, &claim.invoice).await {
        Ok(()) => app.db.put_claim_off(&claim.id, app.now().after(FIRST_LOOK)).await?,
        Err(Error::Unreachable(_) | Error::InvalidRequest(_) | Error::RateLimited { .. }) => {
            give_back(app, claim, GIVEN_UP).await?;
            return Err(TillError::refused(GIVEN_UP));
        }
        // A refusal may come after BTCPay tried to pay: its list of payouts has the last word.
        Err(error) => {
            tracing::warn!(claim = claim.id, %error, "a card at BTCPay did not say OK");
            let refused = matches!(error, Error::Refused { .. });
            match home.desk.claimed(&backing.purse, &claim.invoice).await {
                Ok(Claimed::Cancelled) => {
                    give_back(app, claim, GIVEN_UP).await?;
                    return Err(TillError::refused(GIVEN_UP));
                }
                Ok(Claimed::Never) if refused => {
                    give_back(app, claim, GIVEN_UP).await?;
                    return Err(TillError::refused(GIVEN_UP));
                }
                _ => app.db.put_claim_off(&claim.id, app.now().after(FIRST_LOOK)).await?,
            }
        }
    }
    app.live.changed(&claim.sale_id);
    Ok(())
}

/// Ends a claim that paid nothing, and gives its limits back.
async fn give_back(app: &App, claim: &CardClaim, why: &str) -> Result<(), TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.lock_sale(&claim.sale_id).await?;
    if tx.end_claim(&claim.id, "failed", why, now).await? {
        tx.release_limits(claim).await?;
        let body = json!({ "claim": claim.id, "words": why });
        tx.add_event(&claim.merchant_id, &claim.sale_id, "card.refused", &body, now).await?;
        tx.commit().await?;
        app.live.changed(&claim.sale_id);
    }
    Ok(())
}

/// Looks at what became of taps whose outcome is not certain, at most a batch; answers how many.
pub async fn look_at_claims(app: &App) -> Result<i64, TillError> {
    let now = app.now();
    let due = app.db.take_claims(now, now.after(LEASE), BATCH).await?;
    for claim in &due {
        look(app, claim).await?;
    }
    Ok(i64::try_from(due.len()).unwrap_or(BATCH))
}

async fn look(app: &App, claim: &CardClaim) -> Result<(), TillError> {
    let now = app.now();
    let attempts = app.db.attempts(&claim.sale_id).await?;
    let attempt = attempts.into_iter().find(|one| one.id == claim.attempt_id);
    if attempt.as_ref().is_some_and(|one| one.state == "settled") {
        return paid(app, claim).await;
    }
    let backing = app.db.card_backing(&claim.card_id).await?;
    let home = match &backing {
        Some(backing) => backing::home_of(app, backing).await?,
        None => None,
    };
    let said = match (&home, &backing) {
        (Some(home), Some(backing)) => home.desk.claimed(&backing.purse, &claim.invoice).await,
        _ => Err(Trouble::Away("it is not paired".into())),
    };
    let later = || now.after(wait(claim.tries));
    match said {
        Ok(Claimed::Paid) => {
            // The rail says when it is settled; asked at once, for its own message may be lost.
            if let Some(attempt) = &attempt {
                watch::look(app, attempt, false).await?;
            }
            paid(app, claim).await
        }
        Ok(Claimed::Cancelled) => give_back(app, claim, GIVEN_UP).await,
        Ok(Claimed::Never) if now.0 > claim.dead_ms => give_back(app, claim, GIVEN_UP).await,
        Ok(Claimed::Never | Claimed::Coming) => {
            Ok(app.db.put_claim_off(&claim.id, later()).await?)
        }
        Err(trouble) => {
            tracing::warn!(claim = claim.id, %trouble, "what became of a card’s tap is not known");
            Ok(app.db.put_claim_off(&claim.id, later()).await?)
        }
    }
}

async fn paid(app: &App, claim: &CardClaim) -> Result<(), TillError> {
    let mut tx = app.db.begin().await?;
    if tx.end_claim(&claim.id, "paid", "", app.now()).await? {
        tx.commit().await?;
        app.live.changed(&claim.sale_id);
    }
    Ok(())
}

fn wait(tries: i64) -> Duration {
    let doubled = 1u32.checked_shl(u32::try_from(tries).unwrap_or(31)).unwrap_or(u32::MAX);
    FIRST_LOOK.saturating_mul(doubled).min(LONGEST)
}
