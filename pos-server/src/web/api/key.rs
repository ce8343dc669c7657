//! The key that makes a request that is sent twice be done once.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::gate::Caller;
use super::problem::Problem;
use super::refusal::Refusal;
use crate::access::token;
use crate::till::once::Once;

const LONGEST: usize = 255;

/// What stands in `Idempotency-Key`.
pub(super) struct Key(String);

impl Key {
    /// The key of this caller's request, with the parts of the body that matter.
    pub(super) fn once(&self, caller: &Caller, verb: &str, body: &[&str]) -> Result<Once, Refusal> {
        let scope = format!("{}/{verb}", caller.token.id);
        // Hashed, any text can be a key.
        Ok(Once::new(&scope, &token::hash(&self.0), body)?)
    }
}

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let refused = |words: &str| Err(Problem::unreadable(StatusCode::BAD_REQUEST, words));
        let Some(key) = parts.headers.get("idempotency-key") else {
            return refused("Send an “Idempotency-Key”, a new one for each thing to be done.");
        };
        let key = key.to_str().unwrap_or_default().trim().trim_matches('"');
        if key.is_empty() || key.len() > LONGEST {
            return refused("An “Idempotency-Key” is 1 to 255 letters, digits and signs of ASCII.");
        }
        Ok(Self(key.to_owned()))
    }
}
