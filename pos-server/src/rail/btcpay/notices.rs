//! The rail's stream: all invoices of the last days are gone through again and again, and those
//! that changed since are told of. Webhooks are quicker; this is what is true without them.

use std::collections::{HashMap, VecDeque};

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};

use super::Btcpay;
use super::rail::failed;
use crate::rail::{Cursor, Notice, RailError, Told};

/// Further back than this nothing changes any more: BTCPay watches an invoice for a day after it
/// ran out.
const BACK: i64 = 2 * 24 * 3600;
/// How often the place in the stream is written down when nothing happens.
const KEPT_EVERY: i64 = 600;

/// What is known of an invoice, so that only what changed is told.
type Mark = (String, String, Option<String>);

struct Rounds {
    rail: Btcpay,
    // Unix seconds of the last whole round; zero before the first.
    from: u64,
    kept: i64,
    seen: HashMap<String, Mark>,
    told: VecDeque<Told>,
    first: bool,
}

impl Btcpay {
    pub(super) fn tell(self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        let rounds = Rounds {
            rail: self,
            from: from.add,
            kept: 0,
            seen: HashMap::new(),
            told: VecDeque::new(),
            first: true,
        };
        stream::unfold(Some(rounds), |rounds| async move {
            let mut rounds = rounds?;
            match rounds.next().await {
                Ok(told) => Some((Ok(told), Some(rounds))),
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }
}

impl Rounds {
    async fn next(&mut self) -> Result<Told, RailError> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Ok(told);
            }
            if !std::mem::take(&mut self.first) {
                tokio::time::sleep(self.rail.every).await;
            }
            self.round().await?;
        }
    }

    async fn round(&mut self) -> Result<(), RailError> {
        let now = self.rail.clock.now().0.div_euclid(1000);
        let from = i64::try_from(self.from).unwrap_or(0);
        let since = if from == 0 { now - BACK } else { from.min(now) - BACK };
        let before = Cursor { add: self.from, settle: 0 };
        let invoices: Vec<_> = self.rail.desk.since(since).try_collect().await.map_err(failed)?;
        let coming = self.rail.coming().clone();
        let mut seen = HashMap::with_capacity(invoices.len());
        for invoice in invoices {
            let paid = invoice.paid_amount.map(|paid| paid.to_string());
            let mark = (invoice.status.to_string(), invoice.additional_status.to_string(), paid);
            if self.seen.get(&invoice.id) != Some(&mark) || coming.contains(&invoice.id) {
                let notice = Notice::Changed { offer: invoice.id.clone() };
                self.told.push_back(Told { notice, cursor: before });
            }
            seen.insert(invoice.id, mark);
        }
        self.seen = seen;
        self.from = u64::try_from(now).unwrap_or(0);
        if !self.told.is_empty() || now - self.kept >= KEPT_EVERY {
            self.kept = now;
            let cursor = Cursor { add: self.from, settle: 0 };
            self.told.push_back(Told { notice: Notice::CaughtUp, cursor });
        }
        Ok(())
    }
}
