//! What an invoice is made of.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::number::{decimal, integer, null_is_empty};
use crate::store::SpeedPolicy;
use crate::{Extra, PaymentMethodId};

/// An invoice to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateInvoice {
    /// What is due, in the currency. `None` makes a top-up invoice, which takes any amount; zero
    /// makes one that is settled at once.
    #[serde(with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// The currency, such as `USD` or `SATS`; the store's own where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What the invoice is about. Well known are `orderId` (by which it is found again), `orderUrl`,
    /// `itemCode`, `itemDesc`, `taxIncluded`, `posData`, `receiptData`; everything else is kept too.
    #[serde(skip_serializing_if = "Extra::is_empty")]
    pub metadata: Extra,
    /// How it can be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout: Option<CheckoutOptions>,
    /// What its receipt shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptOptions>,
    /// Words by which it is found as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub additional_search_terms: Vec<String>,
}

impl CreateInvoice {
    /// An invoice over `amount`.
    #[must_use]
    pub fn new(amount: Decimal, currency: impl Into<String>) -> Self {
        Self { amount: Some(amount), currency: Some(currency.into()), ..Self::default() }
    }

    /// An invoice that takes any amount.
    #[must_use]
    pub fn top_up(currency: impl Into<String>) -> Self {
        Self { currency: Some(currency.into()), ..Self::default() }
    }

    /// Adds the number by which the order is found again. It need not be unique to the server.
    #[must_use]
    pub fn order_id(self, order_id: impl Into<String>) -> Self {
        self.metadata("orderId", order_id.into())
    }

    /// Adds a field to the metadata.
    #[must_use]
    pub fn metadata(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }

    /// Lets it be paid by these methods only.
    #[must_use]
    pub fn payment_methods(mut self, methods: Vec<PaymentMethodId>) -> Self {
        self.checkout.get_or_insert_default().payment_methods = methods;
        self
    }

    /// Lets it expire after this many minutes.
    #[must_use]
    pub fn expires_in_minutes(mut self, minutes: i64) -> Self {
        self.checkout.get_or_insert_default().expiration_minutes = Some(minutes);
        self
    }
}

/// How an invoice can be paid. What is absent is as the store says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckoutOptions {
    /// How many confirmations settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_policy: Option<SpeedPolicy>,
    /// The methods it can be paid by; empty for all of the store.
    #[serde(deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub payment_methods: Vec<PaymentMethodId>,
    /// The method shown first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_payment_method: Option<PaymentMethodId>,
    /// Whether a method is only set up when the payer picks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lazy_payment_methods: Option<bool>,
    /// Until it expires, in minutes.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub expiration_minutes: Option<i64>,
    /// How long it is still watched after that, in minutes.
    #[serde(with = "integer::option", skip_serializing_if = "Option::is_none")]
    pub monitoring_minutes: Option<i64>,
    /// How much may be missing from a full payment, in percent (0 to 100).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_tolerance: Option<f64>,
    /// Where a payer is led back to; `{InvoiceId}` and `{OrderId}` are filled in.
    #[serde(rename = "redirectURL", skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
    /// Whether the payer is led there by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_automatically: Option<bool>,
    /// The language of the checkout, such as `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_language: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a receipt shows. What is absent is as the store says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReceiptOptions {
    /// Whether there is a receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it shows a code leading to itself.
    #[serde(rename = "showQR", skip_serializing_if = "Option::is_none")]
    pub show_qr: Option<bool>,
    /// Whether it lists the payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_payments: Option<bool>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}
