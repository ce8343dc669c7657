//! Who asks: whoever tapped the card a short while ago.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use super::pace::Pace;
use crate::app::App;
use crate::db::card::{Card, CardSession};
use crate::db::store::Store;
use crate::domain::local::Local;
use crate::web::error::{Door, WebError};
use crate::web::page::Shell;
use crate::web::session;

/// A holder at the card's own page. All it reaches is this card.
pub(super) struct Holder {
    /// The visit; its `csrf` goes into every form.
    pub(super) session: CardSession,
    /// The card.
    pub(super) card: Card,
    /// The store that issued it.
    pub(super) store: Store,
}

impl Holder {
    /// The visit and its card, as the verbs take them.
    pub(super) fn both(&self) -> (&CardSession, &Card) {
        (&self.session, &self.card)
    }

    pub(super) fn shell(&self, title: &str) -> Shell {
        Shell {
            title: title.into(),
            shop: self.store.name.clone(),
            practice: self.card.money == "practice",
        }
    }

    pub(super) fn local(&self) -> Local {
        Local::new(&self.store.time_zone)
    }
}

impl FromRequestParts<Arc<App>> for Holder {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, WebError> {
        let over = || WebError::NotIn(Door::Card);
        let session = session::holder(&parts.headers, app).await?.ok_or_else(over)?;
        let card = app.db.card(&session.card_id).await?.ok_or_else(over)?;
        // Keys given out anew, or a card that was replaced: another holder may have it.
        let same = card.version == session.version && card.merchant_id == session.merchant_id;
        if !same || card.state == "gone" {
            return Err(over());
        }
        if parts.method == Method::POST {
            let pace = parts.extensions.get::<Arc<Pace>>();
            pace.map_or(Ok(()), |pace| pace.take(&card.id))?;
        }
        let store = app.db.store(&card.merchant_id, &card.store_id).await?;
        Ok(Self { session, card, store })
    }
}
