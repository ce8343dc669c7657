//! Setting a cart aside, and taking it up again on any tablet of the store.

use super::cart::{CartRequest, words};
use super::once::Once;
use super::{Actor, TillError};
use crate::app::App;
use crate::db::parked::Parked;
use crate::domain::id::ParkedId;

/// Sets a cart aside under a name (the time of day if none is given). The cart is priced, so that
/// what is set aside can be sold.
pub async fn park(
    app: &App,
    actor: &Actor,
    cart: &CartRequest,
    name: &str,
    once: &Once,
) -> Result<ParkedId, TillError> {
    if let Some(first) = once.answered(&app.db).await? {
        return parked_id(&first);
    }
    let id = ParkedId::new();
    let priced = cart.price(&app.db, &actor.store).await?;
    let name = words(name);
    let now = app.now();
    let parked = Parked {
        id: id.clone(),
        merchant_id: actor.store.merchant_id.clone(),
        store_id: actor.store.id.clone(),
        staff_name: actor.staff.name.clone(),
        name: if name.is_empty() { words(&cart.name) } else { name },
        cart: serde_json::to_string(cart)
            .map_err(|_| TillError::refused("This sale could not be kept."))?,
        total: priced.bill,
        created_ms: now.0,
    };
    let mut tx = app.db.begin().await?;
    if !once.keep(&mut tx, id.as_str(), now).await? {
        drop(tx);
        return parked_id(&once.first(&app.db).await?);
    }
    tx.park(&parked).await?;
    tx.commit().await?;
    Ok(id)
}

fn parked_id(text: &str) -> Result<ParkedId, TillError> {
    text.parse().map_err(|_| TillError::refused("This sale could not be found again."))
}

/// Takes a parked cart up again; of two tablets that try, one gets it.
pub async fn take(app: &App, actor: &Actor, id: &ParkedId) -> Result<Parked, TillError> {
    let mut tx = app.db.begin().await?;
    let parked = tx.take_parked(&actor.store.id, id).await?;
    let parked = parked.ok_or_else(|| {
        TillError::refused("This sale was taken up on another tablet a moment ago.")
    })?;
    tx.commit().await?;
    Ok(parked)
}
