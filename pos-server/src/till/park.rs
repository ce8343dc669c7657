//! Setting a cart aside, and taking it up again on any tablet of the store.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// A cart that was taken up again, as the page gets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// The cart as the page sent it.
    pub cart: Value,
    /// What it is called: `Table 4`.
    pub name: String,
}

/// Takes a parked cart up again; of two tablets that try, one gets it. The cart itself is kept as the
/// answer: it is nowhere else any more, and the tablet whose answer was lost asks again.
pub async fn take(
    app: &App,
    actor: &Actor,
    id: &ParkedId,
    once: &Once,
) -> Result<Taken, TillError> {
    if let Some(first) = once.answered(&app.db).await? {
        return unreadable(serde_json::from_str(&first));
    }
    let mut tx = app.db.begin().await?;
    let Some(parked) = tx.take_parked(&actor.store.id, id).await? else {
        drop(tx);
        // A twin of this request may have taken it since it was looked for.
        let first = once.answered(&app.db).await?.ok_or_else(|| {
            TillError::refused("This sale was taken up on another tablet a moment ago.")
        })?;
        return unreadable(serde_json::from_str(&first));
    };
    let taken = Taken { cart: unreadable(serde_json::from_str(&parked.cart))?, name: parked.name };
    let answer = unreadable(serde_json::to_string(&taken))?;
    if !once.keep(&mut tx, &answer, app.now()).await? {
        drop(tx);
        return unreadable(serde_json::from_str(&once.first(&app.db).await?));
    }
    tx.commit().await?;
    Ok(taken)
}

fn unreadable<T>(read: serde_json::Result<T>) -> Result<T, TillError> {
    read.map_err(|_| TillError::refused("This parked sale cannot be read."))
}
