//! Invoices: made, read, changed, marked and put away.

mod create;
mod data;
mod payment;
mod query;

pub use create::{CheckoutOptions, CreateInvoice, ReceiptOptions};
pub use data::{AdditionalStatus, Invoice, InvoiceStatus, InvoiceType};
pub use payment::{InvoicePaymentMethod, Payment, PaymentStatus};
pub use query::InvoiceQuery;

use serde::Serialize;

use crate::{Client, Extra, PaymentMethodId, Result};

/// What an invoice can be marked as by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MarkStatus {
    /// Paid after all.
    Settled,
    /// Not paid after all.
    Invalid,
}

impl Client {
    /// Makes an invoice. Greenfield does not know repeated requests: after an error whose outcome
    /// is unknown, look for the order's number with [`Client::invoices_page`] before asking again.
    /// `POST /api/v1/stores/{storeId}/invoices`
    pub async fn create_invoice(&self, store_id: &str, invoice: &CreateInvoice) -> Result<Invoice> {
        self.post(["stores", store_id, "invoices"]).json(invoice).read().await
    }

    /// One invoice. `GET /api/v1/stores/{storeId}/invoices/{invoiceId}`
    pub async fn invoice(&self, store_id: &str, invoice_id: &str) -> Result<Invoice> {
        self.get(["stores", store_id, "invoices", invoice_id]).read().await
    }

    /// Replaces an invoice's metadata as a whole.
    /// `PUT /api/v1/stores/{storeId}/invoices/{invoiceId}`
    pub async fn update_invoice_metadata(
        &self,
        store_id: &str,
        invoice_id: &str,
        metadata: &Extra,
    ) -> Result<Invoice> {
        #[derive(Serialize)]
        struct Body<'a> {
            metadata: &'a Extra,
        }
        let call = self.put(["stores", store_id, "invoices", invoice_id]);
        call.json(&Body { metadata }).read().await
    }

    /// Puts an invoice away; it can still be paid.
    /// `DELETE /api/v1/stores/{storeId}/invoices/{invoiceId}`
    pub async fn archive_invoice(&self, store_id: &str, invoice_id: &str) -> Result<()> {
        self.delete(["stores", store_id, "invoices", invoice_id]).done().await
    }

    /// Brings an invoice back that was put away.
    /// `POST /api/v1/stores/{storeId}/invoices/{invoiceId}/unarchive`
    pub async fn unarchive_invoice(&self, store_id: &str, invoice_id: &str) -> Result<Invoice> {
        self.post(["stores", store_id, "invoices", invoice_id, "unarchive"]).read().await
    }

    /// Marks an invoice by hand; [`Invoice::available_statuses_for_manual_marking`] says what can
    /// be. `POST /api/v1/stores/{storeId}/invoices/{invoiceId}/status`
    pub async fn mark_invoice(
        &self,
        store_id: &str,
        invoice_id: &str,
        status: MarkStatus,
    ) -> Result<Invoice> {
        #[derive(Serialize)]
        struct Body {
            status: MarkStatus,
        }
        let call = self.post(["stores", store_id, "invoices", invoice_id, "status"]);
        call.json(&Body { status }).read().await
    }

    /// How an invoice can be paid and what was paid: BOLT11, address, rate, payments. With
    /// `only_accounted` false also payments that do not count, such as replaced ones.
    /// `GET /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods`
    pub async fn invoice_payment_methods(
        &self,
        store_id: &str,
        invoice_id: &str,
        only_accounted: bool,
    ) -> Result<Vec<InvoicePaymentMethod>> {
        let call = self.get(["stores", store_id, "invoices", invoice_id, "payment-methods"]);
        call.query("onlyAccountedPayments", only_accounted).read().await
    }

    /// Sets a payment method of an invoice up that was left for later (`lazyPaymentMethods`).
    /// `POST /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods/{paymentMethodId}/activate`
    pub async fn activate_invoice_payment_method(
        &self,
        store_id: &str,
        invoice_id: &str,
        method: &PaymentMethodId,
    ) -> Result<()> {
        let method = method.as_str();
        let path =
            ["stores", store_id, "invoices", invoice_id, "payment-methods", method, "activate"];
        self.post(path).done().await
    }
}
