//! Invoices of ours found again: by our own order, by their number, and by when they were made.

use btcpay_client::UnixTime;
use btcpay_client::invoice::{Invoice, InvoiceQuery, MarkStatus};
use futures_util::{Stream, StreamExt};

use crate::desk::{Desk, Trouble};
use crate::make::SYSTEM;
use crate::truth::{Look, coming, read};

impl Desk {
    /// The invoice made for an order of ours, if there is one. BTCPay does not keep orders unique:
    /// the first one is it.
    pub async fn by_order(&self, order: &str) -> Result<Option<Invoice>, Trouble> {
        let query = InvoiceQuery::order(order);
        let mut found = self.client.invoices_page(&self.store, &query, 0, 10).await?;
        found.retain(|invoice| invoice.order_id() == Some(order));
        found.sort_by_key(|invoice| (invoice.created_time, invoice.id.clone()));
        Ok(found.into_iter().next())
    }

    /// The order that an invoice was made for, if we made it.
    pub async fn order_of(&self, invoice: &str) -> Result<Option<String>, Trouble> {
        match self.client.invoice(&self.store, invoice).await.map_err(Trouble::from) {
            Ok(head) => Ok(head.order_id().filter(|_| ours(&head)).map(str::to_owned)),
            Err(Trouble::NotFound) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// What is true of an invoice, read anew with all its payments.
    pub async fn truth(&self, invoice: &str) -> Result<Look, Trouble> {
        let head = self.client.invoice(&self.store, invoice).await?;
        let methods = self.client.invoice_payment_methods(&self.store, invoice, false).await?;
        Ok(Look { truth: read(&head, &methods), coming: coming(&methods) })
    }

    /// Marks an invoice invalid, and says what is true afterwards. An invoice that is paid by then
    /// stays as it is.
    pub async fn give_up(&self, invoice: &str) -> Result<Look, Trouble> {
        let marked = self.client.mark_invoice(&self.store, invoice, MarkStatus::Invalid).await;
        match marked.map_err(Trouble::from) {
            // Refused: it is in a state that cannot be marked, which is read below.
            Ok(_) | Err(Trouble::Refused(_)) => self.truth(invoice).await,
            Err(trouble) => Err(trouble),
        }
    }

    /// Invoices of this system that were made since `since`, in BTCPay's order.
    pub fn since(&self, since: i64) -> impl Stream<Item = Result<Invoice, Trouble>> + Send + use<> {
        let query = InvoiceQuery { start_date: Some(UnixTime(since)), ..InvoiceQuery::default() };
        self.client.invoices(&self.store, query).filter_map(move |invoice| {
            let kept = match invoice {
                Ok(invoice) => ours(&invoice).then_some(Ok(invoice)),
                Err(error) => Some(Err(error.into())),
            };
            std::future::ready(kept)
        })
    }
}

fn ours(invoice: &Invoice) -> bool {
    invoice.metadata.get("posSystem").and_then(|name| name.as_str()) == Some(SYSTEM)
}
