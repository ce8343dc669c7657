//! The rails that are connected, by store.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use crate::domain::id::{ConnectionId, MerchantId, StoreId};
use crate::domain::time::Time;
use crate::rail::Rail;

/// What a connection's secrets are sealed for.
#[must_use]
pub fn secrets_purpose(id: &ConnectionId) -> String {
    format!("connection/{id}/secrets")
}

/// A rail of a store, ready to use.
#[derive(Clone)]
pub struct Connected {
    /// The connection it was made from.
    pub id: ConnectionId,
    /// Whose it is.
    pub merchant_id: MerchantId,
    /// The store it collects for.
    pub store_id: StoreId,
    /// 1 for the store's first rail, 2 for the one that stands in.
    pub place: i64,
    /// What it was made from: the hash of its sealed secrets.
    pub made_of: String,
    /// The rail itself.
    pub rail: Arc<dyn Rail>,
}

/// Longer than a listener ever waits before it tries again.
const TROUBLE_STAYS: Duration = Duration::from_secs(60);

/// A stream that breaks off again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// When it first did.
    pub since: Time,
    /// When it last did.
    pub last: Time,
    /// Why, in words.
    pub why: String,
}

/// All connected rails; changed when an owner connects or disconnects one.
#[derive(Default)]
pub struct Rails {
    by_id: RwLock<HashMap<ConnectionId, Connected>>,
    troubles: RwLock<HashMap<ConnectionId, Trouble>>,
    heard: RwLock<HashMap<ConnectionId, Time>>,
    calls: RwLock<HashMap<ConnectionId, Calls>>,
}

/// How a connection answered of late, as far as this replica knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calls {
    /// When it last answered, and how long that took.
    pub good: Option<(Time, Duration)>,
    /// When it last failed, and why in words.
    pub bad: Option<(Time, String)>,
}

impl Rails {
    /// The bitcoin rails of a store, its first one first.
    #[must_use]
    pub fn of_store(&self, store: &StoreId) -> Vec<Connected> {
        let all = self.read();
        let mut mine: Vec<Connected> =
            all.values().filter(|one| one.store_id == *store).cloned().collect();
        mine.sort_by_key(|one| one.place);
        mine
    }

    /// A connection's rail by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Connected> {
        self.read().values().find(|one| one.id.as_str() == id).cloned()
    }

    /// The connection over which something was made, and true; or, where it was connected anew
    /// since, the store's own over the same rail, and false: the same node may know it, another one
    /// proves nothing by not knowing.
    #[must_use]
    pub fn that_made(
        &self,
        id: Option<&str>,
        store: &StoreId,
        rail: &str,
    ) -> Option<(Connected, bool)> {
        if let Some(own) = id.and_then(|id| self.get(id)) {
            return Some((own, true));
        }
        let stands_in = |one: &Connected| one.rail.name().as_str() == rail;
        Some((self.of_store(store).into_iter().find(stands_in)?, false))
    }

    /// Notes that a connection's stream broke off, and why.
    pub fn note_trouble(&self, id: &ConnectionId, now: Time, why: String) {
        let since = self.trouble(id, now).map_or(now, |trouble| trouble.since);
        let mut map = self.troubles.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(id.clone(), Trouble { since, last: now, why });
    }

    /// A connection's trouble, for all that this replica knows. A stream that has not broken off
    /// again by now is taken to be well: a broken node is tried again sooner.
    #[must_use]
    pub fn trouble(&self, id: &ConnectionId, now: Time) -> Option<Trouble> {
        let map = self.troubles.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.get(id).filter(|trouble| now.since(trouble.last) < TROUBLE_STAYS).cloned()
    }

    /// Notes that a connection's own messages (its webhook) reach us.
    pub fn note_heard(&self, id: &ConnectionId, now: Time) {
        let mut map = self.heard.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(id.clone(), now);
    }

    /// When a connection's own messages last reached this replica.
    #[must_use]
    pub fn last_heard(&self, id: &ConnectionId) -> Option<Time> {
        let map = self.heard.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.get(id).copied()
    }

    /// Notes how a call went.
    pub fn note_call(&self, id: &ConnectionId, now: Time, took: Duration, failed: Option<String>) {
        let mut map = self.calls.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let calls = map.entry(id.clone()).or_default();
        match failed {
            None => calls.good = Some((now, took)),
            Some(why) => calls.bad = Some((now, why)),
        }
    }

    /// How a connection answered of late.
    #[must_use]
    pub fn calls(&self, id: &ConnectionId) -> Calls {
        let map = self.calls.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.get(id).cloned().unwrap_or_default()
    }

    /// Every connection.
    #[must_use]
    pub fn all(&self) -> Vec<Connected> {
        self.read().values().cloned().collect()
    }

    /// Adds a connection, or puts another rail in its place.
    pub fn put(&self, connected: Connected) {
        let mut map = self.by_id.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(connected.id.clone(), connected);
    }

    /// Forgets connections that `keep` does not name.
    pub fn retain(&self, keep: &[ConnectionId]) {
        let mut map = self.by_id.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        map.retain(|id, _| keep.contains(id));
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<ConnectionId, Connected>> {
        self.by_id.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
