//! A card pays another till's invoice: amount and fee limit are taken off the card in one statement,
//! and that is committed, before the node hears of it. Given back only when the node proves that
//! nothing was paid; see `payout_end` for that.

use std::sync::Arc;
use std::time::Duration;

use super::super::TillError;
use super::away::{hash, usable};
use super::payout_end::{end, send, try_send};
use crate::app::App;
use crate::card::Shown;
use crate::card::pin::{self, PinError, Tried};
use crate::db::Tx;
use crate::db::card::{Card, CardMove, Payout, Reserve, Ticket};
use crate::db::ledger::PostingRow;
use crate::db::store::Store;
use crate::domain::id::{MerchantId, PaymentId, PostingId, StoreId};
use crate::domain::local::Local;
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::bolt11::Invoice;
use crate::rail::purse::Order;
use crate::rails::Connected;

/// An invoice must be good for at least so long, or the node may refuse it on the way.
const SHORTEST: Duration = Duration::from_secs(5);
/// How long the other till waits for an outcome; after that it hears that the payment is accepted.
const WAIT: Duration = Duration::from_secs(4);
/// One that was reserved and not given to the node by then never will be.
pub(super) const NEVER_SENT: Duration = Duration::from_secs(30);
/// Of the amount, in hundredths of a percent, for the way; at least [`FEE_FLOOR`].
const FEE_BP: u64 = 100;
const FEE_FLOOR: u64 = 5_000;

/// What may be paid for the way of an amount.
#[must_use]
pub fn fee_limit(amount: Msat) -> Msat {
    let share = amount.get().saturating_mul(FEE_BP).div_ceil(10_000);
    Msat::new(share.max(FEE_FLOOR)).unwrap_or(Msat::MAX)
}

/// Pays `request` by the ticket `k1`. Once it answers well the payment is accepted, and no more is
/// said by that. The same ticket and invoice again get the answer of the first time.
pub async fn pay_away(
    app: &Arc<App>,
    k1: &str,
    request: &str,
    pin: Option<&str>,
) -> Result<(), TillError> {
    match accept(app, k1, request, pin).await? {
        Accepted::Before => Ok(()),
        Accepted::Now(going) => {
            let Going { ticket, payout, connected, order } = *going;
            let hash = order.payment_hash.clone();
            let sending = tokio::spawn(send(app.clone(), payout, connected, order));
            // Whatever is not known by then is accepted, and resolved without the other till.
            let _ = tokio::time::timeout(WAIT, sending).await;
            again(app, &ticket, &hash).await
        }
    }
}

/// The same for a till of ours: whoever waits for the answer waits for the payment, a little.
pub(super) async fn pay_here(
    app: &App,
    k1: &str,
    request: &str,
    pin: Option<&str>,
) -> Result<(), TillError> {
    match accept(app, k1, request, pin).await? {
        Accepted::Before => Ok(()),
        Accepted::Now(going) => {
            let Going { ticket, payout, connected, order } = *going;
            let sending = try_send(app, &payout, &connected, &order);
            match tokio::time::timeout(WAIT, sending).await {
                Ok(sent) => sent?,
                Err(_) => {
                    let why = "Its node did not answer yet.";
                    app.db.leave_payout(&payout.id, false, why, app.now()).await?;
                }
            }
            again(app, &ticket, &order.payment_hash).await
        }
    }
}

enum Accepted {
    /// By the same ticket and invoice, and it did not fail.
    Before,
    /// Reserved, and to be given to the node.
    Now(Box<Going>),
}

/// A payment that is reserved.
struct Going {
    ticket: Ticket,
    payout: Payout,
    connected: Connected,
    order: Order,
}

async fn accept(
    app: &App,
    k1: &str,
    request: &str,
    pin: Option<&str>,
) -> Result<Accepted, TillError> {
    let k1_hash = hash(k1);
    let over = || TillError::refused("This tap is over. Tap the card again.");
    let ticket = app.db.ticket(&k1_hash).await?.ok_or_else(over)?;
    let invoice = read(app, request)?;
    let before = async |ticket: &Ticket| {
        again(app, ticket, &invoice.payment_hash).await.map(|()| Accepted::Before)
    };
    if ticket.used_ms.is_some() {
        return before(&ticket).await;
    }
    if ticket.expires_ms <= app.now().0 {
        return Err(over());
    }
    let card = app.db.card(&ticket.card_id).await?.ok_or_else(over)?;
    usable(&card, app.now()).map_err(TillError::refused)?;
    let store = app.db.store(&card.merchant_id, &card.store_id).await?;
    let order = order(request, &invoice)?;
    let connected = purse(app, &card, &order).await?;
    let pin = match proof(app, &ticket, &card, &order, pin).await? {
        Ok(pin) => pin,
        Err(words) => return refuse(app, &ticket, words).await.map(|()| Accepted::Before),
    };
    let payout = payout(app, &ticket, &card, &store, &connected, &order, &invoice);
    match reserve(app, payout, &ticket, &store, pin).await? {
        Reserved::Now(payout) => {
            Ok(Accepted::Now(Box::new(Going { ticket, payout: *payout, connected, order })))
        }
        Reserved::Before => before(&ticket).await,
        Reserved::No(words) => Err(TillError::refused(words)),
    }
}

fn read(app: &App, request: &str) -> Result<Invoice, TillError> {
    let invoice = Invoice::read(request)
        .map_err(|_| TillError::refused("This is not a Lightning invoice."))?;
    if invoice.amount.is_none_or(|amount| amount == Msat::ZERO) {
        return Err(TillError::refused("This invoice names no amount."));
    }
    if invoice.expires_at <= app.now().after(SHORTEST) {
        return Err(TillError::refused("This invoice has expired."));
    }
    Ok(invoice)
}

fn order(request: &str, invoice: &Invoice) -> Result<Order, TillError> {
    let text = request.trim().to_ascii_lowercase();
    let amount = invoice.amount.ok_or_else(|| TillError::refused("It names no amount."))?;
    Ok(Order {
        request: text.strip_prefix("lightning:").unwrap_or(&text).to_owned(),
        payment_hash: invoice.payment_hash.clone(),
        amount,
        fee_limit: fee_limit(amount),
    })
}

/// The node of the card's shop that can pay this.
async fn purse(app: &App, card: &Card, order: &Order) -> Result<Connected, TillError> {
    let mut why = None;
    for connected in app.rails.of_store(&card.store_id) {
        let real = connected.rail.capabilities().real;
        let Some(purse) = connected.rail.purse().filter(|_| real == (card.money == "real")) else {
            continue;
        };
        match purse.examine(order).await {
            Ok(()) => return Ok(connected),
            Err(error) => why = why.or(Some(error)),
        }
    }
    Err(match why {
        Some(crate::rail::RailError::Refused(words)) => TillError::Refused(words),
        Some(crate::rail::RailError::Unreachable(why)) => {
            tracing::warn!(why, "the node that pays for cards does not answer");
            TillError::refused("The card service is down just now. Nothing was taken.")
        }
        None => TillError::refused("This card pays at its own shop alone."),
    })
}

enum Reserved {
    Now(Box<Payout>),
    Before,
    No(&'static str),
}

/// The PIN's proof where the amount asks for it. A tap is good for one try: a wrong one uses the ticket
/// up, and a missing one does not.
async fn proof(
    app: &App,
    ticket: &Ticket,
    card: &Card,
    order: &Order,
    typed: Option<&str>,
) -> Result<Result<Option<String>, &'static str>, TillError> {
    if !pin::needed(card, order.amount.to_db()) {
        return Ok(Ok(None));
    }
    if pin::blocked(card) {
        return Ok(Err(BLOCKED));
    }
    let Some(typed) = typed.filter(|typed| !typed.is_empty()) else {
        return Err(TillError::PinNeeded);
    };
    let (card_id, version, counter) = (ticket.card_id.clone(), ticket.version, ticket.counter);
    let shown = Shown { card_id, version, counter };
    match pin::check(&app.db, &app.seal, &shown, typed).await {
        Ok(Tried::Right(proof)) => Ok(Ok(Some(proof))),
        Ok(Tried::Wrong(_)) => Ok(Err("Wrong PIN. Tap the card again.")),
        Ok(Tried::Blocked) => Ok(Err(BLOCKED)),
        Ok(Tried::Used) => Ok(Err("This tap was used. Tap the card again.")),
        Err(PinError::NotFour) => Err(TillError::refused("A PIN is four digits.")),
        Err(PinError::Db(error)) => Err(error.into()),
        Err(PinError::Password(error)) => {
            tracing::error!(%error, "a card's PIN cannot be checked");
            Err(TillError::refused("PINs cannot be checked just now. Nothing was taken."))
        }
    }
}

const BLOCKED: &str = "PIN is blocked: the card’s shop can reset it.";

/// Refuses a ticket for good.
async fn refuse(app: &App, ticket: &Ticket, words: &'static str) -> Result<(), TillError> {
    let mut tx = app.db.begin().await?;
    if tx.use_ticket(&ticket.k1_hash, app.now()).await?.is_some() {
        tx.refuse_ticket(&ticket.k1_hash, words).await?;
        tx.commit().await?;
    }
    Err(TillError::refused(words))
}

fn payout(
    app: &App,
    ticket: &Ticket,
    card: &Card,
    store: &Store,
    connected: &Connected,
    order: &Order,
    invoice: &Invoice,
) -> Payout {
    let now = app.now();
    Payout {
        id: PaymentId::new().to_string(),
        k1_hash: ticket.k1_hash.clone(),
        card_id: card.id.clone(),
        money: card.money.clone(),
        merchant_id: card.merchant_id.clone(),
        store_id: card.store_id.clone(),
        connection_id: connected.id.to_string(),
        rail: connected.rail.name().as_str().into(),
        payment_hash: order.payment_hash.clone(),
        request: order.request.clone(),
        msat: order.amount.to_db(),
        fee_limit_msat: order.fee_limit.to_db(),
        fee_msat: 0,
        day: Local::new(&store.time_zone).date(now.0),
        state: "reserved".into(),
        why: String::new(),
        holder: app.replica.clone(),
        expires_ms: invoice.expires_at.0,
        created_ms: now.0,
        sent_ms: None,
        left_ms: None,
        ended_ms: None,
        next_check_ms: now.after(NEVER_SENT).0,
    }
}

async fn reserve(
    app: &App,
    payout: Payout,
    ticket: &Ticket,
    store: &Store,
    pin: Option<String>,
) -> Result<Reserved, TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if tx.use_ticket(&ticket.k1_hash, now).await?.is_none() {
        return Ok(Reserved::Before);
    }
    let wanted = Reserve {
        card_id: payout.card_id.clone(),
        version: ticket.version,
        msat: payout.reserved(),
        amount_msat: payout.msat,
        day: payout.day.clone(),
        pin,
    };
    // A ticket is used up by what it is refused for, too: nobody tries amounts until one fits.
    let why_not = take(&mut tx, &payout, &wanted, store, now).await?;
    if let Some(words) = why_not {
        tx.refuse_ticket(&ticket.k1_hash, words).await?;
    }
    tx.commit().await?;
    Ok(why_not.map_or(Reserved::Now(Box::new(payout)), Reserved::No))
}

async fn take(
    tx: &mut Tx,
    payout: &Payout,
    wanted: &Reserve,
    store: &Store,
    now: Time,
) -> Result<Option<&'static str>, TillError> {
    if tx.invoice_was_shown(&payout.payment_hash).await? || !tx.add_payout(payout).await? {
        return Ok(Some("This invoice was shown to a card before. Make a new one."));
    }
    let Some(left) = tx.reserve_from_card(wanted, now).await? else {
        tx.drop_payout(&payout.id).await?;
        let card = tx.card(&payout.card_id).await?;
        return Ok(Some(
            card.map_or("This card is not in use any more.", |card| why_not(&card, wanted, now)),
        ));
    };
    let posting = Posting::new().debit("cards", MSAT, payout.reserved()).credit(
        "cards-out",
        MSAT,
        payout.reserved(),
    );
    ledger::post(tx, head(payout, "card.reserved"), posting, now).await?;
    tx.add_card_move(&moved(payout, store, "withdrawal", payout.reserved(), left, now)).await?;
    Ok(None)
}

/// Why a card does not pay, by the rules of the one statement, without its numbers.
fn why_not(card: &Card, wanted: &Reserve, now: Time) -> &'static str {
    match usable(card, now) {
        Err(words) => words,
        Ok(()) if card.version != wanted.version => "This card is not in use any more.",
        Ok(()) if wanted.msat > card.balance_msat => {
            "Not enough on the card for this and the fee of the way."
        }
        Ok(()) if wanted.msat > card.tap_limit_msat => "Over the card’s limit for one tap.",
        Ok(()) if pin::needed(card, wanted.amount_msat) && wanted.pin != card.pin_hash => {
            "PIN needed. Tap the card again."
        }
        Ok(()) => "Over the card’s limit for today.",
    }
}

/// What is known of the payment that a used ticket was used for.
async fn again(app: &App, ticket: &Ticket, payment_hash: &str) -> Result<(), TillError> {
    let used = || TillError::refused("This tap was used. Tap the card again.");
    let Some(payout) = app.db.payout_of_ticket(&ticket.k1_hash).await? else {
        let ticket = app.db.ticket(&ticket.k1_hash).await?.ok_or_else(used)?;
        return Err(if ticket.why.is_empty() { used() } else { TillError::Refused(ticket.why) });
    };
    match payout.state.as_str() {
        _ if payout.payment_hash != payment_hash => Err(used()),
        "failed" => Err(TillError::Refused(payout.why)),
        _ => Ok(()),
    }
}

/// The head of a posting about a payment.
pub(super) fn head(payout: &Payout, reason: &str) -> PostingRow {
    PostingRow {
        id: PostingId::new(),
        merchant_id: payout.merchant_id.clone(),
        store_id: payout.store_id.clone(),
        sale_id: None,
        payment_id: None,
        reason: reason.into(),
    }
}

/// What went on or off the card by a payment.
pub(super) fn moved(
    payout: &Payout,
    store: &Store,
    kind: &str,
    msat: i64,
    holds: i64,
    now: Time,
) -> CardMove {
    let whose = (&payout.merchant_id, &payout.store_id);
    let card = (payout.card_id.as_str(), payout.money.as_str());
    let moved = moved_by(whose, card, kind, &payout.payment_hash, &store.currency);
    CardMove { msat, balance_msat: holds, at_ms: now.0, ..moved }
}

/// A move over Lightning, by its payment hash; amounts and time are the caller's to fill in.
pub(super) fn moved_by(
    (merchant, store): (&MerchantId, &StoreId),
    (card, money): (&str, &str),
    kind: &str,
    payment_hash: &str,
    currency: &str,
) -> CardMove {
    CardMove {
        id: PaymentId::new().to_string(),
        card_id: card.to_owned(),
        money: money.to_owned(),
        version: None,
        counter: None,
        merchant_id: merchant.clone(),
        store_id: store.clone(),
        kind: kind.into(),
        sale_id: None,
        reference: Some(payment_hash.to_owned()),
        currency: currency.to_owned(),
        amount: 0,
        msat: 0,
        balance_msat: 0,
        who: "Lightning".into(),
        at_ms: 0,
    }
}

/// Gives up on a payment that was never given to a node.
pub(super) async fn never_sent(app: &App, payout: &Payout) -> Result<(), TillError> {
    end(app, payout, "failed", Msat::ZERO, "The card service was interrupted.").await.map(drop)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_way_may_cost_a_percent_and_at_least_five_sats() {
        let limit = |msat| fee_limit(Msat::new(msat).unwrap()).get();
        assert_eq!(limit(1), 5_000);
        assert_eq!(limit(500_000), 5_000);
        assert_eq!(limit(500_001), 5_001);
        assert_eq!(limit(100_000_000), 1_000_000);
    }
}
