//! What opens an LND: kept sealed by the caller, never shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// All that is needed to reach an LND. Serialize it only to seal it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LndSecrets {
    /// `host:port` of its gRPC.
    pub address: String,
    /// The one certificate it may show, DER; without it, one that the public authorities vouch for.
    #[serde(default, with = "hex_option", skip_serializing_if = "Option::is_none")]
    pub cert_der: Option<Vec<u8>>,
    /// Our rights.
    pub macaroon: Macaroon,
}

/// A macaroon in hex, as LND wants it with every call. Wiped from memory when dropped; shows nothing
/// of itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Macaroon(#[serde(with = "zeroizing")] Zeroizing<String>);

impl Macaroon {
    /// A macaroon of its bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(hex::encode(bytes)))
    }

    /// The hex: for the header of a call, nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Macaroon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Macaroon(…)")
    }
}

mod zeroizing {
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(
        secret: &Zeroizing<String>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Zeroizing<String>, D::Error> {
        String::deserialize(from).map(Zeroizing::new)
    }
}

mod hex_option {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => to.serialize_some(&hex::encode(bytes)),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| hex::decode(text).map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn secrets_survive_sealing_and_show_no_macaroon() {
        let secrets = LndSecrets {
            address: "10.0.0.7:10009".into(),
            cert_der: Some(vec![0x30, 0x82]),
            macaroon: Macaroon::new(&[2, 1, 3, 0xfe]),
        };
        let text = serde_json::to_string(&secrets).unwrap();
        assert_eq!(serde_json::from_str::<LndSecrets>(&text).unwrap(), secrets);
        let without = r#"{"address":"lnd.example:10009","macaroon":"020103fe"}"#;
        assert_eq!(serde_json::from_str::<LndSecrets>(without).unwrap().cert_der, None);
        assert!(!format!("{secrets:?}").contains("0103fe"));
    }
}
