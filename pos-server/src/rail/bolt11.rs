//! What a BOLT11 invoice says, read once and checked (signature, required fields).

use std::time::Duration;

use lightning_invoice::Bolt11Invoice;

use crate::domain::money::Msat;
use crate::domain::time::Time;

/// The longest description BOLT11 can hold, in bytes: 1023 words of five bits.
const MEMO_BYTES_MAX: usize = 639;

/// Why a text is not an invoice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a Lightning invoice: {0}")]
pub struct NotAnInvoice(String);

/// The facts of an invoice that a till or a payer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// The payment hash in hex.
    pub payment_hash: String,
    /// The node that is paid: its public key in hex.
    pub payee: String,
    /// How much; an invoice may leave it to the payer.
    pub amount: Option<Msat>,
    /// What the payer's wallet shows.
    pub memo: String,
    /// When it was made; whole seconds.
    pub created_at: Time,
    /// From this instant on it should not be paid; whole seconds.
    pub expires_at: Time,
}

impl Invoice {
    /// Reads an invoice as a QR holds it: any case, with or without `lightning:` before it.
    pub fn read(text: &str) -> Result<Self, NotAnInvoice> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("lightning:").unwrap_or(&text);
        let invoice: Bolt11Invoice =
            text.parse().map_err(|error| NotAnInvoice(format!("{error}")))?;
        let amount = invoice
            .amount_milli_satoshis()
            .map(Msat::new)
            .transpose()
            .map_err(|error| NotAnInvoice(error.to_string()))?;
        let created_at = Time(0).after(invoice.duration_since_epoch());
        Ok(Self {
            payment_hash: invoice.payment_hash().to_string(),
            payee: invoice.get_payee_pub_key().to_string(),
            amount,
            memo: invoice.description().to_string(),
            created_at,
            expires_at: created_at.after(invoice.expiry_time()),
        })
    }
}

/// The part of a memo that fits an invoice; never half a character.
#[must_use]
pub fn fitting_memo(memo: &str) -> &str {
    &memo[..memo.floor_char_boundary(MEMO_BYTES_MAX)]
}

/// An expiry in whole seconds, at least one: what BOLT11 can say.
#[must_use]
pub fn expiry_seconds(expires_in: Duration) -> u64 {
    expires_in.as_millis().div_ceil(1000).clamp(1, u128::from(u32::MAX)).try_into().unwrap_or(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The second example of BOLT11: a cup of coffee, 2500 µBTC, one minute.
    const COFFEE: &str = "lnbc2500u1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu9qrsgquk0rl77nj30yxdy8j9vdx85fkpmdla2087ne0xh8nhedh8w27kyke0lp53ut353s06fv3qfegext0eh0ymjpf39tuven09sam30g4vgpfna3rh";

    #[test]
    fn the_example_of_bolt11_is_read() {
        let invoice = Invoice::read(&format!("lightning:{}", COFFEE.to_uppercase())).unwrap();
        assert_eq!(invoice.amount, Some(Msat::from_sat(250_000).unwrap()));
        assert_eq!(invoice.memo, "1 cup coffee");
        assert_eq!(invoice.created_at, Time(1_496_314_658_000));
        assert_eq!(invoice.expires_at, Time(1_496_314_718_000));
        assert!(invoice.payment_hash.starts_with("0001020304"));
        assert!(invoice.payee.starts_with("03e7156ae33b0a208d"));
    }

    #[test]
    fn a_damaged_invoice_is_refused() {
        let damaged = COFFEE.replace("2500u", "2500m");
        assert!(Invoice::read(&damaged).unwrap_err().to_string().starts_with("this is not"));
        assert!(Invoice::read("").is_err());
    }

    #[test]
    fn a_memo_is_cut_between_characters_and_an_expiry_rounded_up() {
        assert_eq!(fitting_memo("Café"), "Café");
        assert_eq!(fitting_memo(&"é".repeat(400)).len(), 638);
        assert_eq!(expiry_seconds(Duration::from_millis(1)), 1);
        assert_eq!(expiry_seconds(Duration::from_millis(60_001)), 61);
    }
}
