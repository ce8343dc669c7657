//! The practice node's key, and the invoices it signs.

use std::time::Duration;

use bitcoin::hashes::{Hash as _, sha256};
use bitcoin::secp256k1::{Message, PublicKey, Secp256k1, SecretKey, SignOnly};
use lightning_invoice::{
    Bolt11InvoiceDescription, CreationError, Currency, Description, InvoiceBuilder, PaymentSecret,
    Sha256,
};

use crate::domain::money::Msat;
use crate::rail::bolt11::{expiry_seconds, fitting_memo};

/// Blocks the last hop must leave: what LND asks for, too.
const MIN_FINAL_CLTV_EXPIRY_DELTA: u64 = 80;

/// Signs invoices.
pub(super) struct Signer {
    secp: Secp256k1<SignOnly>,
    key: SecretKey,
}

/// What an invoice is for.
pub(super) enum Words<'a> {
    /// In words that the wallet shows.
    Plain(&'a str),
    /// The hash of these.
    Hashed(&'a str),
}

impl Words<'_> {
    fn written(&self) -> Result<Bolt11InvoiceDescription, CreationError> {
        Ok(match self {
            Self::Plain(memo) => {
                Bolt11InvoiceDescription::Direct(Description::new(fitting_memo(memo).to_owned())?)
            }
            Self::Hashed(text) => {
                Bolt11InvoiceDescription::Hash(Sha256(sha256::Hash::hash(text.as_bytes())))
            }
        })
    }
}

/// A fresh invoice and the secret that proves its payment.
pub(super) struct Signed {
    pub(super) bolt11: String,
    pub(super) payment_hash: [u8; 32],
    pub(super) preimage: [u8; 32],
    /// Seconds since 1970 at which it expires.
    pub(super) expires_at: u64,
}

impl Signer {
    pub(super) fn new(seed: &[u8; 32]) -> Self {
        Self { secp: Secp256k1::signing_only(), key: node_key(seed) }
    }

    pub(super) fn node_id(&self) -> String {
        PublicKey::from_secret_key(&self.secp, &self.key).to_string()
    }

    /// An invoice made at `now` (since 1970), for regtest, with random preimage and payment secret.
    pub(super) fn invoice(
        &self,
        amount: Msat,
        words: &Words<'_>,
        expires_in: Duration,
        now: Duration,
    ) -> Result<Signed, CreationError> {
        let preimage: [u8; 32] = rand::random();
        let payment_hash = sha256::Hash::hash(&preimage);
        let expiry = expiry_seconds(expires_in);
        let invoice = InvoiceBuilder::new(Currency::Regtest)
            .amount_milli_satoshis(amount.get())
            .invoice_description(words.written()?)
            .payment_hash(payment_hash)
            .payment_secret(PaymentSecret(rand::random()))
            .duration_since_epoch(Duration::from_secs(now.as_secs()))
            .expiry_time(Duration::from_secs(expiry))
            .min_final_cltv_expiry_delta(MIN_FINAL_CLTV_EXPIRY_DELTA)
            .basic_mpp()
            .build_signed(|hash: &Message| self.secp.sign_ecdsa_recoverable(hash, &self.key))?;
        Ok(Signed {
            bolt11: invoice.to_string(),
            payment_hash: payment_hash.to_byte_array(),
            preimage,
            expires_at: now.as_secs().saturating_add(expiry),
        })
    }
}

/// A key from the seed: the first of its hashes that is one, and but for one in 2^128 all are.
fn node_key(seed: &[u8; 32]) -> SecretKey {
    let mut candidate = sha256::Hash::hash(&[b"pos-server practice node", &seed[..]].concat());
    loop {
        match SecretKey::from_slice(candidate.as_byte_array()) {
            Ok(key) => return key,
            Err(_) => candidate = sha256::Hash::hash(candidate.as_byte_array()),
        }
    }
}
