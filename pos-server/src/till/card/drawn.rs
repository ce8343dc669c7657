//! Top-ups by Lightning (LUD-06): an invoice at the shop's node, and the card it was made for. Money
//! that comes for it goes onto the card once, however late and however often it is told of; what the
//! card does not take any more is kept as found money.

use std::time::Duration;

use super::super::TillError;
use super::away::secret;
use super::payout::moved_by;
use crate::app::App;
use crate::db::Tx;
use crate::db::card::{Card, DrawnTopUp};
use crate::db::ledger::PostingRow;
use crate::domain::id::{PaymentId, PostingId};
use crate::domain::money::Msat;
use crate::domain::time::Time;
use crate::ledger::{self, MSAT, Posting};
use crate::rail::purse::{Came, Wanted};
use crate::rail::{Paid, RailError, Standing};
use crate::rails::Connected;
use crate::till::settle;

/// How long such an invoice can be paid.
const LASTS: Duration = Duration::from_secs(600);
/// How soon the rail is asked what came, where its stream does not tell.
const FIRST_LOOK: Duration = Duration::from_secs(3);
/// The same where it does.
const LATE_LOOK: Duration = Duration::from_secs(30);
/// How long after its end a node is asked that stands in for the one that made it, which may not know
/// it: the right one may be connected again meanwhile.
const STRANGER_ASKED: Duration = Duration::from_secs(24 * 3600);
/// Invoices of one card that can be paid at once: whoever knows its address makes no more.
const OPEN_MOST: i64 = 20;
/// Millisatoshi.
const LEAST: i64 = 1_000;
const MOST: i64 = 10_000_000_000;
/// Characters of a payer's comment (LUD-12).
pub const COMMENT_MOST: usize = 140;

/// The address at which a card is topped up: what its QR holds (LUD-17), unguessable, and naming no
/// card. The same whenever it is asked for.
pub async fn pay_link(app: &App, card: &str) -> Result<String, TillError> {
    if app.db.card_backing(card).await?.is_some() {
        return Err(TillError::refused("This card’s money is at BTCPay: it is topped up there."));
    }
    let token = app.db.card_pay_token(card, &secret(), app.now()).await?;
    let host = app.config.public_url.split_once("://").map_or("", |(_, host)| host);
    Ok(format!("lnurlp://{host}/card/top-up/{token}"))
}

/// What may be put on a card by one payment, least and most, in millisatoshi; none if it takes nothing.
#[must_use]
pub fn room(card: &Card, now: Time) -> Option<(i64, i64)> {
    let usable = matches!(card.state.as_str(), "new" | "active")
        && card.expires_ms.is_none_or(|end| end > now.0);
    let most = card.balance_limit_msat.unwrap_or(i64::MAX);
    let room = most.saturating_sub(card.balance_msat).min(MOST);
    (usable && room >= LEAST).then_some((LEAST, room))
}

/// Makes an invoice over `msat` for a card, holding the hash of `metadata`.
pub async fn draw(
    app: &App,
    card: &Card,
    msat: i64,
    metadata: &str,
    comment: &str,
) -> Result<DrawnTopUp, TillError> {
    let now = app.now();
    let closed = || TillError::refused("This card takes no money just now.");
    let (least, most) = room(card, now).ok_or_else(closed)?;
    if app.db.card_backing(&card.id).await?.is_some() {
        return Err(closed());
    }
    if msat < least || msat > most {
        return Err(TillError::refused("That amount cannot be put on this card."));
    }
    if comment.chars().count() > COMMENT_MOST {
        return Err(TillError::refused("This comment is too long."));
    }
    if app.db.open_drawn(&card.id, now).await? >= OPEN_MOST {
        return Err(TillError::refused("Too many codes are waiting to be paid. Try again later."));
    }
    let wanted =
        Wanted { amount: Msat::from_db(msat)?, metadata: metadata.to_owned(), expires_in: LASTS };
    let (connected, drawn, tells) = ask(app, card, &wanted).await?;
    let first = now.after(if tells { LATE_LOOK } else { FIRST_LOOK });
    let top_up = DrawnTopUp {
        id: PaymentId::new().to_string(),
        card_id: card.id.clone(),
        money: card.money.clone(),
        merchant_id: connected.merchant_id.clone(),
        store_id: connected.store_id.clone(),
        connection_id: connected.id.to_string(),
        rail: connected.rail.name().as_str().into(),
        reference: drawn.payment_hash,
        at_rail: drawn.at_rail,
        request: drawn.request,
        msat,
        comment: comment.replace('\0', " "),
        state: "open".into(),
        paid_msat: None,
        paid_ms: None,
        expires_ms: drawn.expires_at.0,
        created_ms: now.0,
        next_check_ms: first.0,
    };
    let mut tx = app.db.begin().await?;
    tx.add_drawn(&top_up).await?;
    tx.commit().await?;
    Ok(top_up)
}

async fn ask(
    app: &App,
    card: &Card,
    wanted: &Wanted,
) -> Result<(Connected, crate::rail::purse::Drawn, bool), TillError> {
    let mut why = None;
    for connected in app.rails.of_store(&card.store_id) {
        let real = connected.rail.capabilities().real;
        let purse = connected.rail.purse().filter(|_| real == (card.money == "real"));
        let Some(purse) = purse else { continue };
        match purse.draw(wanted).await {
            Ok(drawn) => {
                let tells = purse.tells();
                return Ok((connected, drawn, tells));
            }
            Err(error) => why = Some(error),
        }
    }
    if let Some(RailError::Refused(why) | RailError::Unreachable(why)) = why {
        tracing::warn!(why, "no code for a top-up could be made");
    }
    Err(TillError::refused("The card service is down just now. Nothing was taken."))
}

/// Looks at a top-up for which nothing was told: asks its rail, and settles what came.
pub async fn look_at_drawn(app: &App, drawn: &DrawnTopUp) -> Result<(), TillError> {
    let own = Some(drawn.connection_id.as_str());
    let made = app.rails.that_made(own, &drawn.store_id, &drawn.rail);
    let Some((connected, is_own)) = made else { return Ok(()) };
    let Some(purse) = connected.rail.purse() else { return Ok(()) };
    match purse.came(&drawn.at_rail).await {
        Ok(Came::Paid { amount, at, .. }) => {
            let reference = drawn.reference.clone();
            let (offer, standing) = (reference.clone(), Standing::Settled);
            let paid = Paid { offer, reference, amount, at, standing };
            settle::settle(app, &connected, &paid, None).await.map(drop)
        }
        Ok(Came::Over) if is_own && app.now().0 > drawn.expires_ms => {
            Ok(app.db.drawn_is_over(&drawn.id).await?)
        }
        Ok(Came::Over) if app.now().since(Time(drawn.expires_ms)) > STRANGER_ASKED => {
            tracing::warn!(
                top_up = drawn.id,
                "its node was not found again; nothing came that we know of"
            );
            Ok(app.db.drawn_is_over(&drawn.id).await?)
        }
        Ok(Came::Open | Came::Over) => Ok(()),
        Err(error) => Err(TillError::Refused(error.to_string())),
    }
}

/// What became of money for a top-up, inside the settling transaction.
pub(in crate::till) enum Put {
    /// It is on the card.
    Now,
    /// It was there before.
    Before,
    /// The card took no more: the money is found.
    Not,
}

/// Puts what came for a top-up onto its card, once. Called with the top-up locked.
pub(in crate::till) async fn put(
    tx: &mut Tx,
    drawn: &DrawnTopUp,
    paid: &Paid,
    currency: &str,
    now: Time,
) -> Result<Put, TillError> {
    if paid.standing != Standing::Settled {
        return Ok(Put::Before);
    }
    if drawn.paid_ms.is_some() {
        // The same payment told again, or a second one to the same code.
        return Ok(if paid.reference == drawn.reference { Put::Before } else { Put::Not });
    }
    let msat = paid.amount.to_db();
    let card_id = tx.card_now(&drawn.card_id).await?;
    let Some(holds) = tx.put_on_card(&card_id, msat, now).await? else {
        tx.end_drawn(&drawn.id, "found", msat, paid.at).await?;
        return Ok(Put::Not);
    };
    tx.end_drawn(&drawn.id, "paid", msat, paid.at).await?;
    let head = PostingRow {
        id: PostingId::new(),
        merchant_id: drawn.merchant_id.clone(),
        store_id: drawn.store_id.clone(),
        sale_id: None,
        payment_id: None,
        reason: "card.topped-up".into(),
    };
    let posting = Posting::new().debit("lightning", MSAT, msat).credit("cards", MSAT, msat);
    ledger::post(tx, head, posting, now).await?;
    let whose = (&drawn.merchant_id, &drawn.store_id);
    let put = moved_by(whose, (&card_id, &drawn.money), "top_up", &drawn.reference, currency);
    let put = crate::db::card::CardMove { msat, balance_msat: holds, at_ms: now.0, ..put };
    tx.add_card_move(&put).await?;
    Ok(Put::Now)
}
