//! Cancel: a sale that nobody pays is voided; money that came first is given back first.

use serde_json::json;

use super::once::Once;
use super::{Actor, TillError, begin, watch};
use crate::app::App;
use crate::db::Tx;
use crate::db::attempt::Attempt;
use crate::db::sale::Sale;
use crate::domain::id::SaleId;
use crate::domain::time::Time;
use crate::points;

/// Voids an open sale. Its offers are cancelled at their rail first: a sale that was paid in that
/// moment stays, and one that may have been paid is not voided.
pub async fn void(app: &App, actor: &Actor, id: &SaleId, once: &Once) -> Result<(), TillError> {
    let Some((_, offers)) = begin(app, actor, id, once).await? else { return Ok(()) };
    watch::cancel(app, &offers).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    if !once.keep_alone(&mut tx, &app.db, now).await? {
        return Ok(());
    }
    if sale.state != "open" {
        return Ok(());
    }
    if sale.credited > 0 {
        return Err(TillError::refused(
            "Part of this is paid. Take the rest, or give back what came.",
        ));
    }
    if tx.attempts_of(id).await?.iter().any(Attempt::live) {
        return Err(TillError::refused(
            "We don’t know yet whether this was paid: checking. It stays under Recent.",
        ));
    }
    write(&mut tx, &mut sale, &actor.staff.name, now).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}

/// Voids a sale that was left open and unpaid, once all its offers have ended; answers whether it
/// did. Money that came, or an outcome that is not known, keeps it open.
pub async fn void_abandoned(app: &App, id: &SaleId) -> Result<bool, TillError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut sale = tx.lock_sale(id).await?;
    let payments = tx.payments_of(id).await?;
    let waits = payments.iter().any(|payment| payment.given_back_ms.is_none());
    let live = tx.attempts_of(id).await?.iter().any(Attempt::live);
    if sale.state != "open" || sale.credited > 0 || waits || live {
        return Ok(false);
    }
    write(&mut tx, &mut sale, "nobody: left open", now).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(true)
}

async fn write(tx: &mut Tx, sale: &mut Sale, who: &str, now: Time) -> Result<(), TillError> {
    sale.state = "voided".into();
    sale.closed_ms = Some(now.0);
    tx.update_sale("open", sale).await?;
    points::release(tx, sale, now).await?;
    tx.add_event(&sale.merchant_id, &sale.id, "sale.voided", &json!({ "by": who }), now).await?;
    let detail = format!("sale {} of {}", sale.id, sale.currency()?.write(sale.total));
    tx.audit(&sale.merchant_id, who, "sale.voided", &detail, now).await?;
    Ok(())
}
