//! Issuing at BTCPay: money is set aside there when the owner makes the code, and the chip that an app
//! sends is registered with it. Both are safe to ask again after a lost answer: the money is found by
//! our reference in its name, and a chip that is registered is answered the same keys.

use btcpay_bridge::Boltcard;
use zeroize::Zeroizing;

use super::home::home_at;
use super::{BackingError, home};
use crate::app::App;
use crate::card::{self, CardKeys};
use crate::db::DbError;
use crate::db::card::{Card, CardBacking, CardKeyRow, CardSetup, SetupBacking};
use crate::domain::time::Time;

/// What is written onto a chip.
pub struct Written {
    /// Where its taps lead: `lnurlw://…`.
    pub link: String,
    /// Its keys.
    pub keys: CardKeys,
    /// Which keys of this chip they are.
    pub version: u32,
}

/// Writes down a leave and sets `sats` aside for it at the store's BTCPay. If that fails, the leave is
/// good for nothing, and what may have been set aside is put away later.
pub async fn prepare(
    app: &App,
    setup: &CardSetup,
    sats: i64,
    who: &str,
) -> Result<(), BackingError> {
    let unpaired = || BackingError::refused("No BTCPay Server is paired with this store.");
    let home = home(app, &setup.store_id).await?.ok_or_else(unpaired)?;
    let missing = home.desk.missing_for_cards().await?;
    if !missing.is_empty() {
        return Err(BackingError::Refused(format!(
            "The key that BTCPay gave may not do this: {}. Pair it again, with the rights for cards.",
            missing.join("; ")
        )));
    }
    let reference = setup.token_hash.chars().take(16).collect::<String>();
    let backing = SetupBacking {
        token_hash: setup.token_hash.clone(),
        merchant_id: setup.merchant_id.clone(),
        server: home.server.clone(),
        there: home.desk.store().to_owned(),
        reference: reference.clone(),
        sats,
        purse: None,
        expires_ms: setup.expires_ms,
        settled_ms: None,
    };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.add_card_setup(setup).await?;
    tx.add_setup_backing(&backing).await?;
    let detail = format!("{}: {sats} sats at BTCPay", setup.label);
    tx.audit(&setup.merchant_id, who, "card.code_made", &detail, now).await?;
    tx.commit().await?;
    let purse = home.desk.set_aside(&setup.label, &reference, sats).await?;
    Ok(app.db.note_purse(&setup.token_hash, &purse.id).await?)
}

/// Trades a leave and a chip's serial number (hex) for what BTCPay has written onto the chip. None if
/// the leave is for no card at BTCPay. The same chip may ask again.
pub async fn program(
    app: &App,
    token_hash: &str,
    serial: &str,
) -> Result<Option<Written>, BackingError> {
    let Some(wanted) = app.db.setup_backing(token_hash).await? else { return Ok(None) };
    let purse = wanted.purse.clone().ok_or(BackingError::Ended)?;
    let mut uid = [0; 7];
    hex::decode_to_slice(serial, &mut uid).map_err(|_| BackingError::NotASerial)?;
    let id = card::card_id(&app.db, &app.seal, &uid, app.now()).await?;
    let setup = bind(app, token_hash, &id, &purse).await?;
    let again = setup.again_for.is_some();
    if let Some(row) = app.db.card_key_of(&id, token_hash).await? {
        return Ok(Some(kept(app, &id, &row).await?));
    }
    let (server, there) = (&wanted.server, &wanted.there);
    let home = home_at(app, &setup.merchant_id, server, there).await?;
    let home = home.ok_or(BackingError::Away)?;
    let given = home.desk.register(&purse, uid, again).await?;
    let written = read(&given)?;
    let version = i64::from(written.version);
    let backing = CardBacking {
        card_id: id.clone(),
        merchant_id: setup.merchant_id.clone(),
        server: server.clone(),
        there: there.clone(),
        purse,
        link: written.link.clone(),
        imported: 0,
        left_msat: None,
        seen_ms: None,
        ended_ms: None,
    };
    let row = CardKeyRow {
        version,
        sealed: written.keys.seal(&app.seal, &id, version)?,
        setup: Some(token_hash.to_owned()),
    };
    keep(app, &Kept { setup: &setup, backing: &backing, row: &row, keys: &written.keys }).await?;
    Ok(Some(written))
}

/// Gives the leave to this chip, before BTCPay is asked for its keys.
async fn bind(
    app: &App,
    token_hash: &str,
    id: &str,
    purse: &str,
) -> Result<CardSetup, BackingError> {
    let mut tx = app.db.begin().await?;
    let setup = tx.use_card_setup(token_hash, id, app.now()).await?.ok_or(BackingError::Ended)?;
    let card = tx.card(id).await?;
    let fits = match (&card, setup.again_for.as_deref()) {
        (None, None) => true,
        (Some(card), again) => {
            let backing = tx.card_backing(id).await?;
            let same = card.merchant_id == setup.merchant_id && card.money == setup.money;
            let own = backing.is_some_and(|backing| backing.purse == purse);
            let open = again == Some(id) || again.is_none() && card.state == "new";
            same && own && open && card.state != "gone"
        }
        (None, Some(_)) => false,
    };
    if !fits {
        let other = || BackingError::refused("This is another card than the code is for.");
        return Err(if setup.again_for.is_some() { other() } else { BackingError::SetUp });
    }
    tx.commit().await?;
    Ok(setup)
}

struct Kept<'a> {
    setup: &'a CardSetup,
    backing: &'a CardBacking,
    row: &'a CardKeyRow,
    keys: &'a CardKeys,
}

/// Writes the card, where its money is, and its keys, at once.
async fn keep(app: &App, kept: &Kept<'_>) -> Result<(), BackingError> {
    let Kept { setup, backing, row, keys } = kept;
    let (now, id) = (app.now(), &backing.card_id);
    let merchant = &setup.merchant_id;
    let mut tx = app.db.begin().await?;
    let what = if setup.again_for.is_some() {
        tx.await_card_version(id, row.version).await?;
        "card.programmed_again"
    } else {
        tx.add_card(&new(id, setup, row.version, now)).await?;
        tx.add_card_backing(backing).await?;
        "card.programmed"
    };
    tx.put_card_key(id, row).await?;
    tx.put_card_opener(&keys.opener(&app.seal, merchant.as_str(), &backing.server)?).await?;
    tx.settle_setup(&setup.token_hash, now).await?;
    let words = format!("{}, at BTCPay", setup.label);
    tx.audit(merchant, "the programming app", what, &words, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn kept(app: &App, id: &str, row: &CardKeyRow) -> Result<Written, BackingError> {
    let keys = CardKeys::open(&app.seal, id, row)?;
    let backing = app.db.card_backing(id).await?.ok_or(BackingError::Ended)?;
    let version = u32::try_from(row.version).map_err(|_| BackingError::Ended)?;
    Ok(Written { link: backing.link, keys, version })
}

/// What BTCPay gave out, if it is keys.
pub(super) fn read(given: &Boltcard) -> Result<Written, BackingError> {
    let strange = || BackingError::refused("BTCPay gave out no keys that a card could take.");
    let key = |secret: &btcpay_bridge::Secret| {
        let mut key = Zeroizing::new([0; 16]);
        let read = hex::decode_to_slice(secret.expose(), key.as_mut_slice());
        read.map(|()| key).map_err(|_| strange())
    };
    let link = given.lnurlw.clone();
    if !link.starts_with("lnurlw://") || link.contains('?') {
        return Err(strange());
    }
    let keys = CardKeys {
        k0: key(&given.k0)?,
        k1: key(&given.k1)?,
        k2: key(&given.k2)?,
        k3: key(&given.k3)?,
        k4: key(&given.k4)?,
    };
    Ok(Written { link, keys, version: given.version })
}

pub(super) fn new(id: &str, setup: &CardSetup, version: i64, now: Time) -> Card {
    Card {
        id: id.to_owned(),
        merchant_id: setup.merchant_id.clone(),
        store_id: setup.store_id.clone(),
        money: setup.money.clone(),
        version,
        state: "new".into(),
        counter: -1,
        balance_msat: 0,
        tap_limit_msat: setup.tap_limit_msat,
        day_limit_msat: setup.day_limit_msat,
        spent_msat: 0,
        spent_day: String::new(),
        label: setup.label.clone(),
        created_ms: now.0,
        confirmed_ms: None,
        tapped_ms: None,
        pin_hash: None,
        pin_from_msat: 0,
        pin_failed: 0,
        balance_limit_msat: None,
        tap_most_msat: setup.tap_limit_msat,
        day_most_msat: setup.day_limit_msat,
        expires_ms: setup.card_expires_ms,
        next_version: None,
        frozen_by: String::new(),
        replaced_by: None,
        wiped_ms: None,
        nickname: String::new(),
        npub: String::new(),
    }
}

/// Puts away what was set aside for leaves that ended before `before` without a card.
pub async fn put_unused_away(app: &App, before: Time) -> Result<(), DbError> {
    for unused in app.db.unused_setups(before).await? {
        let (server, there) = (&unused.server, &unused.there);
        let Some(home) = home_at(app, &unused.merchant_id, server, there).await? else { continue };
        let purse = match &unused.purse {
            Some(purse) => Ok(Some(purse.clone())),
            None => {
                home.desk.set_aside_before(&unused.reference).await.map(|made| made.map(|p| p.id))
            }
        };
        let away = match purse {
            Ok(Some(purse)) => home.desk.put_away(&purse).await,
            Ok(None) => Ok(()),
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = away {
            tracing::warn!(%trouble, "money set aside for no card could not be put away");
            continue;
        }
        let mut tx = app.db.begin().await?;
        tx.settle_setup(&unused.token_hash, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}
