//! Tells waiting pages that a sale changed. Only a hint: what changed is read from the database,
//! so a lost hint costs a moment, never the truth.

use tokio::sync::broadcast;

use crate::domain::id::SaleId;

const WAITING_MAX: usize = 1024;

/// Hints within this process; other replicas hear PostgreSQL's notifications.
#[derive(Debug, Clone)]
pub struct Live {
    hints: broadcast::Sender<SaleId>,
}

impl Default for Live {
    fn default() -> Self {
        Self { hints: broadcast::channel(WAITING_MAX).0 }
    }
}

impl Live {
    /// Says that a sale changed. Called after the commit.
    pub fn changed(&self, sale: &SaleId) {
        // No one waiting is no fault.
        let _ = self.hints.send(sale.clone());
    }

    /// Hears of changed sales from now on. A listener that lags is told so and looks for itself.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<SaleId> {
        self.hints.subscribe()
    }
}
