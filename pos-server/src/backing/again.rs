//! What comes after issuing: the same chip set up again, and a card that is gone.

use super::{BackingError, home_of};
use crate::app::App;
use crate::db::card::{Card, CardBacking, CardSetup, SetupBacking};

/// Writes down a leave to give one chip its next keys. Nothing is asked of BTCPay until it is used.
pub async fn prepare_again(
    app: &App,
    setup: &CardSetup,
    backing: &CardBacking,
    who: &str,
) -> Result<(), BackingError> {
    if home_of(app, backing).await?.is_none() {
        return Err(BackingError::refused(
            "The BTCPay that holds this card’s money is not paired any more.",
        ));
    }
    let leave = SetupBacking {
        token_hash: setup.token_hash.clone(),
        merchant_id: setup.merchant_id.clone(),
        server: backing.server.clone(),
        there: backing.there.clone(),
        reference: setup.token_hash.clone(),
        sats: 0,
        purse: Some(backing.purse.clone()),
        expires_ms: setup.expires_ms,
        settled_ms: None,
    };
    let mut tx = app.db.begin().await?;
    tx.add_card_setup(setup).await?;
    tx.add_setup_backing(&leave).await?;
    let detail = format!("{}, to set it up again", setup.label);
    tx.audit(&setup.merchant_id, who, "card.code_made", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a card for good: at our tills, and with `away` at BTCPay first, for every till there is. If
/// BTCPay does not answer, nothing is ended.
pub async fn end(
    app: &App,
    card: &Card,
    backing: &CardBacking,
    away: bool,
    who: &str,
) -> Result<(), BackingError> {
    if away {
        let unpaired = "The BTCPay that holds this card’s money is not paired any more.";
        let home = home_of(app, backing).await?;
        let home = home.ok_or_else(|| BackingError::refused(unpaired))?;
        home.desk.put_away(&backing.purse).await?;
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if tx.end_card(&card.merchant_id, &card.id).await? {
        tx.audit(&card.merchant_id, who, "card.ended", &card.label, now).await?;
    }
    if away && backing.ended_ms.is_none() {
        tx.end_card_backing(&card.id, now).await?;
        tx.audit(&card.merchant_id, who, "card.put_away", &card.label, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
