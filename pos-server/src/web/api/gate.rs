//! Who is let in: a program by its token, as often as it may ask. Cookies say nothing here.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::limit::{Allowance, Limit};
use super::problem::Problem;
use super::refusal::Refusal;
use super::scope::Scope;
use crate::access::token;
use crate::app::App;
use crate::db::api_token::ApiToken;
use crate::db::store::Store;
use crate::domain::time::Time;
use crate::till::Actor;

/// How exactly it is known when a token was last used.
const NOTED_EVERY_MS: i64 = 60_000;

/// What the gate needs.
#[derive(Clone)]
pub(super) struct Gate {
    app: Arc<App>,
    limit: Arc<Limit>,
}

/// A program that is in.
#[derive(Clone)]
pub(super) struct Caller {
    /// What it may do, and in whose name.
    pub(super) token: ApiToken,
    /// The store it reaches.
    pub(super) store: Store,
    /// What it has left.
    pub(super) limit: Arc<Limit>,
}

impl Gate {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self { app: app.clone(), limit: Arc::new(Limit::new(&app.config)) }
    }

    async fn let_in(&self, headers: &HeaderMap) -> Result<(Caller, Allowance), Refusal> {
        let shown = bearer(headers).ok_or_else(|| {
            Problem::no_token("Send a token from the dashboard, as “Authorization: Bearer pos_…”.")
        })?;
        let found = self.app.db.api_token(&token::hash(shown)).await?;
        let token = found.ok_or_else(|| {
            Problem::no_token("This token is not known, or was revoked. Make one on the dashboard.")
        })?;
        let allowance = self.limit.take(&token.id);
        let store = self.app.db.store(&token.merchant_id, &token.store_id).await?;
        self.note_use(&token, self.app.now()).await;
        Ok((Caller { token, store, limit: self.limit.clone() }, allowance))
    }

    /// Best effort: a program is not turned away because this could not be written.
    async fn note_use(&self, token: &ApiToken, now: Time) {
        if token.used_ms.is_some_and(|used| now.0.saturating_sub(used) < NOTED_EVERY_MS) {
            return;
        }
        if let Err(error) = self.app.db.api_token_used(&token.id, now).await {
            tracing::warn!(%error, "the last use of a token could not be noted");
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Stands before every route but the description.
pub(super) async fn gate(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let (caller, allowance) = match gate.let_in(request.headers()).await {
        Ok(inside) => inside,
        Err(refusal) => return refusal.into_response(),
    };
    let mut response = if allowance.wait.is_some() {
        Problem::too_often("This token asks too often. Wait as long as “Retry-After” says.")
            .into_response()
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    allowance.write(response.headers_mut());
    response
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>();
        caller.cloned().ok_or_else(|| Problem::no_token("Send a token from the dashboard."))
    }
}

impl Caller {
    /// Refuses what the token was not made for.
    pub(super) fn may(&self, scope: Scope) -> Result<(), Problem> {
        if scope.is_in(&self.token.scopes) {
            return Ok(());
        }
        Err(Problem::not_allowed(format!(
            "This token may not do that: it needs “{scope}”. Make another on the dashboard."
        )))
    }

    /// The till it sells at and the person in whose name, while both are in use.
    pub(super) async fn actor(&self, app: &App) -> Result<Actor, Refusal> {
        let (merchant, store) = (&self.store.merchant_id, self.store.clone());
        let till = app.db.till(merchant, &self.token.till_id).await?;
        let staff = app.db.staff(merchant, &self.token.staff_id).await?;
        if till.retired != 0 {
            let words = format!("{} is put away, and this token sells there.", till.name);
            return Err(Problem::not_allowed(words).into());
        }
        if staff.retired != 0 {
            let words =
                format!("{} works here no more, and this token sells in that name.", staff.name);
            return Err(Problem::not_allowed(words).into());
        }
        Ok(Actor { store, till, staff })
    }
}
