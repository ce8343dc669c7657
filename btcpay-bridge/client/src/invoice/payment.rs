//! How an invoice is paid.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, null_is_empty};
use crate::open_enum::open_enum;
use crate::{Extra, PaymentMethodId, UnixTime};

open_enum! {
    /// Where a payment stands.
    pub enum PaymentStatus {
        /// Replaced, or not confirmed in time.
        Invalid,
        /// Seen, not confirmed.
        Processing,
        /// Confirmed.
        Settled,
    }
}

/// A way to pay an invoice. Amounts are in the method's own currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoicePaymentMethod {
    /// Which method.
    pub payment_method_id: PaymentMethodId,
    /// Its currency, such as `BTC`.
    #[serde(default)]
    pub currency: Option<String>,
    /// Where to pay: a BOLT11 or an address; empty until the method is activated.
    #[serde(default)]
    pub destination: Option<String>,
    /// The same as a link for wallets.
    #[serde(default)]
    pub payment_link: Option<String>,
    /// What one unit of the method's currency costs in the invoice's.
    #[serde(default, with = "decimal::option")]
    pub rate: Option<Decimal>,
    /// What was paid by this method.
    #[serde(default, with = "decimal::option")]
    pub payment_method_paid: Option<Decimal>,
    /// What was paid by all methods.
    #[serde(default, with = "decimal::option")]
    pub total_paid: Option<Decimal>,
    /// What is still due; below zero where too much was paid.
    #[serde(default, with = "decimal::option")]
    pub due: Option<Decimal>,
    /// What the invoice is over, fees included.
    #[serde(default, with = "decimal::option")]
    pub amount: Option<Decimal>,
    /// The fee that is added for this method.
    #[serde(default, with = "decimal::option")]
    pub payment_method_fee: Option<Decimal>,
    /// The payments.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub payments: Vec<Payment>,
    /// Whether it is set up.
    #[serde(default)]
    pub activated: bool,
    /// What the method adds, such as `providedComment`.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub additional_data: Extra,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A payment to an invoice. Amounts are in the method's own currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Its identifier: an outpoint or a payment hash.
    pub id: String,
    /// When it was seen.
    pub received_date: UnixTime,
    /// How much it is.
    #[serde(with = "decimal")]
    pub value: Decimal,
    /// The fee that was counted against it.
    #[serde(default, with = "decimal::option")]
    pub fee: Option<Decimal>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Where it was paid to.
    #[serde(default)]
    pub destination: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}
