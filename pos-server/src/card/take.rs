//! A tap that reaches us: kept before it is judged, then proven, then looked at for what it says about
//! its card. A card whose counter went backwards, or that is at two places at once, was copied.

use uuid::Uuid;

use super::{Shown, Tap, TapError, prove};
use crate::db::card::{CardAlarm, CardTap};
use crate::db::{Db, DbError, Tx};
use crate::domain::id::{MerchantId, StoreId};
use crate::domain::time::Time;
use crate::seal::Seal;
use sha2::{Digest, Sha256};
use std::time::Duration;

const MS_PER_MINUTE: u64 = 60_000;

/// What a tap is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It pays at a till of ours.
    Till,
    /// Money is put on it at a till of ours.
    TopUp,
    /// It is looked at, at a till of ours.
    Look,
    /// A wallet or another till reads it.
    Lnurl,
    /// Its holder's phone.
    Portal,
    /// It is to be wiped.
    Wipe,
}

impl Place {
    fn as_str(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::TopUp => "top_up",
            Self::Look => "look",
            Self::Lnurl => "lnurl",
            Self::Portal => "portal",
            Self::Wipe => "wipe",
        }
    }
}

/// A link, and where it came in.
pub struct Arrival<'a> {
    /// What a card gave its reader.
    pub link: &'a str,
    /// What for.
    pub place: Place,
    /// The till's merchant and store, when a till of ours read it.
    pub store: Option<(&'a MerchantId, &'a StoreId)>,
}

/// A proven tap, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The id under which it is kept (`end_card_tap` says what became of it).
    pub id: String,
    /// Whose tap it is.
    pub shown: Shown,
}

/// Keeps a tap, then proves it, then raises the alarm if it says that its card was copied: that may
/// freeze the card. No transaction may be open. What asked before is told its first answer by its
/// idempotency key and does not come here again.
pub async fn take(
    db: &Db,
    seal: &Seal,
    arrival: &Arrival<'_>,
    now: Time,
) -> Result<Taken, TapError> {
    let id = Uuid::now_v7().to_string();
    let other = || hex::encode(Sha256::digest(arrival.link.trim().as_bytes()));
    let kept = CardTap {
        id: id.clone(),
        link_hash: Tap::of_link(arrival.link).map_or_else(|_| other(), |tap| tap.hash()),
        place: arrival.place.as_str().into(),
        merchant_id: arrival.store.map(|(merchant, _)| merchant.to_string()),
        store_id: arrival.store.map(|(_, store)| store.to_string()),
        card_id: None,
        version: None,
        counter: None,
        outcome: "arrived".into(),
        at_ms: now.0,
    };
    db.add_card_tap(&kept).await?;
    let shown = match prove(db, seal, arrival.link).await {
        Ok(shown) => shown,
        Err(bad) => {
            if let TapError::Bad(_) = bad {
                db.end_card_tap(&id, "no tap of ours").await?;
            }
            return Err(bad);
        }
    };
    let mut tx = db.begin().await?;
    tx.prove_card_tap(&id, &shown.card_id, shown.version, shown.counter).await?;
    watch(&mut tx, &kept, &shown, now).await?;
    tx.commit().await?;
    Ok(Taken { id, shown })
}

/// Raises an alarm if the tap is older than one that was used and was never seen itself, or if the card
/// was just now at another store. The same tap shown again is no alarm: a page asks again after a lost
/// answer, and a browser opens its last pages.
async fn watch(tx: &mut Tx, tap: &CardTap, shown: &Shown, now: Time) -> Result<(), DbError> {
    let Shown { card_id, version, counter } = shown;
    let Some(card) = tx.card(card_id).await? else { return Ok(()) };
    if tx.came_before(&tap.id, card_id, *version, *counter).await? {
        return Ok(());
    }
    let policy = tx.card_policy(&card.merchant_id, &card.store_id).await?;
    let (kind, detail) = if *version == card.version && *counter < card.counter {
        let words = format!("Tap {counter} came after tap {}.", card.counter);
        ("older_tap", words)
    } else {
        let minutes = u64::try_from(policy.apart_minutes).unwrap_or(0);
        let since = now.before(Duration::from_millis(minutes * MS_PER_MINUTE));
        let Some(store) = tap.store_id.as_deref().filter(|_| minutes > 0) else { return Ok(()) };
        let Some(other) = tx.tap_elsewhere(card_id, store, since).await? else { return Ok(()) };
        let seconds = now.0.saturating_sub(other.at_ms) / 1_000;
        ("two_places", format!("Tapped at two stores within {seconds} seconds."))
    };
    let freezes = policy.alarm_freezes == 1;
    let froze = freezes && tx.freeze_card(&card.merchant_id, card_id, "alarm").await?;
    let alarm = CardAlarm {
        id: Uuid::now_v7().to_string(),
        card_id: card_id.clone(),
        merchant_id: card.merchant_id.clone(),
        kind: kind.into(),
        detail: detail.clone(),
        froze: froze.into(),
        tap_id: tap.id.clone(),
        at_ms: now.0,
        seen_ms: None,
    };
    if tx.add_card_alarm(&alarm).await? {
        let words = format!("{}: {detail}", card.label);
        tx.audit(&card.merchant_id, "the clone alarm", "card.alarm", &words, now).await?;
    }
    Ok(())
}
