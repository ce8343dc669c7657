//! What every part of the running server shares.

use std::sync::Arc;

use crate::config::Config;
use crate::db::Db;
use crate::domain::time::{Clock, Time};
use crate::live::Live;
use crate::rails::Rails;
use crate::seal::Seal;

/// The running server, one for all requests and workers.
pub struct App {
    /// Settings, checked.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Seals secrets at rest.
    pub seal: Seal,
    /// The connected rails.
    pub rails: Rails,
    /// Tells waiting pages that a sale changed.
    pub live: Live,
    /// Wakes the worker that looks after offers.
    pub nudge: tokio::sync::Notify,
}

impl App {
    /// The instant now.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The price of bitcoin in a store, or why there is none, in words for the till.
    pub fn quote(
        &self,
        store: &crate::db::store::Store,
    ) -> Result<crate::domain::rate::Quote, String> {
        let _ = store;
        Err("placeholder".into())
    }
}
