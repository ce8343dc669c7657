//! Pull payments: money set aside, from which others claim payouts. Whoever knows a pull payment's
//! identifier may look at it and claim from it without a key.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::number::{decimal, integer};
use crate::{Client, Extra, PaymentMethodId, Result, UnixTime};

/// A pull payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PullPayment {
    /// Its identifier.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The currency of its amount.
    pub currency: String,
    /// How much can be claimed in all, in the currency.
    #[serde(with = "decimal")]
    pub amount: Decimal,
    /// The shortest life of a BOLT11 that is taken, in days.
    #[serde(default, rename = "BOLT11Expiration", with = "integer::option")]
    pub bolt11_expiration: Option<i64>,
    /// Whether claims need no approval.
    #[serde(default)]
    pub auto_approve_claims: Option<bool>,
    /// Whether it is put away; then nothing more is claimed.
    #[serde(default)]
    pub archived: bool,
    /// The page where it is claimed.
    #[serde(default)]
    pub view_link: Option<String>,
    /// From when it can be claimed.
    #[serde(default)]
    pub starts_at: Option<UnixTime>,
    /// Until when.
    #[serde(default)]
    pub expires_at: Option<UnixTime>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A pull payment to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePullPayment {
    /// How much can be claimed in all, in the currency; more than zero.
    #[serde(with = "decimal")]
    pub amount: Decimal,
    /// The currency, such as `SATS`.
    pub currency: String,
    /// Its name, up to 50 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The shortest life of a BOLT11 that is taken, in days. Sent as a number: the document says
    /// string, but only newer servers take one.
    #[serde(rename = "BOLT11Expiration", skip_serializing_if = "Option::is_none")]
    pub bolt11_expiration: Option<i64>,
    /// Whether claims need no approval; needs the permission `cancreatepullpayments`.
    pub auto_approve_claims: bool,
    /// From when it can be claimed; at once where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<UnixTime>,
    /// Until when; for ever where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixTime>,
    /// How it can be claimed; by default in every way of the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_methods: Option<Vec<PaymentMethodId>>,
}

impl CreatePullPayment {
    /// A pull payment of this amount, whose claims wait for approval.
    #[must_use]
    pub fn new(amount: Decimal, currency: impl Into<String>) -> Self {
        Self {
            amount,
            currency: currency.into(),
            name: None,
            description: None,
            bolt11_expiration: None,
            auto_approve_claims: false,
            starts_at: None,
            expires_at: None,
            payout_methods: None,
        }
    }
}

/// A pull payment as an LNURL-withdraw, for wallets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PullPaymentLnurl {
    /// As `LNURL1…`.
    pub lnurl_bech32: String,
    /// As `lnurlw://…`.
    pub lnurl_uri: String,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// Makes a pull payment. `POST /api/v1/stores/{storeId}/pull-payments`
    pub async fn create_pull_payment(
        &self,
        store_id: &str,
        pull_payment: &CreatePullPayment,
    ) -> Result<PullPayment> {
        self.post(["stores", store_id, "pull-payments"]).json(pull_payment).read().await
    }

    /// All pull payments of a store; the server gives them in one list.
    /// `GET /api/v1/stores/{storeId}/pull-payments`
    pub async fn pull_payments(
        &self,
        store_id: &str,
        include_archived: bool,
    ) -> Result<Vec<PullPayment>> {
        let call = self.get(["stores", store_id, "pull-payments"]);
        call.query("includeArchived", include_archived).read().await
    }

    /// One pull payment. Needs no key. `GET /api/v1/pull-payments/{pullPaymentId}`
    pub async fn pull_payment(&self, pull_payment_id: &str) -> Result<PullPayment> {
        self.get(["pull-payments", pull_payment_id]).read().await
    }

    /// Puts a pull payment away; its open payouts are cancelled.
    /// `DELETE /api/v1/stores/{storeId}/pull-payments/{pullPaymentId}`
    pub async fn archive_pull_payment(&self, store_id: &str, pull_payment_id: &str) -> Result<()> {
        self.delete(["stores", store_id, "pull-payments", pull_payment_id]).done().await
    }

    /// A pull payment as an LNURL-withdraw. Needs no key. Refused with the code
    /// `lnurl-not-supported` unless it is in BTC or SATS and takes Lightning.
    /// `GET /api/v1/pull-payments/{pullPaymentId}/lnurl`
    pub async fn pull_payment_lnurl(&self, pull_payment_id: &str) -> Result<PullPaymentLnurl> {
        self.get(["pull-payments", pull_payment_id, "lnurl"]).read().await
    }
}
