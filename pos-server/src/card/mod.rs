//! Flash Cards: NTAG 424 DNA chips that prove each tap ("SUN", NXP AN12196), with the keys of the
//! Bolt Card specification. A tap is proven here; that it is used once is the database's.

mod backed;
mod issue;
mod issuer;
mod judge;
mod keys;
pub mod pin;
mod read;
mod sun;
mod take;
mod wipe;

pub use backed::{card_id, prove_by};
pub use issue::{IssueError, Programmed, leave, leave_again, program};
pub use issuer::{IssuerError, issuer};
pub use judge::{Asked, No, judge};
pub use keys::{CardKeys, IssuerKey, Scheme};
pub use read::{Shown, TapError, prove};
pub use sun::{BadTap, Proven, Tap};
pub use take::{Arrival, Place, Taken, take};
pub use wipe::{Chip, WipeError, wipe};

use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};

/// A key of the chip, or a block of it.
pub(crate) type Block = [u8; 16];

/// AES-CMAC (RFC 4493), which is both the chip's proof and the derivation of its keys.
fn cmac(key: &Block, message: &[u8]) -> Block {
    let mut mac = <Cmac<Aes128> as KeyInit>::new(key.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}
