//! A Nostr public key as people pass it on (NIP-19, bech32), and as it is kept: hex.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use bitcoin::secp256k1::XOnlyPublicKey;

/// Why a text is no public key. Nothing of it is repeated: it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NpubError {
    /// It is the secret key.
    #[error(
        "This is your secret key (nsec). Never type it anywhere. Here the public one goes: npub…"
    )]
    Secret,
    /// It is no `npub`, or a sign of it is wrong.
    #[error("This is not an npub. Copy it whole: it begins with npub1.")]
    NotOne,
}

/// Reads `npub1…`, with or without `nostr:` before it (NIP-21), to hex. Its checksum is checked, and
/// that it is a point of the curve (BIP-340).
pub fn read(text: &str) -> Result<String, NpubError> {
    let text = match text.trim().split_at_checked(6) {
        Some((head, rest)) if head.eq_ignore_ascii_case("nostr:") => rest,
        _ => text.trim(),
    };
    let head = text.get(..5).unwrap_or_default();
    if head.eq_ignore_ascii_case("nsec1") || text.to_ascii_lowercase().starts_with("ncryptsec1") {
        return Err(NpubError::Secret);
    }
    let read = CheckedHrpstring::new::<Bech32>(text).map_err(|_| NpubError::NotOne)?;
    let bytes: Vec<u8> = read.byte_iter().collect();
    let sound = read.hrp().lowercase_char_iter().eq("npub".chars())
        && XOnlyPublicKey::from_slice(&bytes).is_ok();
    if sound { Ok(hex::encode(bytes)) } else { Err(NpubError::NotOne) }
}

/// Writes what is kept as `npub1…`; nothing if it is no such key.
#[must_use]
pub fn write(kept: &str) -> Option<String> {
    let bytes = hex::decode(kept).ok().filter(|bytes| bytes.len() == 32)?;
    bech32::encode::<Bech32>(Hrp::parse("npub").ok()?, &bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The vector of NIP-19.
    const NPUB: &str = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
    const KEPT: &str = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";

    #[test]
    fn the_vector_of_the_standard_is_read_and_written() {
        for text in [NPUB.to_owned(), format!(" nostr:{NPUB}\n"), NPUB.to_uppercase()] {
            assert_eq!(read(&text).as_deref(), Ok(KEPT), "{text}");
        }
        assert_eq!(write(KEPT).as_deref(), Some(NPUB));
        assert_eq!(write("7e7e"), None);
    }

    #[test]
    fn a_wrong_sign_another_kind_of_key_and_a_point_off_the_curve_are_refused() {
        let secret = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5";
        assert_eq!(read(secret), Err(NpubError::Secret));
        assert_eq!(read(&format!("NOSTR:{secret}")), Err(NpubError::Secret));
        let off = bech32::encode::<Bech32>(Hrp::parse_unchecked("npub"), &[0xFF; 32]);
        let short = bech32::encode::<Bech32>(Hrp::parse_unchecked("npub"), &[7; 31]);
        let m = bech32::encode::<bech32::Bech32m>(Hrp::parse_unchecked("npub"), &[2; 32]);
        let made = [off, short, m].map(Result::unwrap_or_default);
        let wrong = NPUB.replace("zvjptg", "zvjpty");
        for text in
            made.iter().map(String::as_str).chain([&wrong, KEPT, "", "npub1", "é\u{1F600}nostr"])
        {
            assert_eq!(read(text), Err(NpubError::NotOne), "{text}");
        }
    }
}
