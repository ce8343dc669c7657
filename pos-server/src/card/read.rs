//! A tap as it comes from a reader: a link whose `p` and `c` the chip wrote. It is proven before
//! anything that it says is looked at, but for the version of the keys that prove it.

use super::issuer::{IssuerError, issuer};
use super::{BadTap, Scheme, Tap, backed};
use crate::db::{Db, DbError};
use crate::seal::Seal;

/// A tap that a card of ours made. Whether it was used before is for the database to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The card's derived id.
    pub card_id: String,
    /// The version of its keys.
    pub version: i64,
    /// The tap's counter.
    pub counter: i64,
}

/// Why a tap is none.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// It is not a tap, or not of ours, or not genuine.
    #[error(transparent)]
    Bad(#[from] BadTap),
    /// The issuer's key.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Tap {
    /// Reads a card's link (`lnurlw://…?p=…&c=…`, LUD-17, or the same over `https`).
    pub fn of_link(link: &str) -> Result<Self, BadTap> {
        let (_, query) = link.trim().split_once('?').ok_or(BadTap::NotALink)?;
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut found = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name));
            found.next().map(|(_, value)| value).ok_or(BadTap::NotALink)
        };
        Self::read(value("p")?, value("c")?)
    }
}

/// Opens a link with the issuer's K1, derives the keys of the card that it claims to be, and proves
/// it by K2. A card that is issued again is proven by its keys of now until the first tap by the new
/// ones, which ends the old: that switch is all that this ever changes.
pub async fn prove(db: &Db, seal: &Seal, link: &str) -> Result<Shown, TapError> {
    let tap = Tap::of_link(link)?;
    match own(db, seal, &tap).await {
        Err(TapError::Bad(BadTap::NotOurs)) => backed::prove(db, seal, &tap).await,
        shown => shown,
    }
}

/// By the keys of our own issuer.
async fn own(db: &Db, seal: &Seal, tap: &Tap) -> Result<Shown, TapError> {
    let issuer = issuer(db, seal).await?.ok_or(BadTap::NotOurs)?;
    let claimed = tap.open(&issuer.k1())?;
    let card_id = issuer.card_id(claimed.uid());
    let card = db.card(&card_id).await?.ok_or(BadTap::NotOurs)?;
    let by = |version: i64| {
        let number = u32::try_from(version).map_err(|_| BadTap::NotOurs)?;
        let keys = issuer.card_keys(claimed.uid(), number, Scheme::Public);
        let counter = tap.prove(&claimed, &keys.k2)?.counter.into();
        Ok(Shown { card_id: card_id.clone(), version, counter })
    };
    let old = by(card.version);
    let Some(next) = card.next_version else { return Ok(old?) };
    match (old, by(next)) {
        (Err(BadTap::Forged), Ok(shown)) => {
            db.switch_card_version(&card_id, next).await?;
            Ok(shown)
        }
        (old, _) => Ok(old?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_any_writing_are_read_and_other_texts_are_none() {
        let (p, c) = ("4E2E289D945A66BB13377A728884E867", "E19CCB1FED8892CE");
        let plain = Tap::read(p, c);
        for link in [
            format!("lnurlw://pos.example.com/card?p={p}&c={c}"),
            format!(" https://pos.example.com/card?c={c}&p={} ", p.to_lowercase()),
            format!("LNURLW://POS.EXAMPLE.COM/CARD?P={p}&C={c}"),
        ] {
            assert_eq!(Tap::of_link(&link), plain, "{link}");
        }
        for text in ["", "04a39493cc8680", "https://x/?p=12&c=34", "https://x/?p=", "lnbcrt1?c=1"] {
            assert_eq!(Tap::of_link(text), Err(BadTap::NotALink), "{text}");
        }
    }
}
