//! Random tokens: given to a browser once, kept only as a hash.

use sha2::{Digest, Sha256};

// No 0, 1, I, L, O or U: read aloud and typed on a tablet.
const CODE_SIGNS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A token of 256 random bits, as hex.
#[must_use]
pub fn random() -> String {
    let mut bytes = [0u8; 32];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}

/// A code of `length` signs for people to type, without signs that look alike.
#[must_use]
pub fn code(length: usize) -> String {
    let mut out = String::with_capacity(length);
    while out.len() < length {
        let mut byte = [0u8; 1];
        rand::fill(&mut byte);
        // 240 is the largest multiple of 30 that fits, so every sign is as likely.
        if byte[0] < 240 {
            out.push(char::from(CODE_SIGNS[usize::from(byte[0]) % CODE_SIGNS.len()]));
        }
    }
    out
}

/// A typed code as it was made: upper case, without blanks and dashes.
#[must_use]
pub fn clean_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// What the database keeps of a token or code.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// True when both are the same, in time that does not tell where they differ.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(one.as_bytes(), other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_readable_and_typed_codes_are_understood() {
        let code = code(8);
        assert_eq!(code.len(), 8);
        assert!(code.bytes().all(|sign| CODE_SIGNS.contains(&sign)));
        assert_eq!(clean_code(" k7pq-2 m9x\n"), "K7PQ2M9X");
        assert_ne!(random(), random());
        assert!(same("a", "a") && !same("a", "b") && !same("a", "aa"));
    }
}
