//! The keys of a card, derived from the issuer's key, the chip's serial number and a version, as the
//! Bolt Card specification says (DETERMINISTIC.md), and as BTCPay Server does, which takes the pull
//! payment into the card's key.

use zeroize::Zeroizing;

use super::{Block, cmac};

const CARD_KEY: [u8; 4] = [0x2d, 0x00, 0x3f, 0x75];
const K0: [u8; 4] = [0x2d, 0x00, 0x3f, 0x76];
const K1: [u8; 4] = [0x2d, 0x00, 0x3f, 0x77];
const K2: [u8; 4] = [0x2d, 0x00, 0x3f, 0x78];
const K3: [u8; 4] = [0x2d, 0x00, 0x3f, 0x79];
const K4: [u8; 4] = [0x2d, 0x00, 0x3f, 0x7a];
const ID: [u8; 4] = [0x2d, 0x00, 0x3f, 0x7b];

/// Whose derivation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme<'a> {
    /// The public specification's.
    Public,
    /// BTCPay Server's, for a card of this pull payment.
    Btcpay {
        /// The pull payment's id.
        pull_payment: &'a str,
    },
}

/// The key from which all keys of an issuer's cards come. Whoever has it can forge every tap.
#[derive(Clone)]
pub struct IssuerKey(Zeroizing<Block>);

/// The five keys of a card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardKeys {
    /// May change everything on the chip.
    pub k0: Zeroizing<Block>,
    /// Hides serial number and counter; the same for all cards of an issuer.
    pub k1: Zeroizing<Block>,
    /// Proves a tap.
    pub k2: Zeroizing<Block>,
    /// Not used, and no factory key either.
    pub k3: Zeroizing<Block>,
    /// Not used, and no factory key either.
    pub k4: Zeroizing<Block>,
}

impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IssuerKey")
    }
}

impl std::fmt::Debug for CardKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardKeys")
    }
}

impl IssuerKey {
    /// A key of 16 bytes.
    #[must_use]
    pub fn new(key: Block) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The key that opens what any card of this issuer says.
    #[must_use]
    pub fn k1(&self) -> Zeroizing<Block> {
        Zeroizing::new(cmac(&self.0, &K1))
    }

    /// The id by which a card is kept, in hex: its serial number is not told by it.
    #[must_use]
    pub fn card_id(&self, uid: &[u8; 7]) -> String {
        hex::encode(cmac(&self.0, &[&ID[..], uid].concat()))
    }

    /// The keys of a card at a version; a card that is issued again has the next one.
    #[must_use]
    pub fn card_keys(&self, uid: &[u8; 7], version: u32, scheme: Scheme<'_>) -> CardKeys {
        let key = Zeroizing::new(self.card_key(uid, version, scheme));
        let derived = |constant: [u8; 4]| Zeroizing::new(cmac(&key, &constant));
        CardKeys {
            k0: derived(K0),
            k1: self.k1(),
            k2: derived(K2),
            k3: derived(K3),
            k4: derived(K4),
        }
    }

    fn card_key(&self, uid: &[u8; 7], version: u32, scheme: Scheme<'_>) -> Block {
        let mut message = [&CARD_KEY[..], uid, &version.to_le_bytes()].concat();
        if let Scheme::Btcpay { pull_payment } = scheme {
            message.extend_from_slice(pull_payment.as_bytes());
        }
        cmac(&self.0, &message)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Tap;
    use super::*;

    const UID: [u8; 7] = [0x04, 0xa3, 0x94, 0x93, 0xcc, 0x86, 0x80];

    fn issuer(first: u8, last: u8) -> IssuerKey {
        let mut key = [0; 16];
        (key[0], key[15]) = (first, last);
        IssuerKey::new(key)
    }

    #[test]
    fn the_specifications_vector_is_met() {
        let issuer = issuer(0, 1);
        let keys = issuer.card_keys(&UID, 1, Scheme::Public);
        let hex = |key: &Zeroizing<Block>| hex::encode(**key);
        assert_eq!(hex(&keys.k0), "a29119fcb48e737d1591d3489557e49b");
        assert_eq!(hex(&keys.k1), "55da174c9608993dc27bb3f30a4a7314");
        assert_eq!(hex(&keys.k2), "f4b404be700ab285e333e32348fa3d3b");
        assert_eq!(hex(&keys.k3), "73610ba4afe45b55319691cb9489142f");
        assert_eq!(hex(&keys.k4), "addd03e52964369be7f2967736b7bdb5");
        assert_eq!(issuer.card_id(&UID), "e07ce1279d980ecb892a81924b67bf18");
        let card_key = issuer.card_key(&UID, 1, Scheme::Public);
        assert_eq!(hex::encode(card_key), "ebff5a4e6da5ee14cbfe720ae06fbed9");
    }

    #[test]
    fn btcpays_variant_takes_the_pull_payment_in() {
        let issuer = issuer(1, 0);
        let scheme = Scheme::Btcpay { pull_payment: "2mZrKyWsdjcFGmdDUvAFNQvbDKbc" };
        let keys = issuer.card_keys(&UID, 0, scheme);
        assert_eq!(hex::encode(*keys.k0), "07488812668275ee7d61b7e5361a86f2");
        assert_eq!(hex::encode(*keys.k1), "26b1ec88f627b3c186dd2b8fd16dd72e");
        assert_eq!(hex::encode(*keys.k2), "13d767618adf0bc13fd4063390c57f7e");
        assert_eq!(issuer.card_id(&UID), "17bd74eb21ef7b04925deae8a9cda62f");
        let next = issuer.card_keys(&UID, 1, scheme);
        assert_eq!(hex::encode(*next.k2), "b6ff6744d26cdb2cfeae0011512b2156");
        for (p, c, counter) in [
            ("B60C2DF3CE49FA6B314754FB1EAAD54A", "9E32216197C1F5A5", 1),
            ("93A94861B72F2046D0F0FFFED288983F", "19816465750F30A4", 258),
        ] {
            let tap = Tap::read(p, c).unwrap();
            let claimed = tap.open(&keys.k1).unwrap();
            assert_eq!(claimed.uid(), &UID);
            assert_eq!(tap.prove(&claimed, &keys.k2).unwrap().counter, counter);
            assert!(tap.prove(&claimed, &next.k2).is_err(), "keys of another version");
        }
    }

    #[test]
    fn keys_are_never_printed() {
        let issuer = issuer(1, 0);
        let keys = issuer.card_keys(&UID, 0, Scheme::Public);
        assert_eq!(format!("{issuer:?} {keys:?}"), "IssuerKey CardKeys");
    }
}
