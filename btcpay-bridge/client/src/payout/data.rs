//! What a payout is, and what it is made of.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, null_is_empty};
use crate::open_enum::open_enum;
use crate::{Extra, PaymentMethodId, UnixTime};

open_enum! {
    /// Where a payout stands.
    pub enum PayoutState {
        /// Somebody must approve it.
        AwaitingApproval,
        /// It can be paid.
        AwaitingPayment,
        /// It is being paid.
        InProgress,
        /// It is paid.
        Completed,
        /// It will not be paid.
        Cancelled,
    }
}

/// How a payout was paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentProof {
    /// Of what kind, such as `PayoutTransactionOnChainBlob` or a name of ours.
    pub proof_type: String,
    /// Where it can be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// A transaction or payment hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What else the proof says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payout {
    /// Its identifier.
    pub id: String,
    /// Counts changes of amount and destination, so that what is approved is what was seen.
    #[serde(default)]
    pub revision: i64,
    /// The pull payment it is of, if it is of one.
    #[serde(default)]
    pub pull_payment_id: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub date: Option<UnixTime>,
    /// Where it goes: a BOLT11, an address, a Lightning address.
    pub destination: String,
    /// The currency it was asked in; absent before 2.0.
    #[serde(default)]
    pub original_currency: Option<String>,
    /// What was asked, in that currency.
    #[serde(default, with = "decimal::option")]
    pub original_amount: Option<Decimal>,
    /// The currency it is paid in.
    #[serde(default)]
    pub payout_currency: Option<String>,
    /// What is paid, in that currency; once it is approved.
    #[serde(default, with = "decimal::option")]
    pub payout_amount: Option<Decimal>,
    /// How it is paid.
    #[serde(default)]
    pub payout_method_id: Option<PaymentMethodId>,
    /// Where it stands.
    pub state: PayoutState,
    /// How it was paid.
    #[serde(default)]
    pub payment_proof: Option<PaymentProof>,
    /// What it is about, such as `source` and `sourceLink`.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub metadata: Extra,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A payout to be claimed from a pull payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePayout {
    /// Where it goes: a BOLT11, an address, a BIP21 link.
    pub destination: String,
    /// How much, in the pull payment's currency (a store's payout: in the method's). Where absent,
    /// what the destination asks, or all that is left.
    #[serde(with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// How it is paid.
    pub payout_method_id: PaymentMethodId,
}

/// A payout to be made by the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateStorePayout {
    /// Where it goes, and how much.
    #[serde(flatten)]
    pub payout: CreatePayout,
    /// The pull payment it is taken from, if from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_payment_id: Option<String>,
    /// Whether it needs no approval; needs the permission `cancreatepullpayments`.
    pub approved: bool,
    /// What it is about, such as `source` and `sourceLink`.
    #[serde(skip_serializing_if = "Extra::is_empty")]
    pub metadata: Extra,
}

/// What a payout is marked as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkPayout {
    /// Where it stands.
    pub state: PayoutState,
    /// How it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_proof: Option<PaymentProof>,
}
