//! LND's stream of invoices.
//!
//! LND sends the stream's headers only with its first message, so to subscribe is to wait for an
//! invoice to change: only the stream itself waits for it, never the path of a sale, and silence
//! proves nothing. It tells of invoices added and settled; cancelled ones it leaves out.

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use tonic_lnd::lnrpc;
use tonic_lnd::lnrpc::invoice::InvoiceState;

use super::Lnd;
use super::fault::Fault;
use super::rail::{payment, reference};
use crate::rail::{Cursor, Notice, RailError, Told};

impl Lnd {
    pub(super) fn tell(self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        stream::once(self.subscribe(from)).try_flatten().boxed()
    }

    async fn subscribe(
        self,
        from: Cursor,
    ) -> Result<BoxStream<'static, Result<Told, RailError>>, RailError> {
        let request = lnrpc::InvoiceSubscription { add_index: from.add, settle_index: from.settle };
        let invoices = self.lightning.clone().subscribe_invoices(request).await;
        let mut place = Place::new(from);
        Ok(invoices
            .map_err(Fault::from)?
            .into_inner()
            .map_err(|status| RailError::from(Fault::from(status)))
            .try_filter_map(move |invoice| std::future::ready(place.told(&invoice)))
            .boxed())
    }
}

/// Where in the stream we are.
///
/// LND repeats what lies above a cursor that is not zero: first all invoices added since, in that
/// order and as they are by now, then all settled since, in order; then it goes on live. A payment
/// told with the added ones is told before its turn, and must not move the settle index past others:
/// it is one whose adding this stream has not told before.
struct Place {
    from: Cursor,
    reached: Cursor,
}

impl Place {
    fn new(from: Cursor) -> Self {
        Self { from, reached: from }
    }

    fn told(&mut self, invoice: &lnrpc::Invoice) -> Result<Option<Told>, RailError> {
        let in_turn = self.from.add == 0 || invoice.add_index <= self.reached.add;
        self.reached.add = self.reached.add.max(invoice.add_index);
        let offer = || reference(&invoice.r_hash);
        let notice = match invoice.state() {
            InvoiceState::Open => return Ok(None),
            InvoiceState::Accepted => Notice::Seen { offer: offer() },
            InvoiceState::Canceled => Notice::Closed { offer: offer() },
            InvoiceState::Settled => {
                if in_turn {
                    self.reached.settle = self.reached.settle.max(invoice.settle_index);
                }
                Notice::Paid(payment(invoice)?)
            }
        };
        Ok(Some(Told { notice, cursor: self.reached }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn settled(add_index: u64, settle_index: u64) -> lnrpc::Invoice {
        let state = InvoiceState::Settled.into();
        lnrpc::Invoice { add_index, settle_index, state, ..Default::default() }
    }

    fn open(add_index: u64) -> lnrpc::Invoice {
        lnrpc::Invoice { add_index, ..Default::default() }
    }

    fn reached(from: Cursor, invoices: &[lnrpc::Invoice]) -> Vec<(u64, u64)> {
        let mut place = Place::new(from);
        let told = invoices.iter().filter_map(|invoice| place.told(invoice).unwrap());
        told.map(|told| (told.cursor.add, told.cursor.settle)).collect()
    }

    #[test]
    fn a_first_stream_moves_with_what_it_hears() {
        let heard = [settled(3, 7), open(9), settled(9, 8)];
        assert_eq!(reached(Cursor::default(), &heard), [(3, 7), (9, 8)]);
    }

    #[test]
    fn a_payment_told_with_the_added_ones_does_not_move_past_others() {
        let from = Cursor { add: 10, settle: 5 };
        // Added since: 11 (paid last), 12 (open). Settled since: 9, 10, 11. Then live: 12.
        let heard = [settled(11, 8), open(12), settled(9, 6), settled(10, 7), settled(11, 8)];
        assert_eq!(reached(from, &heard), [(11, 5), (12, 6), (12, 7), (12, 8)]);
        let live = [open(11), settled(11, 6), open(12), settled(12, 7)];
        assert_eq!(reached(from, &live), [(11, 6), (12, 7)]);
    }
}
