//! The practice node's stream.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::sync::watch;

use super::journal::JournalError;
use super::{Node, Sandbox};
use crate::rail::{Cursor, Notice, RailError, Told};

/// How often a stream looks for what another process wrote, and for slow payments that are due.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Payments fetched at once.
const FETCH_MAX: usize = 256;

struct Listener {
    sandbox: Sandbox,
    changes: watch::Receiver<u64>,
    cursor: Cursor,
    /// News heard, once listening began.
    heard: Option<u64>,
    ready: VecDeque<Told>,
}

impl Sandbox {
    pub(super) fn tell(self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        let changes = self.shared.changes.subscribe();
        let ready = VecDeque::new();
        let listener = Listener { sandbox: self, changes, cursor: from, heard: None, ready };
        stream::unfold(listener, |mut listener| async move {
            let told = listener.next().await;
            Some((told, listener))
        })
        .boxed()
    }
}

impl Listener {
    async fn next(&mut self) -> Result<Told, RailError> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                self.cursor = told.cursor;
                return Ok(told);
            }
            self.changes.mark_unchanged();
            let sandbox = self.sandbox.clone();
            let wait = sandbox.with_node(|node| Ok::<_, JournalError>(self.fetch(node)))?;
            if self.ready.is_empty() {
                // An error means that the sender is gone, and we hold it.
                let _ = tokio::time::timeout(wait, self.changes.changed()).await;
            }
        }
    }

    /// Takes what is new, and says how long to wait if that is nothing.
    fn fetch(&mut self, node: &Node) -> Duration {
        let book = &node.book;
        let here = Cursor { add: book.added(), settle: self.cursor.settle };
        let told = |notice| Told { notice, cursor: here };
        match self.heard {
            Some(heard) => {
                let (news, count) = book.news_after(heard);
                self.ready.extend(news.cloned().map(told));
                self.heard = Some(count);
            }
            None => {
                let on_their_way = book.on_their_way().map(|offer| Notice::Seen { offer });
                self.ready.extend(on_their_way.map(told));
                self.heard = Some(book.news_count());
            }
        }
        let first = usize::try_from(self.cursor.settle).unwrap_or(usize::MAX);
        let payments = (first..).map_while(|index| book.payment(index)).take(FETCH_MAX);
        for (paid, settle) in payments.zip(self.cursor.settle + 1..) {
            let cursor = Cursor { settle, ..here };
            self.ready.push_back(Told { notice: Notice::Paid(paid), cursor });
        }
        let now = self.sandbox.shared.clock.now();
        book.due_at().map_or(LOOK_EVERY, |due| due.since(now).min(LOOK_EVERY))
    }
}
