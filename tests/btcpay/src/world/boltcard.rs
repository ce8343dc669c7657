//! Bolt Cards: which chip draws on which pull payment, and the keys of a chip, derived as BTCPay
//! does: the pull payment's identifier is part of the card's key.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, KeyInit as _};
use cmac::{Cmac, Mac};
use serde_json::{Value, json};

use super::World;

/// How far back keys of a card are looked for, to fit a tap.
const VERSIONS_BACK: u32 = 6;

/// A chip that was registered. `id` is derived from its serial number.
#[derive(Debug, Clone)]
pub(crate) struct Boltcard {
    pub(crate) id: Vec<u8>,
    /// None after a reset.
    pub(crate) pull: Option<String>,
    pub(crate) version: u32,
    pub(crate) counter: u32,
}

/// Why a card is not registered: field and words.
pub(crate) type Wrong = (&'static str, &'static str);

fn mac(key: &[u8; 16], message: &[u8]) -> [u8; 16] {
    let mut mac = <Cmac<Aes128> as cmac::KeyInit>::new(key.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn constant(last: u8) -> [u8; 4] {
    [0x2d, 0x00, 0x3f, last]
}

/// What a card says of itself: serial number and counter.
struct Picc {
    uid: [u8; 7],
    counter: u32,
}

impl World {
    fn card_key(&self, uid: &[u8; 7], version: u32, pull: &str) -> [u8; 16] {
        let parts = [&constant(0x75)[..], uid, &version.to_le_bytes(), pull.as_bytes()];
        mac(&self.issuer, &parts.concat())
    }

    fn card_id(&self, uid: &[u8; 7]) -> Vec<u8> {
        mac(&self.issuer, &[&constant(0x7b)[..], uid].concat()).to_vec()
    }

    fn read_picc(&self, p: &str) -> Option<Picc> {
        let mut block = [0; 16];
        hex::decode_to_slice(p, &mut block).ok()?;
        let k1 = mac(&self.issuer, &constant(0x77));
        let mut block = block.into();
        Aes128::new(&k1.into()).decrypt_block(&mut block);
        let block: [u8; 16] = block.into();
        let uid = block[1..8].try_into().ok()?;
        let counter = u32::from_le_bytes([block[8], block[9], block[10], 0]);
        (block[0] == 0xC7).then_some(Picc { uid, counter })
    }

    fn fits(&self, picc: &Picc, version: u32, pull: &str, c: &str) -> bool {
        let k2 = mac(&self.card_key(&picc.uid, version, pull), &constant(0x78));
        let counter = &picc.counter.to_le_bytes()[..3];
        let session = mac(&k2, &[&[0x3C, 0xC3, 0, 1, 0, 0x80], &picc.uid[..], counter].concat());
        let shown: Vec<u8> = mac(&session, &[]).into_iter().skip(1).step_by(2).collect();
        hex::encode(shown).eq_ignore_ascii_case(c)
    }

    /// Registers a chip by its serial number or its link; gives what is written onto it.
    pub(crate) fn register(&mut self, pull: &str, asked: &Value) -> Result<Value, Wrong> {
        let link = asked["LNURLW"].as_str();
        let part = |name: &str| {
            let (_, query) = link?.split_once('?')?;
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let picc = match (link, asked["UID"].as_str()) {
            (Some(_), Some(_)) => {
                return Err(("LNURLW", "You should pass either LNURLW or UID but not both"));
            }
            (Some(_), None) => {
                let p = part("p");
                let p = p.ok_or(("LNURLW", "The LNURLW should contains a 'p=' parameter"))?;
                let picc = self.read_picc(p);
                picc.ok_or(("LNURLW", "The LNURLW 'p=' parameter cannot be decrypted"))?
            }
            (None, uid) => {
                let mut bytes = [0; 7];
                let read = hex::decode_to_slice(uid.unwrap_or_default(), &mut bytes);
                read.map_err(|_| ("UID", "The UID is required and should be 7 bytes"))?;
                Picc { uid: bytes, counter: 0 }
            }
        };
        let id = self.card_id(&picc.uid);
        let known = self.boltcards.iter().position(|card| card.id == id);
        let linked = known.and_then(|at| self.boltcards[at].pull.clone());
        let keeps = match asked["onExisting"].as_str() {
            Some("UpdateVersion") => false,
            Some(_) => true,
            None => linked.is_some(),
        };
        let version = match (known, keeps) {
            (Some(at), true) => match linked.as_deref() {
                Some(own) if own == pull => self.boltcards[at].version,
                Some(_) => return Err(("UID", "This card is linked to another pull payment")),
                None => return Err(("UID", "This card is not registered")),
            },
            (None, true) => return Err(("UID", "This card is not registered")),
            (Some(at), false) => {
                let card = &mut self.boltcards[at];
                card.version += 1;
                card.pull = Some(pull.to_owned());
                card.version
            }
            (None, false) => {
                let pull = Some(pull.to_owned());
                self.boltcards.push(Boltcard { id, pull, version: 0, counter: 0 });
                0
            }
        };
        // A link with its proof asks for the keys that made it.
        let back = (version.saturating_sub(VERSIONS_BACK - 1)..=version).rev();
        let made_it =
            part("c").and_then(|c| back.into_iter().find(|v| self.fits(&picc, *v, pull, c)));
        Ok(self.written(&picc.uid, made_it.unwrap_or(version), pull))
    }

    fn written(&self, uid: &[u8; 7], version: u32, pull: &str) -> Value {
        let key = self.card_key(uid, version, pull);
        let derived = |last: u8| hex::encode_upper(mac(&key, &constant(last)));
        let host = self.url.split_once("://").map_or("", |(_, host)| host);
        json!({
            "LNURLW": format!("lnurlw://{host}/boltcard"),
            "version": version,
            "K0": derived(0x76),
            "K1": hex::encode_upper(mac(&self.issuer, &constant(0x77))),
            "K2": derived(0x78),
            "K3": derived(0x79),
            "K4": derived(0x7a),
        })
    }

    /// The pull payment behind a tap. With `consume` its counter is used up, before the proof is
    /// looked at, as BTCPay does it.
    pub(crate) fn tapped(
        &mut self,
        p: &str,
        c: &str,
        consume: bool,
    ) -> Result<String, &'static str> {
        const REPLAYED: &str = "Replayed or expired query";
        let picc = self.read_picc(p).ok_or("Invalid PICCData")?;
        let id = self.card_id(&picc.uid);
        let mut cards = self.boltcards.iter_mut();
        let card = cards.find(|card| card.id == id && card.counter < picc.counter);
        let card = card.ok_or(REPLAYED)?;
        if consume {
            card.counter = picc.counter;
        }
        let (version, pull) = (card.version, card.pull.clone().ok_or(REPLAYED)?);
        if self.fits(&picc, version, &pull, c) { Ok(pull) } else { Err(REPLAYED) }
    }

    /// The pull payment that a chip may be topped up for; neither counter nor proof is asked.
    pub(crate) fn card_of(&self, p: &str) -> Option<String> {
        let id = self.card_id(&self.read_picc(p)?.uid);
        self.boltcards.iter().find(|card| card.id == id)?.pull.clone()
    }

    /// Forgets what a chip draws on; its version stays.
    pub(crate) fn reset_card(&mut self, uid: &[u8; 7]) {
        let id = self.card_id(uid);
        if let Some(card) = self.boltcards.iter_mut().find(|card| card.id == id) {
            (card.pull, card.counter) = (None, 0);
        }
    }
}
