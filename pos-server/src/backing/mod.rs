//! Cards whose money is a pull payment at the merchant's BTCPay Server: issued there, tapped here. That
//! server pays, and says what is left; our limits and freezing hold at our tills alone.

mod again;
mod grant;
mod home;
mod import;
mod issue;
mod money;

pub use again::{end, prepare_again};
pub use grant::{look_at_grants, prepare_grant};
pub use home::{Home, home, home_of};
pub use import::import;
pub use issue::{Written, prepare, program, put_unused_away};
pub use money::{Money, look};

use btcpay_bridge::Trouble;

use crate::card::IssuerError;
use crate::db::DbError;
use crate::seal::SealError;

/// Why it was not done. Shown to staff, or to whoever holds a card app, as it reads.
#[derive(Debug, thiserror::Error)]
pub enum BackingError {
    /// It makes no sense, or BTCPay says no: nothing was done.
    #[error("{0}")]
    Refused(String),
    /// BTCPay could not be asked, or did not answer.
    #[error("BTCPay does not answer just now. Try again in a moment: nothing is done twice.")]
    Away,
    /// The leave was used by another chip, or its time is over.
    #[error("This code was used, or its time is over. Make a new one.")]
    Ended,
    /// It is in use already.
    #[error("This card is set up already.")]
    SetUp,
    /// It is not seven bytes in hex.
    #[error("That is not the serial number of a card.")]
    NotASerial,
    /// Our own keys.
    #[error("Cards cannot be read just now.")]
    Keys(#[from] IssuerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl BackingError {
    fn refused(words: &str) -> Self {
        Self::Refused(words.into())
    }
}

impl From<SealError> for BackingError {
    fn from(error: SealError) -> Self {
        Self::Keys(error.into())
    }
}

impl From<Trouble> for BackingError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(_) => Self::Away,
            Trouble::NotFound => Self::refused("BTCPay does not know this card’s money any more."),
            Trouble::Denied(words) | Trouble::Refused(words) => Self::Refused(words),
        }
    }
}
