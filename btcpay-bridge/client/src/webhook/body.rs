//! What the kinds of events say.

use serde::{Deserialize, Serialize};

use crate::invoice::Payment;
use crate::number::null_is_empty;
use crate::payout::PayoutState;
use crate::{Extra, PaymentMethodId};

/// An event of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceEvent {
    /// Which invoice.
    pub invoice_id: String,
    /// What it is about.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub metadata: Extra,
    /// Whether staff marked it (settled, invalid).
    #[serde(default)]
    pub manually_marked: Option<bool>,
    /// Whether too much was paid (processing, settled); some versions leave it out.
    #[serde(default)]
    pub over_paid: Option<bool>,
    /// Whether a part was paid (expired).
    #[serde(default)]
    pub partially_paid: Option<bool>,
    /// The pull payment that the refund is claimed from (refund).
    #[serde(default)]
    pub pull_payment_id: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An event of a payment to an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentEvent {
    /// Which invoice.
    pub invoice_id: String,
    /// What it is about.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub metadata: Extra,
    /// Whether the invoice had expired.
    #[serde(default)]
    pub after_expiration: Option<bool>,
    /// How it was paid; older servers say `paymentMethod`.
    #[serde(default, alias = "paymentMethod")]
    pub payment_method_id: Option<PaymentMethodId>,
    /// The payment.
    #[serde(default)]
    pub payment: Option<Payment>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An event of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutEvent {
    /// Which payout.
    pub payout_id: String,
    /// The pull payment it is of.
    #[serde(default)]
    pub pull_payment_id: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub payout_state: Option<PayoutState>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An event of a payment request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequestEvent {
    /// Which payment request.
    pub payment_request_id: String,
    /// Where it stands.
    #[serde(default)]
    pub status: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}
