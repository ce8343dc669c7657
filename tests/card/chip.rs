//! An NTAG 424 DNA in software: it holds its keys and its counter as the chip does, and mirrors both
//! into its link at each read (NXP AN12196, sections 3.3 and 3.4). Written apart from the server's
//! own code, which it checks.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit as _};
use cmac::{Cmac, Mac};
use serde_json::Value;

/// A chip with keys on it.
#[derive(Clone)]
pub(crate) struct Chip {
    uid: [u8; 7],
    counter: u32,
    link: String,
    k1: [u8; 16],
    k2: [u8; 16],
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Cmac::<Aes128>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn key(written: &Value, name: &str) -> [u8; 16] {
    hex::decode(written[name].as_str().unwrap()).unwrap().try_into().unwrap()
}

impl Chip {
    /// A serial number that no other chip has.
    pub(crate) fn serial() -> [u8; 7] {
        let mut uid = [4; 7];
        rand::fill(&mut uid[1..]);
        uid
    }

    /// The chip after an app wrote onto it what the server answered.
    pub(crate) fn written(uid: [u8; 7], answer: &Value) -> Self {
        let link = answer["LNURLW"].as_str().unwrap().to_owned();
        Self { uid, counter: 0, link, k1: key(answer, "K1"), k2: key(answer, "K2") }
    }

    /// Held to a reader: the counter goes up, and the link is new.
    pub(crate) fn tap(&mut self) -> String {
        self.counter += 1;
        self.at(self.counter)
    }

    /// What it would say at a counter.
    pub(crate) fn at(&self, counter: u32) -> String {
        let counter = &counter.to_le_bytes()[..3];
        let mut block = [0; 16];
        block[0] = 0xC7;
        block[1..8].copy_from_slice(&self.uid);
        block[8..11].copy_from_slice(counter);
        rand::fill(&mut block[11..]);
        let mut p = block.into();
        Aes128::new(&self.k1.into()).encrypt_block(&mut p);
        let session =
            mac(&self.k2, &[&[0x3C, 0xC3, 0, 1, 0, 0x80], &self.uid[..], counter].concat());
        let whole = mac(&session, &[]);
        let c: Vec<u8> = whole.into_iter().skip(1).step_by(2).collect();
        format!("{}?p={}&c={}", self.link, hex::encode_upper(p), hex::encode_upper(c))
    }

    /// The same chip with a K2 of another version, or of a forger's.
    pub(crate) fn with_k2(&self, k2: [u8; 16]) -> Self {
        Self { k2, ..self.clone() }
    }

    /// The same chip with a K1 of another issuer.
    pub(crate) fn with_k1(&self, k1: [u8; 16]) -> Self {
        Self { k1, ..self.clone() }
    }
}

impl Chip {
    /// Its serial number.
    pub(crate) fn uid(&self) -> &[u8; 7] {
        &self.uid
    }

    /// Its K1, hex: the same on all cards of an issuer.
    pub(crate) fn k1(&self) -> String {
        hex::encode(self.k1)
    }
}
