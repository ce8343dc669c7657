//! The consent page: where the merchant is sent, and what comes back. BTCPay has the browser post
//! a form to our one-time address; nothing in it is believed before the key was tried.

use btcpay_client::Secret;
use url::Url;

use crate::rights::RIGHTS;

/// What the consent page shows and where it leads back to.
#[derive(Debug, Clone)]
pub struct Consent<'a> {
    /// Who asks: the name above the permissions.
    pub application: &'a str,
    /// The same for ever, so that BTCPay offers the key it gave before.
    pub identifier: &'a str,
    /// The one-time address that the answer is posted to.
    pub back: &'a str,
}

/// Why there is no way to the consent page, or no key in what came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// The address of the server cannot be read.
    #[error("that is not the address of a BTCPay Server")]
    Address,
    /// Nothing was granted.
    #[error("BTCPay gave no key: nothing was approved there")]
    Refused,
}

/// The address of BTCPay's consent page, for one store of the merchant's choice.
pub fn consent_address(server: &str, consent: &Consent<'_>) -> Result<Url, ConsentError> {
    let mut url = Url::parse(server).map_err(|_| ConsentError::Address)?;
    url.path_segments_mut()
        .map_err(|()| ConsentError::Address)?
        .pop_if_empty()
        .extend(["api-keys", "authorize"]);
    let mut query = url.query_pairs_mut();
    query.clear();
    for right in RIGHTS {
        query.append_pair("permissions", right.policy);
    }
    query
        .append_pair("applicationName", consent.application)
        .append_pair("applicationIdentifier", consent.identifier)
        .append_pair("strict", "true")
        .append_pair("selectiveStores", "true")
        .append_pair("redirect", consent.back);
    drop(query);
    Ok(url)
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
    pub fn read(fields: &[(String, String)]) -> Result<Self, ConsentError> {
        let key = fields.iter().find(|(name, value)| name == "apiKey" && !value.is_empty());
        let key = key.ok_or(ConsentError::Refused)?.1.clone();
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

    #[test]
    fn the_way_there_keeps_a_path_and_names_each_permission() {
        let consent = Consent { application: "Blue Mahoe", identifier: "pos", back: "https://a/b" };
        let url = consent_address("https://host/btcpay/", &consent).unwrap();
        assert_eq!(url.path(), "/btcpay/api-keys/authorize");
        let asked = url.query_pairs().filter(|(name, _)| name == "permissions").count();
        assert_eq!(asked, RIGHTS.len());
        assert!(url.query_pairs().any(|pair| pair == ("redirect".into(), "https://a/b".into())));
        assert_eq!(consent_address("host", &consent), Err(ConsentError::Address));
    }

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
        assert!(matches!(Granted::read(&form(&[("apiKey", "")])), Err(ConsentError::Refused)));
    }
}
