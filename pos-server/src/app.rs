//! What every part of the running server shares.

use std::sync::Arc;

use crate::config::Config;
use crate::db::Db;
use crate::domain::time::{Clock, Time};
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
}

impl App {
    /// The instant now.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}
