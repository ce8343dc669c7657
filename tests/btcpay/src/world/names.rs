//! Names and numbers as BTCPay makes them.

use bitcoin::hashes::{Hash as _, sha256d};
use bitcoin::{Address, KnownHrp, WitnessProgram, WitnessVersion};

const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

fn base58(length: usize) -> String {
    (0..length).map(|_| char::from(BASE58[rand::random_range(0..BASE58.len())])).collect()
}

pub(crate) fn invoice() -> String {
    base58(22)
}

/// Also of a webhook, a delivery and a pull payment.
pub(crate) fn long() -> String {
    base58(28)
}

pub(crate) fn store() -> String {
    base58(44)
}

pub(crate) fn api_key() -> String {
    hex::encode(rand::random::<[u8; 20]>())
}

pub(crate) fn secret() -> String {
    base58(27)
}

/// A transaction nobody made.
pub(crate) fn transaction() -> String {
    sha256d::Hash::hash(&rand::random::<[u8; 32]>()).to_string()
}

/// A regtest address nobody has the key of.
pub(crate) fn address() -> String {
    let program = WitnessProgram::new(WitnessVersion::V0, &rand::random::<[u8; 20]>());
    program.map_or_else(
        |error| error.to_string(),
        |program| Address::from_witness_program(program, KnownHrp::Regtest).to_string(),
    )
}
