//! Reads an LND's secrets from what people have: an `lndconnect://` link (LND's
//! `lnd_connect_uri.md`: address, certificate DER and macaroon in unpadded base64url), or its files.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose::NO_PAD};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tonic_lnd::tonic::codegen::http::Uri;
use zeroize::Zeroizing;

use super::secrets::{LndSecrets, Macaroon};

/// LND's own gRPC port.
const PORT: u16 = 10009;

/// Why a link or a file is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Something else was pasted.
    #[error("this is not an lndconnect:// link")]
    NotALink,
    /// No host, or too much besides.
    #[error("“{0}” is not an address like 192.168.1.20:10009")]
    Address(String),
    /// Neither PEM nor DER.
    #[error("the certificate cannot be read; LND keeps it in tls.cert")]
    Certificate,
    /// No macaroon in the link.
    #[error("the link has no macaroon, so it gives no rights")]
    NoMacaroon,
    /// Neither a macaroon's bytes nor their hex.
    #[error("the macaroon cannot be read; LND keeps them in files that end in .macaroon")]
    Macaroon,
}

impl LndSecrets {
    /// Reads an `lndconnect://host:port?cert=…&macaroon=…` link. Without a certificate the public
    /// authorities must vouch for the node's own.
    pub fn from_link(link: &str) -> Result<Self, LinkError> {
        let link = link.trim();
        let scheme = link.get(..13).filter(|head| head.eq_ignore_ascii_case("lndconnect://"));
        let rest = &link[scheme.ok_or(LinkError::NotALink)?.len()..];
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let value = |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
        };
        let cert = value("cert").map(|text| decode(text).ok_or(LinkError::Certificate));
        let macaroon = value("macaroon").ok_or(LinkError::NoMacaroon)?;
        let macaroon = Zeroizing::new(decode(macaroon).ok_or(LinkError::Macaroon)?);
        Ok(Self {
            address: address_of(address)?,
            cert_der: cert.transpose()?.as_deref().map(certificate).transpose()?,
            macaroon: macaroon_of(&macaroon)?,
        })
    }

    /// Reads an address, the certificate's file (PEM or DER) and a macaroon's (its bytes or hex).
    pub fn from_files(
        address: &str,
        cert: Option<&[u8]>,
        macaroon: &[u8],
    ) -> Result<Self, LinkError> {
        Ok(Self {
            address: address_of(address)?,
            cert_der: cert.map(certificate).transpose()?,
            macaroon: macaroon_of(macaroon)?,
        })
    }
}

/// The address as an origin for calls.
pub(super) fn uri(address: &str) -> Result<Uri, LinkError> {
    format!("https://{address}").parse().map_err(|_| LinkError::Address(address.to_owned()))
}

/// `host:port`, the port filled in; lets `https://` and a closing slash through.
fn address_of(text: &str) -> Result<String, LinkError> {
    let wrong = || LinkError::Address(text.chars().take(60).collect());
    let bare = text.trim();
    let bare = bare.strip_prefix("https://").unwrap_or(bare).trim_end_matches('/');
    let uri = uri(bare).map_err(|_| wrong())?;
    let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
    let port = uri.port_u16().unwrap_or(PORT);
    let plain = [host.to_owned(), format!("{host}:{port}")];
    if plain.iter().any(|address| address == bare) {
        Ok(format!("{host}:{port}"))
    } else {
        Err(wrong())
    }
}

/// The first certificate of a PEM file, or a DER as it is.
fn certificate(bytes: &[u8]) -> Result<Vec<u8>, LinkError> {
    let der = match CertificateDer::from_pem_slice(bytes) {
        Ok(der) => der.to_vec(),
        Err(_) => bytes.to_vec(),
    };
    // Rules out everything that is not a DER sequence of at least 128 bytes, as certificates are.
    if matches!(der[..], [0x30, 0x81..=0x83, ..]) { Ok(der) } else { Err(LinkError::Certificate) }
}

fn macaroon_of(bytes: &[u8]) -> Result<Macaroon, LinkError> {
    let from_hex = hex::decode(bytes.trim_ascii()).map(Zeroizing::new);
    let bytes = from_hex.as_ref().map_or(bytes, |decoded| &decoded[..]);
    // Version 2 of libmacaroons' binary format, the only one LND makes.
    if matches!(bytes, [2, _, ..]) { Ok(Macaroon::new(bytes)) } else { Err(LinkError::Macaroon) }
}

/// Base64url; forgives padding and the other alphabet.
fn decode(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig = NO_PAD
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let text = Zeroizing::new(text.replace("%3D", "=").replace('+', "-").replace('/', "_"));
    GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT).decode(text.as_bytes()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MACAROON: &str = "AgEDbG5kAvgBCg";

    fn cert() -> Vec<u8> {
        [&[0x30, 0x82, 0x01, 0x00][..], &[0xfb; 256]].concat()
    }

    fn encoded() -> String {
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(cert())
    }

    #[test]
    fn a_link_is_read_with_and_without_certificate() {
        let link = format!("lndconnect://10.1.2.3:10010?cert={}&macaroon={MACAROON}", encoded());
        let secrets = LndSecrets::from_link(&link).unwrap();
        assert_eq!(secrets.address, "10.1.2.3:10010");
        assert_eq!(secrets.cert_der, Some(cert()));
        assert_eq!(secrets.macaroon.reveal(), "0201036c6e6402f8010a");
        let link = format!(" LNDCONNECT://shop.m.voltageapp.io/?macaroon={MACAROON}== ");
        let secrets = LndSecrets::from_link(&link).unwrap();
        assert_eq!((&secrets.address[..], secrets.cert_der), ("shop.m.voltageapp.io:10009", None));
    }

    #[test]
    fn a_wrong_link_says_what_is_wrong() {
        let wrong = |link: &str| LndSecrets::from_link(link).unwrap_err();
        assert_eq!(wrong("https://10.1.2.3:10009"), LinkError::NotALink);
        assert_eq!(wrong("lndconnect:/é"), LinkError::NotALink);
        assert_eq!(wrong("lndconnect://10.1.2.3:10009"), LinkError::NoMacaroon);
        assert_eq!(wrong("lndconnect://h?macaroon=@"), LinkError::Macaroon);
        assert_eq!(wrong("lndconnect://h?macaroon=AAAA"), LinkError::Macaroon);
        let cert = format!("lndconnect://h?cert=AAAA&macaroon={MACAROON}");
        assert_eq!(wrong(&cert), LinkError::Certificate);
        for address in ["", "u@h", "h:99999", "h/x", "a b"] {
            let link = format!("lndconnect://{address}?macaroon={MACAROON}");
            assert!(matches!(wrong(&link), LinkError::Address(_)), "{address}");
        }
    }

    #[test]
    fn files_are_read_in_each_form() {
        let pem = base64::engine::general_purpose::STANDARD.encode(cert());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
        for cert_file in [pem.as_bytes(), &cert()] {
            for macaroon in [&b"0201036c6e6402f8010a\n"[..], b"\x02\x01\x03lnd\x02\xf8\x01\x0a"] {
                let read = LndSecrets::from_files("[::1]:10009", Some(cert_file), macaroon);
                let read = read.unwrap();
                assert_eq!((&read.address[..], read.cert_der), ("[::1]:10009", Some(cert())));
                assert_eq!(read.macaroon.reveal(), "0201036c6e6402f8010a");
            }
        }
        let wrong = LndSecrets::from_files("h", Some(b"hello"), b"\x02\x01");
        assert_eq!(wrong, Err(LinkError::Certificate));
    }
}
