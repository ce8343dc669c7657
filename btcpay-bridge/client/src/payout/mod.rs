//! Payouts: claimed from a pull payment or made by the store, approved, paid.

mod data;

pub use data::{CreatePayout, CreateStorePayout, MarkPayout, PaymentProof, Payout, PayoutState};

use serde::Serialize;

use crate::{Client, Result};

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
    /// look at the payouts of the pull payment before asking again: the server does not notice
    /// every repetition, of a Lightning address for one.
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
