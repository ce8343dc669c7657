//! A tap: what the chip writes into its link, and whether it wrote it. The order is the rule: the
//! proof first, and only then anything that the tap says.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Block, cmac};

/// First byte of the decrypted PICC data: UID and counter are mirrored, the UID has seven bytes.
const PICC_TAG: u8 = 0xC7;
/// What the session key for the proof is derived from, before UID and counter (AN12196, SV2).
const SV2: [u8; 6] = [0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80];

/// What a card's link holds: `p` and `c`, not proven yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tap {
    p: Block,
    c: [u8; 8],
}

/// What a tap says, and nobody has proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// The chip's serial number.
    uid: [u8; 7],
    /// How often it was read.
    counter: u32,
}

/// A tap that the chip made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    /// The chip's serial number; only the id derived from it is ever kept.
    pub uid: [u8; 7],
    /// How often it was read: each tap has a higher one, and each is used once.
    pub counter: u32,
}

/// Why a tap is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTap {
    /// The link does not hold `p` and `c` in hex.
    #[error("This is not the link of a card.")]
    NotALink,
    /// Another issuer's, or not a card's at all.
    #[error("This is not our card.")]
    NotOurs,
    /// It claims to be a card of ours, and the proof is wrong.
    #[error("This tap is not genuine.")]
    Forged,
}

impl Tap {
    /// Reads `p` and `c` as the link has them: hex of either case.
    pub fn read(p: &str, c: &str) -> Result<Self, BadTap> {
        let mut tap = Self { p: [0; 16], c: [0; 8] };
        hex::decode_to_slice(p, &mut tap.p).map_err(|_| BadTap::NotALink)?;
        hex::decode_to_slice(c, &mut tap.c).map_err(|_| BadTap::NotALink)?;
        Ok(tap)
    }

    /// What is kept of a link: SHA-256 of what the chip wrote, however the link is written. Hex.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest([&self.p[..], &self.c[..]].concat()))
    }

    /// `p` and `c` as a link has them.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        (hex::encode_upper(self.p), hex::encode_upper(self.c))
    }

    /// Opens what the tap says with the issuer's K1, so that K2 of that card can be had. It is a
    /// claim: say nothing of it, and change nothing by it.
    pub fn open(&self, k1: &Block) -> Result<Claimed, BadTap> {
        let mut block = self.p.into();
        // One block of CBC from a zero vector is the block itself.
        Aes128::new(k1.into()).decrypt_block(&mut block);
        let [tag, rest @ ..] = <Block>::from(block);
        if tag != PICC_TAG {
            return Err(BadTap::NotOurs);
        }
        let [uid @ .., c0, c1, c2, _, _, _, _, _] = rest;
        Ok(Claimed { uid, counter: u32::from_le_bytes([c0, c1, c2, 0]) })
    }

    /// Proves the claim by the card's K2, in constant time.
    pub fn prove(&self, claimed: &Claimed, k2: &Block) -> Result<Proven, BadTap> {
        let genuine: bool = claimed.proof(k2).ct_eq(&self.c).into();
        let Claimed { uid, counter } = *claimed;
        if genuine { Ok(Proven { uid, counter }) } else { Err(BadTap::Forged) }
    }
}

impl Claimed {
    /// The serial number that the tap claims, to derive the card's keys by.
    #[must_use]
    pub fn uid(&self) -> &[u8; 7] {
        &self.uid
    }

    fn proof(&self, k2: &Block) -> [u8; 8] {
        let mut message = [0; 16];
        message[..6].copy_from_slice(&SV2);
        message[6..13].copy_from_slice(&self.uid);
        message[13..].copy_from_slice(&self.counter.to_le_bytes()[..3]);
        let whole = cmac(&cmac(k2, &message), &[]);
        // The chip shows every second byte.
        std::array::from_fn(|at| whole[2 * at + 1])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(text: &str) -> Block {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    fn tap(p: &str, c: &str, k1: &str, k2: &str) -> Result<(String, u32), BadTap> {
        let tap = Tap::read(p, c)?;
        let proven = tap.prove(&tap.open(&key(k1))?, &key(k2))?;
        Ok((hex::encode(proven.uid), proven.counter))
    }

    const K1: &str = "0c3b25d92b38ae443229dd59ad34b85d";
    const K2: &str = "b45775776cb224c75bcde7ca3704e933";

    #[test]
    fn the_published_taps_are_proven() {
        for (p, c, counter) in [
            ("4E2E289D945A66BB13377A728884E867", "E19CCB1FED8892CE", 3),
            ("00F48C4F8E386DED06BCDC78FA92E2FE", "66B4826EA4C155B4", 5),
            ("0dbf3c59b59b0638d60b5842a997d4d1", "cc61660c020b4d96", 7),
        ] {
            assert_eq!(tap(p, c, K1, K2), Ok(("04996c6a926980".into(), counter)));
        }
    }

    #[test]
    fn nxps_own_example_is_proven() {
        // AN12196, section 3.4: both keys are zero, as a chip leaves the factory.
        let zero = "00000000000000000000000000000000";
        let said = tap("EF963FF7828658A599F3041510671E88", "94EED9EE65337086", zero, zero);
        assert_eq!(said, Ok(("04de5f1eacc040".into(), 61)));
    }

    #[test]
    fn every_other_proof_is_refused() {
        let p = "4E2E289D945A66BB13377A728884E867";
        for bit in 0..64 {
            let mut c: [u8; 8] = hex::decode("E19CCB1FED8892CE").unwrap().try_into().unwrap();
            c[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(tap(p, &hex::encode(c), K1, K2), Err(BadTap::Forged));
        }
        assert_eq!(tap(p, "66B4826EA4C155B4", K1, K2), Err(BadTap::Forged), "another tap's proof");
        assert_eq!(tap(p, "E19CCB1FED8892CE", K2, K2), Err(BadTap::NotOurs));
    }

    #[test]
    fn what_is_no_link_is_said_to_be_none() {
        let p = "4E2E289D945A66BB13377A728884E867";
        for (p, c) in
            [("", ""), (p, "E19C"), (&p[2..], "E19CCB1FED8892CE"), (p, "E19CCB1FED8892CX")]
        {
            assert_eq!(Tap::read(p, c), Err(BadTap::NotALink));
        }
    }
}
