//! Payouts: claimed from a pull payment or made by the store, approved, paid.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, null_is_empty};
use crate::open_enum::open_enum;
use crate::{Client, Extra, PaymentMethodId, Result, UnixTime};

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

impl Client {
    /// The payouts of a pull payment, in one list. Needs no key.
    /// `GET /api/v1/pull-payments/{pullPaymentId}/payouts`
    pub async fn pull_payment_payouts(
        &self,
        pull_payment_id: &str,
        include_cancelled: bool,
    ) -> Result<Vec<Payout>> {
        let call = self.get(["pull-payments", pull_payment_id, "payouts"]);
        call.query("includeCancelled", include_cancelled).read().await
    }

    /// One payout of a pull payment. Needs no key.
    /// `GET /api/v1/pull-payments/{pullPaymentId}/payouts/{payoutId}`
    pub async fn pull_payment_payout(
        &self,
        pull_payment_id: &str,
        payout_id: &str,
    ) -> Result<Payout> {
        self.get(["pull-payments", pull_payment_id, "payouts", payout_id]).read().await
    }

    /// Claims a payout from a pull payment. Needs no key. Refused with one of the codes
    /// `duplicate-destination`, `expired`, `not-started`, `archived`, `overdraft`,
    /// `amount-too-low`, `payment-method-not-supported`. After an error whose outcome is unknown
    /// ask again: the same destination is not claimed twice.
    /// `POST /api/v1/pull-payments/{pullPaymentId}/payouts`
    pub async fn claim_payout(
        &self,
        pull_payment_id: &str,
        payout: &CreatePayout,
    ) -> Result<Payout> {
        self.post(["pull-payments", pull_payment_id, "payouts"]).json(payout).read().await
    }

    /// All payouts of a store; the server gives them in one list.
    /// `GET /api/v1/stores/{storeId}/payouts`
    pub async fn payouts(&self, store_id: &str, include_cancelled: bool) -> Result<Vec<Payout>> {
        let call = self.get(["stores", store_id, "payouts"]);
        call.query("includeCancelled", include_cancelled).read().await
    }

    /// One payout of a store. `GET /api/v1/stores/{storeId}/payouts/{payoutId}`
    pub async fn payout(&self, store_id: &str, payout_id: &str) -> Result<Payout> {
        self.get(["stores", store_id, "payouts", payout_id]).read().await
    }

    /// Makes a payout from a store. `POST /api/v1/stores/{storeId}/payouts`
    pub async fn create_payout(
        &self,
        store_id: &str,
        payout: &CreateStorePayout,
    ) -> Result<Payout> {
        self.post(["stores", store_id, "payouts"]).json(payout).read().await
    }

    /// Approves a payout as it was seen: another `revision` is refused with `old-revision`.
    /// `rate_rule` is a rule or a number that replaces the store's rate.
    /// `POST /api/v1/stores/{storeId}/payouts/{payoutId}`
    pub async fn approve_payout(
        &self,
        store_id: &str,
        payout_id: &str,
        revision: i64,
        rate_rule: Option<&str>,
    ) -> Result<Payout> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            revision: i64,
            #[serde(skip_serializing_if = "Option::is_none")]
            rate_rule: Option<&'a str>,
        }
        let call = self.post(["stores", store_id, "payouts", payout_id]);
        call.json(&Body { revision, rate_rule }).read().await
    }

    /// Cancels a payout; its amount can be claimed again.
    /// `DELETE /api/v1/stores/{storeId}/payouts/{payoutId}`
    pub async fn cancel_payout(&self, store_id: &str, payout_id: &str) -> Result<()> {
        self.delete(["stores", store_id, "payouts", payout_id]).done().await
    }

    /// Marks a payout; refused with `invalid-state` where it does not lead there.
    /// `POST /api/v1/stores/{storeId}/payouts/{payoutId}/mark`
    pub async fn mark_payout(
        &self,
        store_id: &str,
        payout_id: &str,
        mark: &MarkPayout,
    ) -> Result<()> {
        self.post(["stores", store_id, "payouts", payout_id, "mark"]).json(mark).done().await
    }

    /// Marks a payout as paid, without a proof.
    /// `POST /api/v1/stores/{storeId}/payouts/{payoutId}/mark-paid`
    pub async fn mark_payout_paid(&self, store_id: &str, payout_id: &str) -> Result<()> {
        self.post(["stores", store_id, "payouts", payout_id, "mark-paid"]).done().await
    }
}
