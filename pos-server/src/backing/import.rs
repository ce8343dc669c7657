//! A card that was issued elsewhere at the paired BTCPay, brought in by a tap. The server's own page
//! for the tap names the pull payment and says what is left of it, and uses nothing up; only the pull
//! payment that fits both is asked for the card's keys. So an import that fails changes nothing there.

use btcpay_bridge::{Purse, Tapped, Trouble};
use futures_util::StreamExt;
use futures_util::stream;

use super::issue::{new, read};
use super::{BackingError, Home, home};
use crate::app::App;
use crate::card::{self, CardKeys, Tap};
use crate::db::card::{Card, CardBacking, CardKeyRow, CardSetup};

/// Pull payments of one name whose balance is looked at.
const MOST: usize = 20;
const AT_ONCE: usize = 4;
const MSAT_PER_SAT: i64 = 1_000;

/// The host and path that a link leads to, in small letters, without the scheme.
fn place(link: &str) -> Option<String> {
    let (_, rest) = link.trim().split_once("://")?;
    let place = rest.split('?').next().unwrap_or_default();
    Some(place.trim_end_matches('/').to_lowercase())
}

/// Adds the card behind `link` to a store's cards, by what `setup` says of label and limits. `purse` is
/// the pull payment that the owner named, if he did. Answers the card's id.
pub async fn import(
    app: &App,
    setup: &CardSetup,
    link: &str,
    purse: Option<&str>,
    who: &str,
) -> Result<String, BackingError> {
    let unpaired = || BackingError::refused("No BTCPay Server is paired with this store.");
    let home = home(app, &setup.store_id).await?.ok_or_else(unpaired)?;
    let tap = Tap::of_link(link).map_err(|bad| BackingError::Refused(bad.to_string()))?;
    let own = place(&home.server).map(|base| format!("{base}/boltcard"));
    if own.is_none() || place(link) != own {
        let words = "This card is another server’s than the BTCPay that is paired.";
        return Err(BackingError::refused(words));
    }
    let seen = seen(&home, &tap).await?;
    let found = find(&home, &seen, purse).await?;
    let given = match home.desk.keys_of(&found, link).await {
        Ok(given) => given,
        Err(Trouble::Refused(_)) => return Err(unlinked()),
        Err(trouble) => return Err(trouble.into()),
    };
    let written = read(&given)?;
    let proven = card::prove_by(&written.keys, link);
    let (uid, counter) = proven.map_err(|bad| BackingError::Refused(bad.to_string()))?;
    let id = card::card_id(&app.db, &app.seal, &uid, app.now()).await?;
    let version = i64::from(written.version);
    let now = app.now();
    let backing = CardBacking {
        card_id: id.clone(),
        merchant_id: setup.merchant_id.clone(),
        server: home.server.clone(),
        there: home.desk.store().to_owned(),
        purse: found,
        link: written.link.clone(),
        imported: 1,
        left_msat: None,
        seen_ms: None,
        ended_ms: None,
    };
    let row = Card {
        state: "active".into(),
        counter,
        confirmed_ms: Some(now.0),
        tapped_ms: Some(now.0),
        ..new(&id, setup, version, now)
    };
    let sealed = written.keys.seal(&app.seal, &id, version)?;
    let key = CardKeyRow { version, sealed, setup: None };
    add(app, &row, &backing, &key, &written.keys, who).await?;
    app.db.note_card_left(&id, seen.max_withdrawable, now).await?;
    Ok(id)
}

fn unlinked() -> BackingError {
    BackingError::refused("BTCPay does not know this card: it is linked to no money there.")
}

/// What BTCPay's own page says to the tap. It is proven there, and not used up.
async fn seen(home: &Home, tap: &Tap) -> Result<Tapped, BackingError> {
    let (p, c) = tap.parts();
    let seen = home.desk.client().boltcard_tap(&p, &c).await.map_err(Trouble::from);
    match seen {
        Ok(seen) if seen.tag == "withdrawRequest" => Ok(seen),
        Err(Trouble::Away(_)) => Err(BackingError::Away),
        _ => Err(unlinked()),
    }
}

/// The one pull payment of the store that the tap's page speaks of.
async fn find(home: &Home, seen: &Tapped, named: Option<&str>) -> Result<String, BackingError> {
    let mut fits: Vec<Purse> = home.desk.purses().await?;
    fits.retain(|purse| purse.name == seen.default_description);
    if let Some(named) = named {
        fits.retain(|purse| purse.id == named);
    }
    fits.truncate(MOST);
    let left = stream::iter(fits.into_iter().map(async |purse| {
        let left = home.desk.purse(&purse.id).await.map(|(_, left)| left);
        left.map(|left| (purse.id, left))
    }));
    let all: Vec<_> = left.buffered(AT_ONCE).collect().await;
    let mut same = Vec::new();
    for one in all {
        let (id, left) = one?;
        // What a page of LNURL names is what is left, perhaps in whole satoshi.
        if (left - seen.max_withdrawable).abs() < MSAT_PER_SAT {
            same.push(id);
        }
    }
    match <[String; 1]>::try_from(same) {
        Ok([one]) => Ok(one),
        Err(none) if none.is_empty() => {
            Err(BackingError::refused("This card’s money is not in the store that is paired."))
        }
        Err(_) => Err(BackingError::refused(
            "Several pull payments fit this card. Paste the id of its own, as BTCPay shows it.",
        )),
    }
}

async fn add(
    app: &App,
    card: &Card,
    backing: &CardBacking,
    key: &CardKeyRow,
    keys: &CardKeys,
    who: &str,
) -> Result<(), BackingError> {
    let merchant = &card.merchant_id;
    let mut tx = app.db.begin().await?;
    if !tx.add_card(card).await? {
        return Err(BackingError::refused(
            "This card is among your cards, or another shop’s, already.",
        ));
    }
    tx.confirm_card(&card.id, card.counter, app.now()).await?;
    tx.add_card_backing(backing).await?;
    tx.put_card_key(&card.id, key).await?;
    tx.put_card_opener(&keys.opener(&app.seal, merchant.as_str(), &backing.server)?).await?;
    tx.audit(merchant, who, "card.imported", &card.label, app.now()).await?;
    tx.commit().await?;
    Ok(())
}
