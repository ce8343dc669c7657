//! A webhook's delivery on its way in: who sent it, and which invoice to look at. What it says
//! about that invoice is a hint, and no more.

use btcpay_client::webhook::{Event, verify};

use btcpay_client::webhook::SignatureError;

use crate::Secret;

/// A delivery whose signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same for every repetition of it.
    pub original_id: String,
    /// What happened, by BTCPay's name; perhaps one we do not know.
    pub kind: String,
    /// The invoice it is about, if it is about one.
    pub invoice: Option<String>,
    /// The store it comes from.
    pub store: Option<String>,
}

/// Why a delivery is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// Whoever sent it does not know the secret.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It is signed, and no delivery.
    #[error("the delivery cannot be read")]
    Unreadable,
}

/// Checks a delivery against the secrets that are good (after a rotation the old one is for a
/// while), over the raw body, and reads what is needed of it.
pub fn receive(
    secrets: &[Secret],
    body: &[u8],
    signature: Option<&str>,
) -> Result<Delivery, HookError> {
    let mut checked = Err(SignatureError::Wrong);
    for secret in secrets.iter().filter(|secret| !secret.expose().is_empty()) {
        checked = verify(secret, body, signature);
        if checked.is_ok() {
            break;
        }
    }
    checked?;
    let event = Event::parse(body).map_err(|_| HookError::Unreadable)?;
    Ok(Delivery {
        invoice: event.invoice_id().map(str::to_owned),
        original_id: event.original_delivery_id,
        kind: event.event_type,
        store: event.store_id,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcpay_client::webhook::sign;

    const BODY: &[u8] = br#"{ "deliveryId": "d2", "webhookId": "w", "originalDeliveryId": "d1",
        "isRedelivery": true, "type": "InvoiceTurnedBlue", "timestamp": 1795000000,
        "storeId": "s", "invoiceId": "i", "shade": 3 }"#;

    #[test]
    fn the_new_and_the_old_secret_are_good_and_an_empty_one_never() {
        let (new, old) = (Secret::new("new"), Secret::new("old"));
        let both = [new.clone(), old.clone()];
        for secret in &both {
            let delivery = receive(&both, BODY, Some(&sign(secret, BODY))).unwrap();
            assert_eq!(
                (delivery.original_id.as_str(), delivery.kind.as_str()),
                ("d1", "InvoiceTurnedBlue")
            );
            assert_eq!(
                (delivery.invoice.as_deref(), delivery.store.as_deref()),
                (Some("i"), Some("s"))
            );
        }
        let empty = Secret::new("");
        let forged = sign(&empty, BODY);
        assert!(receive(&[empty], BODY, Some(&forged)).is_err());
        assert!(receive(&[new], BODY, Some(&sign(&old, BODY))).is_err());
        assert_eq!(receive(&both, BODY, None), Err(HookError::Signature(SignatureError::Missing)));
    }

    #[test]
    fn signed_nonsense_is_nonsense() {
        let secret = Secret::new("s");
        let signature = sign(&secret, b"{");
        assert_eq!(receive(&[secret], b"{", Some(&signature)), Err(HookError::Unreadable));
    }
}
