//! Passwords and PINs: argon2id, off the async threads, two of each at a time.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::seal::Seal;

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

// Each takes 19 MiB: a crowd at the door must not take the machine. Passwords are typed at pages
// that anybody reaches, PINs at tills and by cards: strangers must not keep cashiers waiting.
static PASSWORDS: Semaphore = Semaphore::const_new(2);
static PINS: Semaphore = Semaphore::const_new(2);

// A hash of nothing anybody knows, checked when there is no such person, so that the answer takes
// as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA\
    $zO0cfWhPZ3X4+PqBqzvPkUvBVSy4GNEa1tpyqtEN2yo";

/// Why a password could not be hashed or checked; never because it was wrong.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The machine could not do it.
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
}

fn argon() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Hashing(error.to_string())
}

/// Hashes a secret into a PHC string.
pub async fn hash(secret: &str) -> Result<String, PasswordError> {
    hash_in(&PASSWORDS, secret).await
}

/// As `hash`, in the line of the PINs.
pub async fn hash_pin(peppered: &str) -> Result<String, PasswordError> {
    hash_in(&PINS, peppered).await
}

async fn hash_in(line: &'static Semaphore, secret: &str) -> Result<String, PasswordError> {
    let secret = zeroize::Zeroizing::new(secret.to_owned());
    let _turn = line.acquire().await.map_err(failed)?;
    let work = move || {
        let mut salt = [0u8; 16];
        rand::fill(&mut salt);
        let hash: Result<phc::PasswordHash, _> =
            argon()?.hash_password_with_salt(secret.as_bytes(), &salt);
        Ok(hash.map_err(failed)?.to_string())
    };
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

/// True when the secret is the one behind the hash. No hash is never true, and takes as long.
pub async fn verify(secret: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
    verify_in(&PASSWORDS, secret, hash).await
}

/// As `verify`, in the line of the PINs.
pub async fn verify_pin(peppered: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
    verify_in(&PINS, peppered, hash).await
}

async fn verify_in(
    line: &'static Semaphore,
    secret: &str,
    hash: Option<&str>,
) -> Result<bool, PasswordError> {
    let secret = zeroize::Zeroizing::new(secret.to_owned());
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let _turn = line.acquire().await.map_err(failed)?;
    let work =
        move || Ok(argon()?.verify_password(secret.as_bytes(), hash.as_str()).is_ok() && known);
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

/// A PIN as it is hashed: mixed with the sealing key, since four digits alone are soon guessed by
/// whoever holds a stolen database.
#[must_use]
pub fn peppered(seal: &Seal, pin: &str) -> String {
    let pepper = seal.derive("staff PIN");
    hex::encode(Sha256::digest([pepper.as_slice(), pin.as_bytes()].concat()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_secret_opens_and_nobody_never_does() {
        let hash = hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("wrong horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_is_well_formed_so_that_it_is_really_computed() {
        assert!(phc::PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn a_pin_is_bound_to_the_sealing_key() {
        let (one, other) = (Seal::new(&[1; 32]), Seal::new(&[2; 32]));
        assert_eq!(peppered(&one, "1234"), peppered(&one, "1234"));
        assert_ne!(peppered(&one, "1234"), peppered(&other, "1234"));
    }
}
