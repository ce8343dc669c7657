//! The consent page: where the merchant is sent, and what comes back. BTCPay has the browser post
//! a form to our one-time address; nothing in it is believed before the key was tried.

use btcpay_client::Secret;
use btcpay_client::api_key::ConsentRequest;

use crate::desk::Desk;
use crate::pay::PAY_RIGHT;
use crate::rights::{CARD_RIGHTS, RIGHTS, Right};

/// By this name BTCPay knows us for ever, and offers the key it gave before.
const IDENTIFIER: &str = "pos-server";

/// There is no key in what came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("BTCPay gave no key: nothing was approved there")]
pub struct Refused;

impl Desk {
    /// The address of the consent page, for one store of the merchant's choice: `application` is
    /// the name above the permissions, `back` the one-time address that the answer is posted to. With
    /// `cards` it asks for what cards need, too.
    #[must_use]
    pub fn consent_address(&self, application: &str, back: &str, cards: bool) -> String {
        let more: &[Right] = if cards { CARD_RIGHTS } else { &[] };
        let pay = cards.then_some(&PAY_RIGHT);
        self.client.consent_url(&ConsentRequest {
            permissions: RIGHTS
                .iter()
                .chain(more)
                .chain(pay)
                .map(|right| right.policy.to_owned())
                .collect(),
            application_name: application.to_owned(),
            application_identifier: Some(IDENTIFIER.to_owned()),
            optional: false,
            selective_stores: true,
            redirect: Some(back.to_owned()),
        })
    }
}

/// What the merchant's browser posted.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The key; not tried yet.
    pub key: Secret,
    /// The store that the permissions name, if they name exactly one.
    pub store: Option<String>,
}

impl Granted {
    /// Reads the posted form: `apiKey`, and `permissions` or `permissions[]` repeated.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Refused> {
        let key = fields.iter().find(|(name, value)| name == "apiKey" && !value.is_empty());
        let key = key.ok_or(Refused)?.1.clone();
        let permissions =
            fields.iter().filter(|(name, _)| name.trim_end_matches("[]") == "permissions");
        let mut stores: Vec<&str> =
            permissions.filter_map(|(_, value)| Some(value.split_once(':')?.1)).collect();
        stores.sort_unstable();
        stores.dedup();
        let store = match stores[..] {
            [one] => Some(one.to_owned()),
            _ => None,
        };
        Ok(Self { key: Secret::new(key), store })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn what_comes_back_is_a_key_and_the_store_it_is_for() {
        let granted = Granted::read(&form(&[
            ("apiKey", "abc"),
            ("permissions[]", "btcpay.store.canviewinvoices:S1"),
            ("permissions[]", "btcpay.store.cancreateinvoice:S1"),
        ]));
        let granted = granted.unwrap();
        assert_eq!((granted.key.expose(), granted.store.as_deref()), ("abc", Some("S1")));
        let two = form(&[("apiKey", "abc"), ("permissions", "a:S1"), ("permissions", "a:S2")]);
        assert_eq!(Granted::read(&two).unwrap().store, None);
        assert!(matches!(Granted::read(&form(&[("apiKey", "")])), Err(Refused)));
    }
}
