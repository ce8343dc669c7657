//! Sessions as the web sees them: made, found by their cookie, ended.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue};

use super::cookie::Cookie;
use super::csrf;
use crate::access::token;
use crate::app::App;
use crate::db::card::CardSession;
use crate::db::session::Session;
use crate::db::{DbError, Tx};
use crate::domain::id::{MerchantId, OwnerId, TillId};

/// How long an owner stays signed in.
pub const OWNER_STAYS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a tablet stays a till after it was last unlocked.
pub const TILL_STAYS: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// A till locks itself when nobody touched it for so long.
pub const LOCKS_AFTER: Duration = Duration::from_secs(12 * 60 * 60);
/// An unlocked till notes that it is in use this often, not on every request.
pub const SLIDES_EVERY: Duration = Duration::from_secs(15 * 60);
/// How long a browser that is not in keeps its visit.
const VISIT_STAYS: Duration = Duration::from_secs(24 * 60 * 60);

/// The owner's session of this request, kept once looked up.
#[derive(Clone)]
pub(super) struct OwnerSession(pub(super) Option<Arc<Session>>);

/// The tablet's session of this request, kept once looked up.
#[derive(Clone)]
pub(super) struct TillSession(pub(super) Option<Arc<Session>>);

/// Starts an owner's session; answers the cookie's header.
pub async fn start_owner(
    tx: &mut Tx,
    app: &App,
    merchant: &MerchantId,
    owner: &OwnerId,
) -> Result<HeaderValue, DbError> {
    start(tx, app, Cookie::Owner, "owner", owner.as_str(), merchant, OWNER_STAYS).await
}

/// Starts a tablet's session; answers the cookie's header.
pub async fn start_till(
    tx: &mut Tx,
    app: &App,
    merchant: &MerchantId,
    till: &TillId,
) -> Result<HeaderValue, DbError> {
    start(tx, app, Cookie::Till, "till", till.as_str(), merchant, TILL_STAYS).await
}

async fn start(
    tx: &mut Tx,
    app: &App,
    cookie: Cookie,
    kind: &str,
    subject: &str,
    merchant: &MerchantId,
    stays: Duration,
) -> Result<HeaderValue, DbError> {
    let (token, now) = (token::random(), app.now());
    let session = Session {
        token_hash: token::hash(&token),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        merchant_id: merchant.clone(),
        staff_id: None,
        staff_until_ms: 0,
        csrf: token::random(),
        expires_ms: now.after(stays).0,
    };
    tx.add_session(&session, now).await?;
    Ok(cookie.set(&app.config, &token, stays))
}

/// The owner's session of a request.
pub(super) async fn owner(parts: &mut Parts, app: &App) -> Result<Option<Arc<Session>>, DbError> {
    if let Some(OwnerSession(known)) = parts.extensions.get() {
        return Ok(known.clone());
    }
    let found = find(&parts.headers, app, Cookie::Owner, "owner").await?;
    parts.extensions.insert(OwnerSession(found.clone()));
    Ok(found)
}

/// The tablet's session of a request.
pub(super) async fn till(parts: &mut Parts, app: &App) -> Result<Option<Arc<Session>>, DbError> {
    if let Some(TillSession(known)) = parts.extensions.get() {
        return Ok(known.clone());
    }
    let found = find(&parts.headers, app, Cookie::Till, "till").await?;
    parts.extensions.insert(TillSession(found.clone()));
    Ok(found)
}

/// The visit of a request to a card's own page.
pub(super) async fn holder(headers: &HeaderMap, app: &App) -> Result<Option<CardSession>, DbError> {
    let Some(token) = Cookie::Card.read(&app.config, headers) else {
        return Ok(None);
    };
    app.db.card_session(&token::hash(&token), app.now()).await
}

async fn find(
    headers: &HeaderMap,
    app: &App,
    cookie: Cookie,
    kind: &str,
) -> Result<Option<Arc<Session>>, DbError> {
    let Some(token) = cookie.read(&app.config, headers) else {
        return Ok(None);
    };
    let session = app.db.session(&token::hash(&token), app.now()).await?;
    Ok(session.filter(|session| session.kind == kind).map(Arc::new))
}

/// The tokens that a signed-in form of this request may carry. Looks up both sessions only when no
/// extractor did before.
pub(super) async fn form_tokens(
    extensions: &Extensions,
    headers: &HeaderMap,
    app: &App,
) -> Result<Vec<String>, DbError> {
    let owner = extensions.get::<OwnerSession>().map(|known| known.0.clone());
    let till = extensions.get::<TillSession>().map(|known| known.0.clone());
    let (owner, till) = match (owner, till) {
        (None, None) => (
            find(headers, app, Cookie::Owner, "owner").await?,
            find(headers, app, Cookie::Till, "till").await?,
        ),
        (owner, till) => (owner.flatten(), till.flatten()),
    };
    Ok([owner, till].into_iter().flatten().map(|session| session.csrf.clone()).collect())
}

/// A browser that is not in yet: the token for its forms, and the cookie to give it.
pub struct Visit {
    /// For the form's hidden field.
    pub csrf: String,
    /// To be set with the page.
    pub cookie: HeaderValue,
}

/// Knows a browser that is not in by its visit cookie, or gives it one.
#[must_use]
pub fn visit(headers: &HeaderMap, app: &App) -> Visit {
    let token = Cookie::Visit.read(&app.config, headers).unwrap_or_else(token::random);
    Visit {
        csrf: csrf::visit_token(app, &token),
        cookie: Cookie::Visit.set(&app.config, &token, VISIT_STAYS),
    }
}
