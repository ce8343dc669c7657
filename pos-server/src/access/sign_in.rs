//! One-time links that sign an owner in, for whoever reads what the server prints.

use std::time::Duration;

use super::{AccessError, token};
use crate::app::App;
use crate::db::merchant::Owner;
use crate::db::session::Session;
use crate::db::{DbError, Tx};

/// How long a link is good.
pub const LINK_GOOD_FOR: Duration = Duration::from_secs(15 * 60);

/// An address that signs the owner in once.
pub async fn once_link(app: &App, owner: &Owner) -> Result<String, AccessError> {
    let (token, now) = (token::random(), app.now());
    let session = Session {
        token_hash: token::hash(&token),
        kind: "setup".into(),
        subject: owner.id.to_string(),
        merchant_id: owner.merchant_id.clone(),
        staff_id: None,
        staff_until_ms: 0,
        csrf: String::new(),
        expires_ms: now.after(LINK_GOOD_FOR).0,
    };
    let mut tx = app.db.begin().await?;
    tx.add_session(&session, now).await?;
    tx.commit().await?;
    Ok(format!("{}/sign-in/once/{token}", app.config.public_url))
}

/// The owner a link is for, once and in time. The caller starts the session in the same
/// transaction.
pub async fn use_link(app: &App, tx: &mut Tx, token: &str) -> Result<Option<Owner>, AccessError> {
    let found = tx.take_session(&token::hash(token), "setup", app.now()).await?;
    let Some(id) = found.and_then(|session| session.subject.parse().ok()) else {
        return Ok(None);
    };
    match tx.owner(&id).await {
        Ok(owner) => Ok(Some(owner)),
        Err(DbError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
