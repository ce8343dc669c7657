//! A practice Lightning node inside our process: real signed regtest invoices, paid from a page
//! that plays the customer. The money is not real.
//!
//! Its [`journal`] is what a node's own data directory is: a restart loses no invoice and no
//! payment, and two servers on one machine may share it. Its [`book`] is what the journal adds up
//! to, kept small. [`wallet`] is the customer.

mod book;
mod journal;
mod notices;
mod purse;
mod rail;
mod signer;
mod wallet;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;

use crate::domain::time::Clock;
use book::Book;
use journal::{Entry, Journal};
use signer::Signer;

pub use journal::JournalError;
pub use purse::Town;
pub use wallet::{By, How, InvoiceFacts, InvoiceState, Payment, WalletError};

/// The practice node. Cheap to clone; clones are the same node.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    node: Mutex<Node>,
    signer: Signer,
    clock: Arc<dyn Clock>,
    town: OnceLock<Town>,
    /// Counts changes, so that streams wake at once.
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct Node {
    book: Book,
    journal: Journal,
}

impl Sandbox {
    /// Opens the node that keeps its journal in `folder` (made if it is missing), or one that
    /// forgets everything at the end. The same `seed` gives the same node key.
    ///
    /// Does file I/O. Memory: about 300 bytes an invoice.
    pub fn open(
        seed: &[u8; 32],
        folder: Option<&Path>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let journal = folder.map_or_else(|| Ok(Journal::default()), Journal::open)?;
        let (changes, _) = watch::channel(0);
        let node = Mutex::new(Node { book: Book::default(), journal });
        let (signer, town) = (Signer::new(seed), OnceLock::new());
        let shared = Shared { node, signer, clock, town, changes };
        let sandbox = Self { shared: Arc::new(shared) };
        sandbox.with_node(|node| {
            // What happened before we came is not news.
            node.book.forget_news();
            Ok::<(), JournalError>(())
        })?;
        Ok(sandbox)
    }

    /// The public key of the node in hex, as in its invoices.
    #[must_use]
    pub fn node_id(&self) -> String {
        self.shared.signer.node_id()
    }

    /// Runs `act` on the node as it is now: alone in this process and among all that share the
    /// journal, with what others wrote read, and slow payments that are due settled.
    fn with_node<T, E: From<JournalError>>(
        &self,
        act: impl FnOnce(&mut Node) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut node = self.lock();
        let before = node.book.changes();
        node.journal.lock()?;
        let result = node
            .catch_up()
            .and_then(|()| node.settle_due(&*self.shared.clock))
            .map_err(E::from)
            .and_then(|()| act(&mut node));
        node.journal.unlock()?;
        let after = node.book.changes();
        drop(node);
        if before != after {
            self.shared.changes.send_replace(after);
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Node> {
        // A panic in between leaves at worst a book behind its journal, and that is read again.
        self.shared.node.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    /// Writes an entry down, then believes it.
    fn enter(&mut self, entry: Entry) -> Result<(), JournalError> {
        self.journal.append(&entry)?;
        self.book.apply(&entry);
        Ok(())
    }

    fn catch_up(&mut self) -> Result<(), JournalError> {
        for entry in self.journal.read_new()? {
            self.book.apply(&entry);
        }
        Ok(())
    }

    fn settle_due(&mut self, clock: &dyn Clock) -> Result<(), JournalError> {
        while let Some(due) = self.book.next_due(clock.now()) {
            self.enter(Entry::Paid(due))?;
        }
        Ok(())
    }
}
