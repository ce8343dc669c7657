//! The store's Lightning node: invoices really signed, for regtest.

use std::time::Duration;

use bitcoin::hashes::{Hash as _, sha256};
use bitcoin::secp256k1::{Message, Secp256k1, SecretKey, SignOnly};
use lightning_invoice::{
    Bolt11Invoice, Bolt11InvoiceDescription, Currency, Description, InvoiceBuilder, PaymentSecret,
    Sha256,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Blocks the last hop must leave: what LND asks for.
const FINAL_CLTV: u64 = 80;

pub(crate) struct Node {
    secp: Secp256k1<SignOnly>,
    key: SecretKey,
}

/// A Lightning invoice and the secret that proves its payment.
#[derive(Debug, Clone)]
pub(crate) struct Bolt11 {
    pub(crate) text: String,
    pub(crate) hash: String,
    pub(crate) preimage: String,
    pub(crate) msat: Option<u64>,
}

impl Node {
    pub(crate) fn new() -> Self {
        let key = loop {
            // All but one in 2^128 are keys.
            if let Ok(key) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                break key;
            }
        };
        Self { secp: Secp256k1::signing_only(), key }
    }

    /// An invoice for so many bitcoin, or for any amount.
    pub(crate) fn invoice(
        &self,
        bitcoin: Option<Decimal>,
        memo: &str,
        now: i64,
        expiry: i64,
    ) -> Result<Bolt11, String> {
        let msat = bitcoin.map(|bitcoin| msat(bitcoin).ok_or("the amount is too large"));
        let words = Description::new(memo.to_owned()).map_err(|error| error.to_string())?;
        self.signed(msat.transpose()?, Bolt11InvoiceDescription::Direct(words), now, expiry)
    }

    /// An invoice that holds the hash of a text.
    pub(crate) fn hashed(
        &self,
        msat: u64,
        text: &str,
        now: i64,
        expiry: i64,
    ) -> Result<Bolt11, String> {
        let hash = Bolt11InvoiceDescription::Hash(Sha256(sha256::Hash::hash(text.as_bytes())));
        self.signed(Some(msat), hash, now, expiry)
    }

    fn signed(
        &self,
        msat: Option<u64>,
        words: Bolt11InvoiceDescription,
        now: i64,
        expiry: i64,
    ) -> Result<Bolt11, String> {
        let preimage: [u8; 32] = rand::random();
        let hash = sha256::Hash::hash(&preimage);
        let mut builder = InvoiceBuilder::new(Currency::Regtest)
            .invoice_description(words)
            .payment_hash(hash)
            .payment_secret(PaymentSecret(rand::random()))
            .duration_since_epoch(Duration::from_secs(now.unsigned_abs()))
            .expiry_time(Duration::from_secs(expiry.max(1).unsigned_abs()))
            .min_final_cltv_expiry_delta(FINAL_CLTV)
            .basic_mpp();
        if let Some(msat) = msat {
            builder = builder.amount_milli_satoshis(msat);
        }
        let signed = builder
            .build_signed(|digest: &Message| self.secp.sign_ecdsa_recoverable(digest, &self.key));
        let text = signed.map_err(|error| error.to_string())?.to_string();
        let (hash, preimage) = (hex::encode(hash.to_byte_array()), hex::encode(preimage));
        Ok(Bolt11 { text, hash, preimage, msat })
    }
}

/// The payment hash that a Lightning invoice names.
pub(crate) fn hash_of(bolt11: &str) -> Option<String> {
    let bolt11 = bolt11.trim().to_lowercase();
    let bolt11 = bolt11.trim_start_matches("lightning:");
    let invoice: Bolt11Invoice = bolt11.parse().ok()?;
    Some(hex::encode(invoice.payment_hash().to_byte_array()))
}

fn msat(bitcoin: Decimal) -> Option<u64> {
    bitcoin.checked_mul(Decimal::from(100_000_000_000_u64))?.ceil().to_u64()
}
