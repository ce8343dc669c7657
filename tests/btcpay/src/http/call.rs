//! A request that was let in, and what is answered to it.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::key::Key;

/// A request with all that it needs.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    /// Nobody's, where no key is needed.
    pub(super) key: Key,
    /// The holes of its path, by name.
    pub(super) holes: Vec<(&'static str, String)>,
    pub(super) query: &'a [(String, String)],
    pub(super) body: Value,
}

/// An answer of the API.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

impl Call<'_> {
    pub(super) fn hole(&self, name: &str) -> &str {
        let found = self.holes.iter().find(|(own, _)| *own == name);
        found.map_or("", |(_, value)| value)
    }

    pub(super) fn store(&self) -> &str {
        self.hole("storeId")
    }

    /// All values of a query's parameter.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let own = self.query.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.all(name).into_iter().next()
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.one(name).and_then(|text| text.parse().ok())
    }
}

pub(super) fn ok(body: Value) -> Answer {
    Answer { status: 200, body: Some(body) }
}

/// 200 and not a word.
pub(super) fn done() -> Answer {
    Answer { status: 200, body: None }
}

pub(super) fn problem(status: u16, code: &str, message: &str) -> Answer {
    Answer { status, body: Some(json!({ "code": code, "message": message })) }
}

/// 422: these fields are wrong.
pub(super) fn invalid(wrong: &[(String, String)]) -> Answer {
    let list = wrong.iter().map(|(path, message)| json!({ "path": path, "message": message }));
    Answer { status: 422, body: Some(list.collect()) }
}

pub(super) fn unauthenticated() -> Answer {
    let message = "Authentication is required for accessing this endpoint";
    problem(401, "unauthenticated", message)
}

pub(super) fn forbidden(policy: &str) -> Answer {
    let message = format!(
        "Insufficient API Permissions. Please use an API key with permission \"{policy}\". You can \
         create an API key in your account's settings / Api Keys."
    );
    let body = json!({
        "code": "missing-permission",
        "message": message,
        "missingPermission": policy,
    });
    Answer { status: 403, body: Some(body) }
}
