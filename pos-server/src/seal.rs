//! Secrets at rest: XChaCha20-Poly1305 under a key from a file. A sealed value begins with a
//! version, the id of its key and a random nonce, and is bound to what it is for.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    key_id: [u8; KEY_ID],
    key: Zeroizing<[u8; 32]>,
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file cannot be read or made.
    #[error("the sealing key {0} cannot be used: {1}")]
    KeyFile(String, String),
    /// It was sealed under another key.
    #[error("this secret was sealed under another key")]
    OtherKey,
    /// It was changed, or is for something else.
    #[error("this secret cannot be opened")]
    Broken,
}

impl Seal {
    /// Reads the key (64 hex digits) from a file; makes one, readable by its owner alone, if the
    /// file is missing.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        let fault = |why: String| SealError::KeyFile(path.display().to_string(), why);
        if !path.exists() {
            let mut key = Zeroizing::new([0u8; 32]);
            rand::fill(key.as_mut_slice());
            let mut options = std::fs::OpenOptions::new();
            let file = options.write(true).create_new(true).mode(0o600).open(path);
            let mut file = file.map_err(|error| fault(error.to_string()))?;
            let text = Zeroizing::new(hex::encode(key.as_slice()));
            let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
            written.map_err(|error| fault(error.to_string()))?;
        }
        let text = Zeroizing::new(
            std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?,
        );
        let mut key = Zeroizing::new([0u8; 32]);
        hex::decode_to_slice(text.trim(), key.as_mut_slice())
            .map_err(|_| fault("it must hold 64 hex digits".into()))?;
        Ok(Self::new(&key))
    }

    /// Seals under this key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut key_id = [0; KEY_ID];
        key_id.copy_from_slice(
            &Sha256::digest([b"pos-server seal key id", key.as_slice()].concat())[..KEY_ID],
        );
        Self { cipher: XChaCha20Poly1305::new(key.into()), key_id, key: Zeroizing::new(*key) }
    }

    /// Seals `secret` for `purpose` (a table, column and row), which must be named again to open it.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0u8; NONCE];
        rand::fill(&mut nonce);
        let payload = Payload { msg: secret, aad: purpose.as_bytes() };
        let nonce_in = XNonce::try_from(nonce.as_slice()).map_err(|_| SealError::Broken)?;
        let sealed = self.cipher.encrypt(&nonce_in, payload).map_err(|_| SealError::Broken)?;
        Ok([&[VERSION], self.key_id.as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `purpose`.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        let (key_id, rest) = rest.split_at_checked(KEY_ID).ok_or(SealError::Broken)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or(SealError::Broken)?;
        if *version != VERSION {
            return Err(SealError::Broken);
        }
        if key_id != self.key_id {
            return Err(SealError::OtherKey);
        }
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::Broken)?;
        let open = self.cipher.decrypt(&nonce, payload).map_err(|_| SealError::Broken)?;
        Ok(Zeroizing::new(open))
    }

    /// A key of its own for one purpose, from which the sealing key cannot be found.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        Sha256::digest([self.key.as_slice(), b"/derive/", purpose.as_bytes()].concat()).into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_under_its_key_and_nothing_else() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal("connection/1", b"macaroon").unwrap();
        assert_eq!(seal.open("connection/1", &sealed).unwrap().as_slice(), b"macaroon");
        assert!(matches!(seal.open("connection/2", &sealed), Err(SealError::Broken)));
        let other = Seal::new(&[8; 32]);
        assert!(matches!(other.open("connection/1", &sealed), Err(SealError::OtherKey)));
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(matches!(seal.open("connection/1", &changed), Err(SealError::Broken)));
        assert!(seal.open("connection/1", &sealed[..9]).is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        let sealed = Seal::from_file(&path).unwrap().seal("x", b"y").unwrap();
        assert_eq!(Seal::from_file(&path).unwrap().open("x", &sealed).unwrap().as_slice(), b"y");
        std::fs::write(&path, "not a key").unwrap();
        assert!(Seal::from_file(&path).is_err());
    }
}
