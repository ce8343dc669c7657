//! The door to a holder's own page: a tap on a phone, or a link that staff showed after a tap. What it
//! opens is short, is for this card with these keys alone, and can spend nothing.

use std::time::Duration;

use super::super::TillError;
use super::away::{hash, secret};
use crate::app::App;
use crate::card::{self, Arrival, Place, TapError};
use crate::db::card::{Card, CardSession};
use crate::db::{DbError, Tx};
use crate::domain::time::Time;

/// How long a holder's page stays open.
pub const STAYS: Duration = Duration::from_secs(15 * 60);

/// What a door opened to.
pub enum Opened {
    /// A new visit, by this token.
    Visit(String),
    /// The visit that was under way: a browser showed its last tap again.
    Still,
}

/// Why it stayed shut.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// No tap of a card of ours: something else, another issuer's, or forged.
    #[error("This is not a tap of our card.")]
    NoTap,
    /// The tap was used before.
    #[error("This tap was used before.")]
    Used,
    /// The card is not in use any more.
    #[error("This card is not in use any more.")]
    Gone,
    /// The link was used before, or its time is over.
    #[error("This link was used before, or is too old.")]
    Link,
    /// Cards cannot be read now.
    #[error("cards cannot be read")]
    Down(#[source] card::IssuerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Closed> for TillError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Db(error) => error.into(),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// Keeps the tap behind `link`, proves it, and uses it up for a visit to its card's page. A frozen card
/// may be looked at: its holder has to see why. `held` is the visit that the browser is on.
pub async fn open_by_tap(
    app: &App,
    link: &str,
    held: Option<&CardSession>,
) -> Result<Opened, Closed> {
    let (now, place) = (app.now(), Place::Portal);
    let arrival = Arrival { link, place, store: None };
    let taken = match card::take(&app.db, &app.seal, &arrival, now).await {
        Ok(taken) => taken,
        Err(TapError::Bad(_)) => return Err(Closed::NoTap),
        Err(TapError::Issuer(error)) => return Err(Closed::Down(error)),
        Err(TapError::Db(error)) => return Err(error.into()),
    };
    let tap = &taken.shown;
    let mut tx = app.db.begin().await?;
    let fresh = tx.use_tap(&tap.card_id, tap.version, tap.counter, now).await?;
    let card = tx.card(&tap.card_id).await?.ok_or(DbError::NotFound)?;
    let still = held.is_some_and(|held| held.card_id == card.id && held.version == tap.version);
    let (outcome, opened) = match card.state.as_str() {
        "gone" => ("gone", Err(Closed::Gone)),
        _ if fresh => ("page opened", Ok(Opened::Visit(start(&mut tx, &card, now).await?))),
        _ if still => ("page still open", Ok(Opened::Still)),
        _ => ("used before", Err(Closed::Used)),
    };
    tx.end_card_tap(&taken.id, outcome).await?;
    tx.commit().await?;
    opened
}

/// Opens the page by a link that staff made after a tap, once.
pub async fn open_by_link(app: &App, token: &str) -> Result<Opened, Closed> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let link = tx.use_card_link(&hash(token), now).await?.ok_or(Closed::Link)?;
    let card = tx.card(&link.card_id).await?.ok_or(DbError::NotFound)?;
    if card.state == "gone" || card.merchant_id != link.merchant_id {
        return Err(Closed::Gone);
    }
    let opened = start(&mut tx, &card, now).await?;
    tx.audit(&card.merchant_id, super::holder::WHO, "card.page_opened", &card.label, now).await?;
    tx.commit().await?;
    Ok(Opened::Visit(opened))
}

/// Starts a visit, which ends the others: whoever had the card before does not have it now.
async fn start(tx: &mut Tx, card: &Card, now: Time) -> Result<String, DbError> {
    let token = secret();
    let session = CardSession {
        token_hash: hash(&token),
        card_id: card.id.clone(),
        merchant_id: card.merchant_id.clone(),
        version: card.version,
        csrf: secret(),
        expires_ms: now.after(STAYS).0,
    };
    tx.add_card_session(&session, now).await?;
    tx.end_other_card_sessions(&card.id, &session.token_hash).await?;
    Ok(token)
}
