//! Bolt Cards: NTag424 cards that pay from a pull payment.

use serde::{Deserialize, Serialize};

use crate::{Client, Extra, Result, Secret};

/// What happens to a card that is registered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum OnExisting {
    /// It gets new keys, and the pull payment that is named.
    UpdateVersion,
    /// It keeps its keys; an error if it is not registered, or registered elsewhere.
    KeepVersion,
}

/// A card to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterBoltcard {
    #[serde(rename = "UID", skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    #[serde(rename = "LNURLW", skip_serializing_if = "Option::is_none")]
    lnurlw: Option<String>,
    #[serde(rename = "onExisting", skip_serializing_if = "Option::is_none")]
    on_existing: Option<OnExisting>,
}

impl RegisterBoltcard {
    /// The card of this UID.
    #[must_use]
    pub fn by_uid(uid: [u8; 7]) -> Self {
        Self { uid: Some(hex::encode(uid)), lnurlw: None, on_existing: None }
    }

    /// The card from which this `lnurlw://…` was read. The document does not name this form; the
    /// server's own apps use it.
    #[must_use]
    pub fn by_lnurlw(url: impl Into<String>) -> Self {
        Self { uid: None, lnurlw: Some(url.into()), on_existing: None }
    }

    /// What happens if it is registered already. Without a word the server links a card that is
    /// linked nowhere, and keeps the keys of one that is; the document says otherwise.
    #[must_use]
    pub fn on_existing(self, on_existing: OnExisting) -> Self {
        Self { on_existing: Some(on_existing), ..self }
    }
}

/// What to write on a card. Whoever has the keys can change the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boltcard {
    /// The address to which the card adds its `p` and `c`.
    #[serde(rename = "LNURLW")]
    pub lnurlw: String,
    /// Which generation of keys. The document writes it small.
    #[serde(rename = "Version", alias = "version")]
    pub version: u32,
    /// Key 0, of the application: 16 bytes in hexadecimal, as the others.
    #[serde(rename = "K0")]
    pub k0: Secret,
    /// Key 1, which encrypts `p`; one for all cards of the server.
    #[serde(rename = "K1")]
    pub k1: Secret,
    /// Key 2, which authenticates `c`.
    #[serde(rename = "K2")]
    pub k2: Secret,
    /// Key 3.
    #[serde(rename = "K3")]
    pub k3: Secret,
    /// Key 4.
    #[serde(rename = "K4")]
    pub k4: Secret,
    /// What else the server says.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a card is worth to whoever holds its tap (LUD-03). Amounts are millisatoshi.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tapped {
    /// `withdrawRequest`.
    pub tag: String,
    /// The least it pays at once.
    #[serde(default)]
    pub min_withdrawable: i64,
    /// The most it pays at once; BTCPay names all that is left.
    pub max_withdrawable: i64,
    /// The pull payment's name.
    #[serde(default)]
    pub default_description: String,
}

#[derive(Deserialize)]
struct Status {
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayRequest {
    min_sendable: i64,
    max_sendable: i64,
}

#[derive(Deserialize)]
struct PayInvoice {
    pr: String,
}

impl Client {
    /// What the card says whose reader got `p` and `c`. Its counter is not used up by it. Needs no
    /// key, and is no part of Greenfield. `GET /boltcard`
    pub async fn boltcard_tap(&self, p: &str, c: &str) -> Result<Tapped> {
        self.page("boltcard").query("p", p).query("c", c).read().await
    }

    /// Has the card pay a BOLT11 invoice, which uses its tap up. Success means that BTCPay accepted
    /// it, and no more: only the invoice's own node knows that it is paid. A refusal may come after
    /// an attempt to pay. `GET /boltcard`
    pub async fn boltcard_pay(&self, p: &str, c: &str, bolt11: &str) -> Result<()> {
        let k1 = format!("{p}-{c}");
        let call = self.page("boltcard").query("p", p).query("c", c).query("k1", k1);
        let said: Status = call.query("pr", bolt11).once_only().read().await?;
        if said.status.eq_ignore_ascii_case("OK") {
            return Ok(());
        }
        Err(crate::Error::Refused { status: 200, code: None, message: String::new() })
    }

    /// What may be put on the card that wrote `p`: least and most, in millisatoshi. Needs the Boltcards
    /// plugin, and no key. `GET /boltcard/top-up` (LUD-06)
    pub async fn boltcard_top_up(&self, p: &str) -> Result<(i64, i64)> {
        let said: PayRequest = self.page("boltcard").page("top-up").query("p", p).read().await?;
        Ok((said.min_sendable, said.max_sendable))
    }

    /// A BOLT11 invoice over so many millisatoshi, whose payment goes onto the card that wrote `p`.
    /// `GET /boltcard/top-up`
    pub async fn boltcard_top_up_invoice(&self, p: &str, msat: i64) -> Result<String> {
        let call = self.page("boltcard").page("top-up").query("p", p).query("amount", msat);
        let said: PayInvoice = call.once_only().read().await?;
        Ok(said.pr)
    }

    /// Registers a card with a pull payment, and gives what to write on it. Needs no key: keep the
    /// identifiers of such pull payments to yourself. Refused with `lnurl-not-supported` unless the
    /// pull payment is in BTC or SATS and takes Lightning.
    /// `POST /api/v1/pull-payments/{pullPaymentId}/boltcards`
    pub async fn register_boltcard(
        &self,
        pull_payment_id: &str,
        card: &RegisterBoltcard,
    ) -> Result<Boltcard> {
        self.post(["pull-payments", pull_payment_id, "boltcards"]).json(card).read().await
    }
}
