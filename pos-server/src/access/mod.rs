//! Who may come in: secrets and their hashes, tries and locks, first start, sign-in, pairing.
//! Knows no web; `web` turns what happens here into cookies and pages.

pub mod hello;
pub mod open;
pub mod pairing;
pub mod practice;
pub mod sample;
pub mod setup;
pub mod sign_in;
pub mod token;
pub mod tries;

use crate::db::DbError;
pub use crate::password;
use crate::seal::SealError;
use password::PasswordError;

/// Why somebody could not be let in, or a shop not be opened; never because a secret was wrong.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The sealing.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Settings that cannot be written down.
    #[error("the rate settings cannot be written: {0}")]
    Settings(#[from] serde_json::Error),
    /// The e-mail belongs to another owner.
    #[error("this e-mail has an account already")]
    EmailTaken,
    /// The code for the first start is wrong, used or too old.
    #[error("this code is not good any more")]
    Code,
}
