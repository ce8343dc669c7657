//! Whether a delivery comes from who knows the secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Secret;

/// The header that holds the signature.
pub const SIGNATURE_HEADER: &str = "BTCPay-Sig";

/// Why a delivery is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("the delivery is not signed")]
    Missing,
    /// The header is not `sha256=` and 64 hexadecimal digits.
    #[error("the signature cannot be read")]
    Malformed,
    /// It was signed with another secret, or changed on its way.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks a delivery's signature: `header` is what [`SIGNATURE_HEADER`] holds, `body` the bytes as
/// they came, before any parsing. Takes the same time wherever the signatures differ.
///
/// A signature holds no time: who records a delivery can send it again. Remember
/// [`Event::original_delivery_id`](super::Event::original_delivery_id).
pub fn verify(secret: &Secret, body: &[u8], header: Option<&str>) -> Result<(), SignatureError> {
    let header = header.map(str::trim).filter(|header| !header.is_empty());
    let digits = header.ok_or(SignatureError::Missing)?.strip_prefix("sha256=");
    let mut claimed = [0u8; 32];
    hex::decode_to_slice(digits.ok_or(SignatureError::Malformed)?, &mut claimed)
        .map_err(|_| SignatureError::Malformed)?;
    mac(secret, body).verify_slice(&claimed).map_err(|_| SignatureError::Wrong)
}

/// Signs a body as BTCPay Server does: what [`SIGNATURE_HEADER`] holds. For stand-ins and tests.
#[must_use]
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac(secret, body).finalize().into_bytes()))
}

fn mac(secret: &Secret, body: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length: a long one is hashed, a short one filled up.
    #[allow(clippy::expect_used)]
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    let mut mac = mac.expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"what do ya want for nothing?";
    // RFC 4231, test case 2.
    const DIGITS: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn check(header: &str) -> Result<(), SignatureError> {
        verify(&"Jefe".into(), BODY, Some(header))
    }

    #[test]
    fn the_right_signature_passes_in_either_case() {
        assert_eq!(sign(&"Jefe".into(), BODY), format!("sha256={DIGITS}"));
        assert_eq!(check(&format!("sha256={DIGITS}")), Ok(()));
        assert_eq!(check(&format!("sha256={}", DIGITS.to_uppercase())), Ok(()));
    }

    #[test]
    fn everything_else_does_not() {
        assert_eq!(verify(&"Jefe".into(), BODY, None), Err(SignatureError::Missing));
        assert_eq!(check(""), Err(SignatureError::Missing));
        let short = &DIGITS[..62];
        for header in [
            DIGITS.to_owned(),
            format!("SHA256={DIGITS}"),
            format!("sha1={DIGITS}"),
            format!("sha256={short}"),
            format!("sha256={DIGITS}00"),
            format!("sha256={short}zz"),
            "sha256=".to_owned(),
        ] {
            assert_eq!(check(&header), Err(SignatureError::Malformed), "{header}");
        }
        let changed = format!("sha256={short}44");
        assert_eq!(check(&changed), Err(SignatureError::Wrong));
        let right = format!("sha256={DIGITS}");
        assert_eq!(verify(&"jefe".into(), BODY, Some(&right)), Err(SignatureError::Wrong));
        assert_eq!(verify(&"Jefe".into(), b"more", Some(&right)), Err(SignatureError::Wrong));
    }
}
