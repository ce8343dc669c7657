//! Invoices looked for.

use futures_util::Stream;

use super::{Invoice, InvoiceStatus};
use crate::call::Call;
use crate::{Client, Result, UnixTime, pages};

/// Which invoices are looked for; by default all that are not put away, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceQuery {
    /// Only of these orders.
    pub order_ids: Vec<String>,
    /// Only standing so.
    pub statuses: Vec<InvoiceStatus>,
    /// Only with this text: an identifier, an order, a search term.
    pub text_search: Option<String>,
    /// Only made from this moment on.
    pub start_date: Option<UnixTime>,
    /// Only made up to this moment.
    pub end_date: Option<UnixTime>,
    /// Whether [`Invoice::payment_methods`] is given too.
    pub include_payment_methods: bool,
}

impl InvoiceQuery {
    /// The invoices of one order.
    #[must_use]
    pub fn order(order_id: impl Into<String>) -> Self {
        Self { order_ids: vec![order_id.into()], ..Self::default() }
    }

    fn add_to(&self, call: Call) -> Call {
        let methods = self.include_payment_methods.then_some(true);
        call.each("orderId", &self.order_ids)
            .each("status", &self.statuses)
            .maybe("textSearch", self.text_search.as_ref())
            .maybe("startDate", self.start_date)
            .maybe("endDate", self.end_date)
            .maybe("includePaymentMethods", methods)
    }
}

impl Client {
    /// Up to `take` invoices after the first `skip`. `GET /api/v1/stores/{storeId}/invoices`
    pub async fn invoices_page(
        &self,
        store_id: &str,
        query: &InvoiceQuery,
        skip: u32,
        take: u32,
    ) -> Result<Vec<Invoice>> {
        let call = query.add_to(self.get(["stores", store_id, "invoices"]));
        call.query("skip", skip).query("take", take).read().await
    }

    /// All invoices, fetched in pages of 100 as the stream is read.
    /// `GET /api/v1/stores/{storeId}/invoices`
    pub fn invoices(
        &self,
        store_id: &str,
        query: InvoiceQuery,
    ) -> impl Stream<Item = Result<Invoice>> + Send + use<> {
        let (client, store_id) = (self.clone(), store_id.to_owned());
        let fetch = move |skip, take| {
            let (client, store_id, query) = (client.clone(), store_id.clone(), query.clone());
            async move { client.invoices_page(&store_id, &query, skip, take).await }
        };
        pages::all(fetch, |invoice: &Invoice| &invoice.id)
    }
}
