//! Money that goes onto a card at BTCPay, such as a holder's points: decided on in a row of our own,
//! sent once, found again by its reference when the answer was lost, and followed to its end.

use std::time::Duration;

use btcpay_bridge::{PaidOut, PaidOutEnd, Trouble};

use super::home::home_at;
use super::{BackingError, home_of};
use crate::app::App;
use crate::card::Tap;
use crate::db::DbError;
use crate::db::card::{CardBacking, CardGrant};
use crate::rail::bolt11;

const FIRST_LOOK: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(300);
const LEASE: Duration = Duration::from_secs(30);
/// After the invoice ran out, for clocks that differ and payments that were on their way.
const MARGIN: Duration = Duration::from_secs(120);
const BATCH: i64 = 16;

/// Makes ready to put `msat` on the card whose tap `link` is: the row to be written by
/// `Tx::add_grant`, in the transaction that decides on it. Nothing is paid before that row is there,
/// and of one `reference` it is paid once.
pub async fn prepare_grant(
    app: &App,
    backing: &CardBacking,
    reference: &str,
    msat: i64,
    link: &str,
) -> Result<CardGrant, BackingError> {
    let unpaired = "The BTCPay that holds this card’s money is not paired any more.";
    let home = home_of(app, backing).await?.ok_or_else(|| BackingError::refused(unpaired))?;
    let tap = Tap::of_link(link).map_err(|bad| BackingError::Refused(bad.to_string()))?;
    let (p, _) = tap.parts();
    let invoice = home.desk.top_up_invoice(&p, msat).await?;
    let strange = || BackingError::refused("BTCPay made another invoice than was asked for.");
    let read = bolt11::Invoice::read(&invoice).map_err(|_| strange())?;
    if read.amount.map(|amount| amount.to_db()) != Some(msat) {
        return Err(strange());
    }
    let now = app.now();
    Ok(CardGrant {
        reference: reference.to_owned(),
        card_id: backing.card_id.clone(),
        merchant_id: backing.merchant_id.clone(),
        server: backing.server.clone(),
        there: backing.there.clone(),
        msat,
        invoice,
        payout: None,
        state: "wanted".into(),
        why: String::new(),
        tries: 0,
        made_ms: now.0,
        dead_ms: read.expires_at.after(MARGIN).0,
        next_ms: now.0,
        ended_ms: None,
    })
}

/// Sends what is wanted and follows what is sent, at most a batch; answers how many.
pub async fn look_at_grants(app: &App) -> Result<i64, DbError> {
    let now = app.now();
    let due = app.db.take_grants(now, now.after(LEASE), BATCH).await?;
    for grant in &due {
        look(app, grant).await?;
    }
    Ok(i64::try_from(due.len()).unwrap_or(BATCH))
}

async fn look(app: &App, grant: &CardGrant) -> Result<(), DbError> {
    let home = home_at(app, &grant.merchant_id, &grant.server, &grant.there).await?;
    let Some(home) = home else {
        return put_off(app, grant, "The BTCPay that holds this card’s money is not paired.").await;
    };
    if grant.state == "sent" {
        return match home.desk.paid_out_before(&grant.reference).await {
            Ok(Some(seen)) => note(app, grant, seen).await,
            // Written down as sent, and never made: its invoice can be paid by nobody any more.
            Ok(None) if app.now().0 > grant.dead_ms => end(app, grant, "failed", NEVER).await,
            Ok(None) => put_off(app, grant, "BTCPay does not show it yet.").await,
            Err(trouble) => put_off(app, grant, &trouble.to_string()).await,
        };
    }
    if app.now().0 > grant.dead_ms {
        return end(app, grant, "failed", NEVER).await;
    }
    // Written down before it is sent: whatever happens then, it is looked for and not sent again.
    let sent =
        CardGrant { state: "sent".into(), next_ms: app.now().after(LEASE).0, ..grant.clone() };
    if !moved(app, &sent, "wanted").await? {
        return Ok(());
    }
    let (invoice, msat) = (&grant.invoice, grant.msat);
    match home.desk.pay_out(&grant.reference, invoice, msat, "Points onto a card").await {
        Ok(seen) => note(app, &sent, seen).await,
        Err(Trouble::Refused(words) | Trouble::Denied(words)) => {
            // A refusal may be of a repetition: what is there under the reference has the last word.
            match home.desk.paid_out_before(&grant.reference).await {
                Ok(Some(seen)) => note(app, &sent, seen).await,
                Ok(None) => end(app, &sent, "failed", &words).await,
                Err(trouble) => put_off(app, &sent, &trouble.to_string()).await,
            }
        }
        Err(trouble) => put_off(app, &sent, &trouble.to_string()).await,
    }
}

const NEVER: &str = "BTCPay never made this payout, and its invoice ran out.";

async fn note(app: &App, grant: &CardGrant, seen: PaidOut) -> Result<(), DbError> {
    let known = CardGrant { payout: Some(seen.id), ..grant.clone() };
    match seen.end {
        Some(PaidOutEnd::Completed) => end(app, &known, "done", "").await,
        Some(PaidOutEnd::Cancelled) => {
            end(app, &known, "failed", "BTCPay could not pay it, and gave it up.").await
        }
        None => put_off(app, &known, "").await,
    }
}

async fn moved(app: &App, grant: &CardGrant, was: &str) -> Result<bool, DbError> {
    let mut tx = app.db.begin().await?;
    let moved = tx.move_grant(grant, was).await?;
    tx.commit().await?;
    Ok(moved)
}

async fn put_off(app: &App, grant: &CardGrant, why: &str) -> Result<(), DbError> {
    let doubled = 1u32.checked_shl(u32::try_from(grant.tries).unwrap_or(31)).unwrap_or(u32::MAX);
    let wait = FIRST_LOOK.saturating_mul(doubled).min(LONGEST);
    let later = CardGrant { why: why.into(), next_ms: app.now().after(wait).0, ..grant.clone() };
    moved(app, &later, &grant.state).await.map(drop)
}

async fn end(app: &App, grant: &CardGrant, to: &str, why: &str) -> Result<(), DbError> {
    let (was, now) = (grant.state.clone(), app.now().0);
    let over =
        CardGrant { state: to.into(), why: why.into(), ended_ms: Some(now), ..grant.clone() };
    moved(app, &over, &was).await.map(drop)
}
