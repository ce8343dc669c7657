//! Where a call to the node can be held up, so that a schedule says what happens meanwhile, or that
//! the call's server dies there. Without a ticket every gate stands open.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

tokio::task_local! {
    static TICKET: Arc<Ticket>;
}

/// Holds one running verb at each gate until it is let through.
#[derive(Debug, Default)]
pub(crate) struct Ticket {
    /// True when the gates stand open for good.
    free: AtomicBool,
    held: Notify,
    pass: Notify,
}

impl Ticket {
    /// Waits until the verb is held at a gate.
    pub(crate) async fn held(&self) {
        self.held.notified().await;
    }

    /// Lets the verb through the gate where it is held.
    pub(crate) fn let_through(&self) {
        self.pass.notify_one();
    }

    /// Opens all gates to it.
    pub(crate) fn free(&self) {
        self.free.store(true, Ordering::SeqCst);
        self.pass.notify_one();
    }
}

/// Runs a verb with a ticket.
pub(crate) async fn gated<T>(ticket: Arc<Ticket>, verb: impl Future<Output = T>) -> T {
    TICKET.scope(ticket, verb).await
}

/// A gate: stays until let through.
pub(super) async fn gate() {
    let Ok(ticket) = TICKET.try_with(Arc::clone) else { return };
    if !ticket.free.load(Ordering::SeqCst) {
        ticket.held.notify_one();
        ticket.pass.notified().await;
    }
}
