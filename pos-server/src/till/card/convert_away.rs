//! Points that become balance at BTCPay: they leave the card with its tap, and a payout of the store's
//! takes them there. They come back if that is known to be cancelled.

use super::super::once::Once;
use super::super::{Actor, TillError};
use super::by_points::reference;
use super::{day, first, refuse, words};
use crate::app::App;
use crate::backing::{self, BackingError};
use crate::card::{Asked, No, Taken, judge};
use crate::db::card::{CardBacking, CardGrant};
use crate::db::ledger::PostingRow;
use crate::db::points::PointsPayout;
use crate::domain::id::PostingId;
use crate::domain::points::Rules;
use crate::domain::rate::Quote;
use crate::ledger::{self, MSAT, Posting};
use crate::points::{self, Ended};

/// How answers begin that name a payout on its way, and no move of the card.
pub const PAYOUT: &str = "payout-";
/// Lightning carries millisatoshi; what BTCPay puts on a card is in whole satoshi.
const SATOSHI: i64 = 1_000;
const BATCH: i64 = 50;

/// Sends all points on a card to its balance at BTCPay, at what `worth` says they come to. Answers
/// [`PAYOUT`] and the id of the payout.
pub(super) async fn convert_away(
    app: &App,
    actor: &Actor,
    (taken, backing): (&Taken, &CardBacking),
    link: &str,
    (worth, quote): (impl Fn(i64) -> Option<i64>, &Quote),
    once: &Once,
) -> Result<String, TillError> {
    let (tap, store, now) = (&taken.shown, &actor.store, app.now());
    let no = async |why: &str, words: String| refuse(app, once, taken, why, words).await;
    let gone = || TillError::refused("This card is not in use any more.");
    let card = app.db.card(&tap.card_id).await?.ok_or_else(gone)?;
    let today = day(actor, now);
    let (merchant, money) = (&store.merchant_id, store.money.as_str());
    let asked = Asked { merchant, money, msat: 0, put_msat: 0, day: &today, pin: None, now };
    if let Some(why) = judge(&card, tap, &asked) {
        return no(why.name(), words(why, money, quote)).await;
    }
    let held = points::standing(&app.db, &card, now).await?.map_or(0, |standing| standing.held);
    let msat = worth(held).map_or(0, |msat| msat - msat % SATOSHI);
    if held <= 0 || msat <= 0 {
        let words = "There are no points on this card that come to anything.";
        return no("too few points", words.into()).await;
    }
    let grant = match backing::prepare_grant(app, backing, "", msat, link).await {
        Ok(grant) => grant,
        Err(BackingError::Db(error)) => return Err(error.into()),
        Err(words) => return no("BTCPay says no", words.to_string()).await,
    };
    let mut tx = app.db.begin().await?;
    if !tx.use_tap(&tap.card_id, tap.version, tap.counter, now).await? {
        drop(tx);
        return no(No::Used.name(), words(No::Used, money, quote)).await;
    }
    let (name, who) = (reference(tap), actor.staff.name.as_str());
    let all = (held, msat);
    let Some(payout) = points::reserve(&mut tx, &card, &store.id, all, &name, who, now).await?
    else {
        drop(tx);
        return no("points gone", "The points were used in this moment.".into()).await;
    };
    let answer = format!("{PAYOUT}{}", payout.id);
    if !once.keep(&mut tx, &answer, now).await? {
        drop(tx);
        return first(app, once).await;
    }
    tx.add_grant(&CardGrant { reference: payout.id, ..grant }).await?;
    tx.end_card_tap(&taken.id, "points to BTCPay").await?;
    tx.commit().await?;
    Ok(answer)
}

/// Ends payouts of points whose money arrived at BTCPay, or never will; answers how many are left to
/// look at, at most a batch.
pub async fn end_points_payouts(app: &App) -> Result<i64, TillError> {
    let under_way = app.db.points_payouts_under_way(BATCH).await?;
    for payout in &under_way {
        let Some(grant) = app.db.grant(&payout.id).await? else { continue };
        end(app, payout, &grant).await?;
    }
    Ok(i64::try_from(under_way.len()).unwrap_or(BATCH))
}

async fn end(app: &App, payout: &PointsPayout, grant: &CardGrant) -> Result<(), TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    match grant.state.as_str() {
        "done" => {
            if !points::finish(&mut tx, &payout.id, Ended::Completed, now).await? {
                return Ok(());
            }
            let head = PostingRow {
                id: PostingId::new(),
                merchant_id: payout.merchant_id.clone(),
                store_id: payout.store_id.clone(),
                sale_id: None,
                payment_id: None,
                reason: "points.paid-out".into(),
            };
            let posting = Posting::new().debit("rewards", MSAT, payout.msat).credit(
                "lightning",
                MSAT,
                payout.msat,
            );
            ledger::post(&mut tx, head, posting, now).await?;
        }
        "failed" => {
            let programme = match tx.card(&payout.card_id).await? {
                Some(card) => tx.programme(&card.merchant_id, &card.money).await?,
                None => None,
            };
            let rules = programme.and_then(|one| serde_json::from_str::<Rules>(&one.rules).ok());
            let expires_ms = rules.and_then(|rules| rules.expires_ms(now.0));
            points::finish(&mut tx, &payout.id, Ended::Cancelled { expires_ms }, now).await?;
        }
        _ => match &grant.payout {
            Some(id) if payout.state == "reserved" => {
                points::sent(&mut tx, &payout.id, id, now).await?;
            }
            _ => return Ok(()),
        },
    }
    tx.commit().await?;
    Ok(())
}
