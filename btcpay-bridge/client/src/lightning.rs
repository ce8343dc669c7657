//! A store's Lightning node, and invoices made at it past the store's own.

use serde::{Deserialize, Serialize};

use crate::number::{digits, null_is_empty};
use crate::open_enum::open_enum;
use crate::{Client, Extra, Result, UnixTime};

/// The only chain that Lightning nodes of BTCPay Server are on.
const BTC: &str = "BTC";

open_enum! {
    /// Where a Lightning invoice stands.
    pub enum LightningInvoiceStatus {
        /// Not paid.
        Unpaid,
        /// Paid.
        Paid,
        /// Run out of time.
        Expired,
    }
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LightningNodeInfo {
    /// Where others reach it: `key@host:port`.
    #[serde(default, rename = "nodeURIs", deserialize_with = "null_is_empty")]
    pub node_uris: Vec<String>,
    /// The block it has seen.
    #[serde(default)]
    pub block_height: Option<i64>,
    /// Its name.
    #[serde(default)]
    pub alias: Option<String>,
    /// Its version.
    #[serde(default)]
    pub version: Option<String>,
    /// Channels that can be used.
    #[serde(default)]
    pub active_channels_count: Option<i64>,
    /// Channels that cannot.
    #[serde(default)]
    pub inactive_channels_count: Option<i64>,
    /// Channels that are being opened.
    #[serde(default)]
    pub pending_channels_count: Option<i64>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a node has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LightningBalance {
    /// On chain.
    #[serde(default)]
    pub onchain: Option<OnchainBalance>,
    /// In channels.
    #[serde(default)]
    pub offchain: Option<OffchainBalance>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a node has on chain, in **satoshi**.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnchainBalance {
    /// Confirmed.
    #[serde(default, with = "digits::option")]
    pub confirmed: Option<i64>,
    /// Not confirmed.
    #[serde(default, with = "digits::option")]
    pub unconfirmed: Option<i64>,
    /// Set aside.
    #[serde(default, with = "digits::option")]
    pub reserved: Option<i64>,
}

/// What a node has in channels, in **millisatoshi**.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffchainBalance {
    /// In channels being opened.
    #[serde(default, with = "digits::option")]
    pub opening: Option<i64>,
    /// On our side: what can be sent.
    #[serde(default, with = "digits::option")]
    pub local: Option<i64>,
    /// On the other side: what can be received.
    #[serde(default, with = "digits::option")]
    pub remote: Option<i64>,
    /// In channels being closed.
    #[serde(default, with = "digits::option")]
    pub closing: Option<i64>,
}

/// A Lightning invoice to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateLightningInvoice {
    /// How much, in millisatoshi.
    #[serde(rename = "amount", with = "digits")]
    pub amount_msat: i64,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the BOLT11 holds only the description's hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description_hash_only: Option<bool>,
    /// Until it expires, in seconds.
    #[serde(rename = "expiry")]
    pub expiry_seconds: i64,
    /// Whether it names private channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_route_hints: Option<bool>,
}

impl CreateLightningInvoice {
    /// An invoice over `amount_msat` millisatoshi that lasts `expiry_seconds`.
    #[must_use]
    pub fn new(amount_msat: i64, expiry_seconds: i64) -> Self {
        Self {
            amount_msat,
            description: None,
            description_hash_only: None,
            expiry_seconds,
            private_route_hints: None,
        }
    }
}

/// A Lightning invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LightningInvoice {
    /// Its identifier at the node.
    pub id: String,
    /// Where it stands.
    pub status: LightningInvoiceStatus,
    /// What wallets pay.
    #[serde(rename = "BOLT11")]
    pub bolt11: String,
    /// When it was paid.
    #[serde(default)]
    pub paid_at: Option<UnixTime>,
    /// When it expires.
    #[serde(default)]
    pub expires_at: Option<UnixTime>,
    /// What it is over, in millisatoshi.
    #[serde(default, rename = "amount", with = "digits::option")]
    pub amount_msat: Option<i64>,
    /// What was paid, in millisatoshi.
    #[serde(default, rename = "amountReceived", with = "digits::option")]
    pub amount_received_msat: Option<i64>,
    /// Its payment hash, in hexadecimal.
    #[serde(default)]
    pub payment_hash: Option<String>,
    /// Its preimage, in hexadecimal, once it is paid.
    #[serde(default)]
    pub preimage: Option<String>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// Where a Lightning payment stands.
    pub enum LightningPaymentStatus {
        /// The node does not say.
        Unknown,
        /// On its way.
        Pending,
        /// Arrived.
        Complete,
        /// Failed.
        Failed,
    }
}

/// A Lightning invoice to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PayLightningInvoice {
    /// The invoice.
    #[serde(rename = "BOLT11")]
    pub bolt11: String,
    /// At most so much for the way, in **satoshi**.
    #[serde(rename = "maxFeeFlat", with = "digits::option")]
    pub max_fee_sat: Option<i64>,
    /// How long the node looks for a way before the answer says that it is pending, in seconds.
    #[serde(rename = "sendTimeout", skip_serializing_if = "Option::is_none")]
    pub send_timeout_seconds: Option<u32>,
}

/// A payment by the store's node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LightningPayment {
    /// Its identifier at the node; servers leave it out where they only know that it was sent.
    #[serde(default)]
    pub id: Option<String>,
    /// Where it stands.
    pub status: LightningPaymentStatus,
    /// Its payment hash, in hexadecimal.
    #[serde(default)]
    pub payment_hash: Option<String>,
    /// What was sent, fee and all, in millisatoshi.
    #[serde(default, rename = "totalAmount", with = "digits::option")]
    pub total_msat: Option<i64>,
    /// What the way cost, in millisatoshi.
    #[serde(default, rename = "feeAmount", with = "digits::option")]
    pub fee_msat: Option<i64>,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Client {
    /// What the store's node is. `GET /api/v1/stores/{storeId}/lightning/BTC/info`
    pub async fn lightning_info(&self, store_id: &str) -> Result<LightningNodeInfo> {
        self.get(["stores", store_id, "lightning", BTC, "info"]).read().await
    }

    /// What the store's node has. `GET /api/v1/stores/{storeId}/lightning/BTC/balance`
    pub async fn lightning_balance(&self, store_id: &str) -> Result<LightningBalance> {
        self.get(["stores", store_id, "lightning", BTC, "balance"]).read().await
    }

    /// Makes an invoice at the store's node; the store does not learn of it.
    /// `POST /api/v1/stores/{storeId}/lightning/BTC/invoices`
    pub async fn create_lightning_invoice(
        &self,
        store_id: &str,
        invoice: &CreateLightningInvoice,
    ) -> Result<LightningInvoice> {
        self.post(["stores", store_id, "lightning", BTC, "invoices"]).json(invoice).read().await
    }

    /// An invoice of the store's node. `GET /api/v1/stores/{storeId}/lightning/BTC/invoices/{id}`
    pub async fn lightning_invoice(&self, store_id: &str, id: &str) -> Result<LightningInvoice> {
        self.get(["stores", store_id, "lightning", BTC, "invoices", id]).read().await
    }

    /// Pays an invoice from the store's node. An answer of 202 has the status `Pending` or `Unknown`;
    /// whatever the answer, [`Client::lightning_payment`] tells what became of it.
    /// `POST /api/v1/stores/{storeId}/lightning/BTC/invoices/pay`
    pub async fn pay_lightning_invoice(
        &self,
        store_id: &str,
        pay: &PayLightningInvoice,
    ) -> Result<LightningPayment> {
        let path = ["stores", store_id, "lightning", BTC, "invoices", "pay"];
        self.post(path).json(pay).read().await
    }

    /// A payment by the store's node.
    /// `GET /api/v1/stores/{storeId}/lightning/BTC/payments/{paymentHash}`
    pub async fn lightning_payment(&self, store_id: &str, hash: &str) -> Result<LightningPayment> {
        self.get(["stores", store_id, "lightning", BTC, "payments", hash]).read().await
    }
}
