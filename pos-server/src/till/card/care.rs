//! Looking after a card at the till: a look at it, freezing it at once, and what a manager alone may do.

use super::super::{Actor, TillError};
use super::collect::for_a_tap;
use super::take;
use crate::app::App;
use crate::card::pin::{self, PinError};
use crate::card::{No, Place, Taken};
use crate::db::DbError;
use crate::db::card::Card;

/// A card of this merchant and this store's kind of money; any other is not found.
pub async fn find(app: &App, actor: &Actor, id: &str) -> Result<Card, TillError> {
    let store = &actor.store;
    let card = app.db.card(id).await?;
    let mine = |card: &Card| card.merchant_id == store.merchant_id && card.money == store.money;
    card.filter(mine).ok_or_else(|| DbError::NotFound.into())
}

/// Looks at the card behind a tap, which is used up by it. Answers the tap as it is kept: it lets the
/// till show the card for a while.
pub async fn look_at_card(app: &App, actor: &Actor, link: &str) -> Result<Taken, TillError> {
    let taken = take(app, actor, link, Place::Look).await?;
    let (tap, now) = (&taken.shown, app.now());
    let card = app.db.card(&tap.card_id).await?.ok_or(DbError::NotFound)?;
    if card.merchant_id != actor.store.merchant_id || card.money != actor.store.money {
        app.db.end_card_tap(&taken.id, No::OtherShop.name()).await?;
        return Err(TillError::refused("This card is another shop’s, or holds another money."));
    }
    let mut tx = app.db.begin().await?;
    let fresh = tx.use_tap(&tap.card_id, tap.version, tap.counter, now).await?;
    if fresh && matches!(card.state.as_str(), "new" | "active") {
        for_a_tap(&mut tx, actor, &card, tap, now).await?;
    }
    tx.end_card_tap(&taken.id, if fresh { "looked at" } else { No::Used.name() }).await?;
    tx.commit().await?;
    if fresh {
        return Ok(taken);
    }
    Err(TillError::refused("Tapped twice. Take the card away, and tap it again."))
}

/// Freezes a card at once. Anybody at the till may.
pub async fn freeze(app: &App, actor: &Actor, id: &str) -> Result<(), TillError> {
    let card = find(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    if tx.freeze_card(&card.merchant_id, id, "staff").await? {
        let who = &actor.staff.name;
        tx.audit(&card.merchant_id, who, "card.frozen", &card.label, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Lets a frozen card be used again, and settles its alarms: a manager looked into it.
pub async fn thaw(app: &App, actor: &Actor, id: &str) -> Result<(), TillError> {
    manager(actor)?;
    let (card, now) = (find(app, actor, id).await?, app.now());
    let mut tx = app.db.begin().await?;
    if tx.thaw_card(&card.merchant_id, id).await? {
        tx.settle_card_alarms(&card.merchant_id, id, now).await?;
        let who = &actor.staff.name;
        tx.audit(&card.merchant_id, who, "card.thawed", &card.label, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Lets a blocked PIN be tried anew.
pub async fn reset_pin(app: &App, actor: &Actor, id: &str) -> Result<(), TillError> {
    manager(actor)?;
    let card = find(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    if tx.reset_card_pin(&card.merchant_id, id).await? {
        let who = &actor.staff.name;
        tx.audit(&card.merchant_id, who, "card.pin_reset", &card.label, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives a card the PIN that its holder typed on the tablet, asked for from an amount up, or takes
/// its PIN away if none was typed.
pub async fn set_pin(
    app: &App,
    actor: &Actor,
    id: &str,
    typed: &str,
    from_msat: i64,
) -> Result<(), TillError> {
    manager(actor)?;
    let card = find(app, actor, id).await?;
    let hash = match typed {
        "" => None,
        typed => Some(pin::hash(&app.seal, typed).await.map_err(pin_words)?),
    };
    let what = if hash.is_some() { "card.pin_set" } else { "card.pin_removed" };
    let mut tx = app.db.begin().await?;
    if tx.set_card_pin(&card.merchant_id, id, hash.as_deref(), from_msat).await? {
        let who = &actor.staff.name;
        tx.audit(&card.merchant_id, who, what, &card.label, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What only a manager may do.
pub fn manager(actor: &Actor) -> Result<(), TillError> {
    if actor.staff.role == "manager" {
        return Ok(());
    }
    Err(TillError::refused("A manager must allow this. Nothing was changed."))
}

pub(super) fn pin_words(error: PinError) -> TillError {
    match error {
        PinError::NotFour => TillError::refused("A PIN is four digits."),
        PinError::Db(error) => error.into(),
        PinError::Password(error) => {
            tracing::error!(%error, "a card's PIN cannot be checked");
            TillError::refused("PINs cannot be checked just now. Nothing was taken.")
        }
    }
}
