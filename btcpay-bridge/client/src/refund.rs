//! Refunds: a pull payment from which a customer claims money back.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, integer};
use crate::pull_payment::PullPayment;
use crate::{Client, Extra, PaymentMethodId, Result};

/// How much is given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum RefundVariant {
    /// The bitcoin amount at the rate of when it was paid.
    #[default]
    RateThen,
    /// The bitcoin amount at today's rate.
    CurrentRate,
    /// The amount in the invoice's currency, at the rate of when it is sent. It always waits for
    /// approval.
    Fiat,
    /// What was paid too much.
    OverpaidAmount,
    /// [`RefundInvoice::custom_amount`] of [`RefundInvoice::custom_currency`].
    Custom,
}

/// A refund to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundInvoice {
    /// How much.
    pub refund_variant: RefundVariant,
    /// What to call it; by default “Refund” and the invoice's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it can be claimed; by default as the invoice was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_methods: Option<Vec<PaymentMethodId>>,
    /// The same for servers before 2.4.1, which know one method only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_method_id: Option<PaymentMethodId>,
    /// How much less is given back, in percent.
    #[serde(with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub subtract_percentage: Option<Decimal>,
    /// For [`RefundVariant::Custom`].
    #[serde(with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub custom_amount: Option<Decimal>,
    /// For [`RefundVariant::Custom`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_currency: Option<String>,
}

impl RefundInvoice {
    /// A refund of this kind.
    #[must_use]
    pub fn new(refund_variant: RefundVariant) -> Self {
        Self { refund_variant, ..Self::default() }
    }

    /// A refund of this amount.
    #[must_use]
    pub fn custom(amount: Decimal, currency: impl Into<String>) -> Self {
        Self {
            custom_amount: Some(amount),
            custom_currency: Some(currency.into()),
            ..Self::new(RefundVariant::Custom)
        }
    }
}

/// What a refund would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundTriggerData {
    /// At the rate of when it was paid, in the payment's currency.
    #[serde(default, with = "decimal::option")]
    pub payment_amount_then: Option<Decimal>,
    /// At today's rate, in the payment's currency.
    #[serde(default, with = "decimal::option")]
    pub payment_amount_now: Option<Decimal>,
    /// In the invoice's currency.
    #[serde(default, with = "decimal::option")]
    pub invoice_amount: Option<Decimal>,
    /// What was paid too much, in the payment's currency.
    #[serde(default, with = "decimal::option")]
    pub overpaid_payment_amount: Option<Decimal>,
    /// The payment's currency, such as `BTC`.
    pub payment_currency: String,
    /// Its decimals.
    #[serde(default, with = "integer::option")]
    pub payment_currency_divisibility: Option<i64>,
    /// The invoice's currency.
    pub invoice_currency: String,
    /// Its decimals.
    #[serde(default, with = "integer::option")]
    pub invoice_currency_divisibility: Option<i64>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Makes a refund, to be claimed at [`PullPayment::view_link`]. Refused with the code
    /// `non-refundable` unless the invoice is settled, invalid, or expired with a payment. Without
    /// the permission `cancreatepullpayments` its claims wait for approval.
    /// `POST /api/v1/stores/{storeId}/invoices/{invoiceId}/refund`
    pub async fn refund_invoice(
        &self,
        store_id: &str,
        invoice_id: &str,
        refund: &RefundInvoice,
    ) -> Result<PullPayment> {
        let call = self.post(["stores", store_id, "invoices", invoice_id, "refund"]);
        call.json(refund).read().await
    }

    /// What a refund by this method would come to.
    /// `GET /api/v1/stores/{storeId}/invoices/{invoiceId}/refund/{paymentMethodId}`
    pub async fn refund_trigger_data(
        &self,
        store_id: &str,
        invoice_id: &str,
        method: &PaymentMethodId,
    ) -> Result<RefundTriggerData> {
        let path = ["stores", store_id, "invoices", invoice_id, "refund", method.as_str()];
        self.get(path).read().await
    }
}
