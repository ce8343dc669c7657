//! An invoice as the server gives it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CheckoutOptions, InvoicePaymentMethod, ReceiptOptions};
use crate::number::{decimal, null_is_empty};
use crate::open_enum::open_enum;
use crate::{Extra, UnixTime};

open_enum! {
    /// Where an invoice stands.
    pub enum InvoiceStatus {
        /// Waiting for a payment.
        New,
        /// Paid in full, not yet confirmed.
        Processing,
        /// The time ran out before it was paid in full. It stays expired when paid later.
        Expired,
        /// Not confirmed in time, or marked so by hand.
        Invalid,
        /// Paid and confirmed, or marked so by hand.
        Settled,
    }
}

open_enum! {
    /// What is special about where it stands.
    #[derive(Default)]
    pub enum AdditionalStatus {
        /// Nothing.
        #[default]
        None,
        /// Paid in full after it expired.
        PaidLate,
        /// Less was paid than is due.
        PaidPartial,
        /// Marked by hand.
        Marked,
        /// Not valid.
        Invalid,
        /// More was paid than is due.
        PaidOver,
    }
}

open_enum! {
    /// What kind of invoice it is.
    #[derive(Default)]
    pub enum InvoiceType {
        /// Over an amount.
        #[default]
        Standard,
        /// Over whatever is paid first.
        TopUp,
    }
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// Its identifier.
    pub id: String,
    /// The store it is of.
    #[serde(default)]
    pub store_id: Option<String>,
    /// What is due, in the currency; zero for a top-up invoice that is not paid yet.
    #[serde(with = "decimal")]
    pub amount: Decimal,
    /// What was paid, in the currency; servers before 2.0 leave it out.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Decimal>,
    /// The currency.
    pub currency: String,
    /// What kind it is.
    #[serde(default, rename = "type")]
    pub kind: InvoiceType,
    /// The page where it is paid.
    #[serde(default)]
    pub checkout_link: Option<String>,
    /// When it was made.
    pub created_time: UnixTime,
    /// When it expires.
    pub expiration_time: UnixTime,
    /// Until when payments are watched for.
    pub monitoring_expiration: UnixTime,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// What is special about that.
    #[serde(default)]
    pub additional_status: AdditionalStatus,
    /// What it can be marked as by hand.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub available_statuses_for_manual_marking: Vec<InvoiceStatus>,
    /// Whether it is put away.
    #[serde(default)]
    pub archived: bool,
    /// What it is about.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub metadata: Extra,
    /// How it can be paid.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub checkout: CheckoutOptions,
    /// What its receipt shows.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub receipt: ReceiptOptions,
    /// How it is paid in detail, where [`InvoiceQuery`](super::InvoiceQuery) asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_methods: Option<Vec<InvoicePaymentMethod>>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Invoice {
    /// The number of the order, from the metadata.
    #[must_use]
    pub fn order_id(&self) -> Option<&str> {
        self.metadata.get("orderId").and_then(Value::as_str)
    }

    /// Whether nothing more is expected of it by itself: settled, expired or invalid. Staff may
    /// still mark it.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        let open = [InvoiceStatus::New, InvoiceStatus::Processing];
        !open.contains(&self.status) && !matches!(self.status, InvoiceStatus::Other(_))
    }
}
