//! Cancel: a sale that nobody pays is voided; money that came first is given back first.

use serde_json::json;

use super::once::Once;
use super::{Actor, TillError, begin, watch};
use crate::app::App;
use crate::domain::id::SaleId;

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
    if tx.attempts_of(id).await?.iter().any(crate::db::attempt::Attempt::live) {
        return Err(TillError::refused(
            "We don’t know yet whether this was paid: checking. It stays under Recent.",
        ));
    }
    sale.state = "voided".into();
    sale.closed_ms = Some(now.0);
    tx.update_sale("open", &sale).await?;
    let body = json!({ "by": actor.staff.name });
    tx.add_event(&sale.merchant_id, id, "sale.voided", &body, now).await?;
    let detail = format!("sale {id} of {}", sale.currency()?.write(sale.total));
    tx.audit(&sale.merchant_id, &actor.staff.name, "sale.voided", &detail, now).await?;
    tx.commit().await?;
    app.live.changed(id);
    Ok(())
}
