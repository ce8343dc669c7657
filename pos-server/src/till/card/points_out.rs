//! Points that become balance at BTCPay: reserved here, sent by `backing` as a payout of the store's, and
//! followed to the end.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::by_points::reference;
use super::collect::{fit, used};
use super::convert::Converted;
use super::{first, refuse};
use crate::app::App;
use crate::backing;
use crate::card::Taken;
use crate::db::card::{CardBacking, CardGrant};
use crate::db::ledger::PostingRow;
use crate::db::points::PointsPayout;
use crate::domain::id::PostingId;
use crate::ledger::{self, MSAT, Posting};
use crate::points::{self, Ended, Wanted};

/// Payouts that are looked at in one round.
const BATCH: i64 = 500;
/// BTCPay's invoices are in whole satoshi.
const SAT: i64 = 1_000;

/// Takes all points off a card whose balance lies at BTCPay, and has a payout of their `worth` made, in
/// whole satoshi.
pub(super) async fn to_btcpay(
    app: &App,
    actor: &Actor,
    taken: &Taken,
    (held_by, link): (&CardBacking, &str),
    worth: impl Fn(i64) -> Option<i64>,
    once: &Once,
) -> Result<Converted, TillError> {
    let (tap, store, money) = (&taken.shown, &actor.store, actor.store.money.as_str());
    let card = app.db.card(&tap.card_id).await?;
    if let Err((why, words)) = fit(actor, money, taken, card.as_ref(), app.now()) {
        return refuse(app, once, taken, why, words).await;
    }
    let standing = match &card {
        Some(card) => points::standing(&app.db, card, app.now()).await?,
        None => None,
    };
    let held = standing.map_or(0, |standing| standing.held);
    let msat = worth(held).unwrap_or(0);
    let msat = msat - msat % SAT;
    let too_few = || "There are no points on this card that come to anything.".to_owned();
    if msat <= 0 {
        return refuse(app, once, taken, "too few points", too_few()).await;
    }
    let id = uuid::Uuid::now_v7().to_string();
    // BTCPay is asked for an invoice of the card's; nothing is paid before the row below is there.
    let grant = match backing::prepare_grant(app, held_by, &id, msat, link).await {
        Ok(grant) => grant,
        Err(error) => return refuse(app, once, taken, "BTCPay", error.to_string()).await,
    };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !once.keep(&mut tx, &format!("{SENT}{id}"), now).await? {
        drop(tx);
        return Ok(Converted::of(first(app, once).await?));
    }
    let card = match used(&mut tx, actor, money, taken, now).await? {
        Ok(card) => card,
        Err((why, words)) => {
            drop(tx);
            return refuse(app, once, taken, why, words).await;
        }
    };
    let wanted = Wanted { id: id.clone(), points: held, msat };
    let (name, who) = (reference(tap), actor.staff.name.as_str());
    if points::reserve(&mut tx, &card, &store.id, wanted, &name, who, now).await?.is_none() {
        drop(tx);
        return refuse(app, once, taken, "too few points", too_few()).await;
    }
    tx.add_grant(&grant).await?;
    tx.end_card_tap(&taken.id, "points to BTCPay").await?;
    tx.commit().await?;
    Ok(Converted::Sent(id))
}

/// How answers begin that name a payout.
pub(super) const SENT: &str = "sent ";

/// Ends the payouts of points that BTCPay is done with, each once; answers how many.
pub async fn look_at_points_payouts(app: &App) -> Result<usize, TillError> {
    let mut ended = 0;
    for payout in app.db.points_payouts_under_way(BATCH).await? {
        let Some(grant) = app.db.grant(&payout.id).await? else { continue };
        ended += usize::from(follow(app, &payout, &grant).await?);
    }
    Ok(ended)
}

async fn follow(app: &App, payout: &PointsPayout, grant: &CardGrant) -> Result<bool, TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let done = match grant.state.as_str() {
        "sent" if payout.state == "reserved" => {
            let name = grant.payout.as_deref().unwrap_or(&grant.reference);
            points::sent(&mut tx, &payout.id, name, now).await?;
            tx.commit().await?;
            return Ok(false);
        }
        "done" => points::finish(&mut tx, &payout.id, Ended::Completed, now).await?,
        "failed" => {
            let ended = Ended::Cancelled { expires_ms: None };
            points::finish(&mut tx, &payout.id, ended, now).await?
        }
        _ => return Ok(false),
    };
    if done && grant.state == "done" {
        let head = PostingRow {
            id: PostingId::new(),
            merchant_id: payout.merchant_id.clone(),
            store_id: payout.store_id.clone(),
            sale_id: None,
            payment_id: None,
            reason: "points.to-balance".into(),
        };
        let msat = payout.msat;
        let posting = Posting::new().debit("rewards", MSAT, msat).credit("lightning", MSAT, msat);
        ledger::post(&mut tx, head, posting, now).await?;
    }
    tx.commit().await?;
    Ok(done)
}
