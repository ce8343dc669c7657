//! Offers: what a customer can pay, written onto its sale.

use serde_json::json;

use super::make::{Made, NoOffer, make};
use super::once::Once;
use super::{Actor, TillError, begin, watch};
use crate::app::App;
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::sale::Sale;
use crate::domain::id::{AttemptId, SaleId};

/// Writes an offer onto its sale, or that there is none and why.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    sale: &Sale,
    amount: i64,
    made: &Result<Made, NoOffer>,
) -> Result<(), TillError> {
    let now = app.now();
    let (kind, body) = match made {
        Ok(made) => {
            let attempt = made.attempt(app, sale, amount)?;
            tx.add_attempt(&attempt).await?;
            let body = json!({
                "attempt": attempt.id, "amount": amount, "msat": attempt.asked_msat,
                "instead": made.instead, "confirmations": made.confirmations(),
            });
            ("offer.made", body)
        }
        Err(no) => ("offer.none", json!({ "why": no.kind, "words": no.words })),
    };
    for lost in made.as_ref().map_or_else(|no| &no.lost, |made| &made.lost) {
        tx.add_attempt(&lost.attempt(sale, amount, now)).await?;
    }
    tx.add_event(&sale.merchant_id, &sale.id, kind, &body, now).await?;
    Ok(())
}

/// Makes a new offer for a sale: after the last one ran out, for the rest, or for a part
/// (`amount` in minor units, all that is due if none). The offers before it are cancelled at their
/// rail first; if one was paid in that moment, that is settled instead.
pub async fn renew(
    app: &App,
    actor: &Actor,
    id: &SaleId,
    amount: Option<i64>,
    once: &Once,
) -> Result<(), TillError> {
    let Some((sale, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    if sale.state == "open" && amount.is_some_and(|part| part <= 0 || part > sale.due()) {
        return Err(TillError::refused("That is not a part of what is left to pay."));
    }
    watch::cancel(app, &offers).await?;
    if once.answered(&app.db).await?.is_some() {
        return Ok(());
    }
    let sale = app.db.sale(&actor.store.merchant_id, id).await?;
    let mut live = app.db.attempts(id).await?;
    live.retain(Attempt::live);
    if sale.state != "open" || sale.due() == 0 {
        return Ok(());
    }
    if live.iter().any(|one| offers.iter().any(|before| before.id == one.id)) {
        return Err(TillError::refused(
            "We don’t know yet whether the last one was paid: checking.",
        ));
    }
    if !live.is_empty() {
        // Another tablet was quicker: the till shows its offer.
        return Ok(());
    }
    let amount = amount.unwrap_or_else(|| sale.due());
    if amount <= 0 || amount > sale.due() {
        return Err(TillError::refused("That is not a part of what is left to pay."));
    }
    let made = make(app, &actor.store, &sale, amount).await;
    let mut tx = app.db.begin().await?;
    let locked = tx.lock_sale(id).await?;
    let others = tx.attempts_of(id).await?;
    let stale = locked.state != "open" || locked.due() < amount || others.iter().any(Attempt::live);
    let kept = if stale { Ok(false) } else { once.keep_alone(&mut tx, &app.db, app.now()).await };
    if !matches!(kept, Ok(true)) {
        drop(tx);
        if let Ok(made) = made {
            made.drop_unused().await;
        }
        return kept.map(drop);
    }
    write(app, &mut tx, &locked, amount, &made).await?;
    // The owner may have connected another node meanwhile, which would not know this offer.
    let connection = made.as_ref().ok().map(Made::connection);
    if !tx.store_is_still(&actor.store.id, &locked.money, connection).await? {
        drop(tx);
        if let Ok(made) = made {
            made.drop_unused().await;
        }
        return Err(TillError::refused("The owner changed how money comes in. Try again."));
    }
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// After a part was paid another way: offers the rest. If that fails, the till shows why, and how
/// to try again.
pub(super) async fn after_part(app: &App, actor: &Actor, id: &SaleId) {
    let key = format!("rest-{}", AttemptId::new());
    let renewed = match Once::new("rest", &key, &[id.as_str()]) {
        Ok(once) => renew(app, actor, id, None, &once).await,
        Err(error) => Err(error),
    };
    if let Err(error) = renewed {
        tracing::warn!(sale = %id, %error, "no offer for the rest");
    }
}
