//! The page on which a person lets an application have a key.

use crate::Client;

/// What a person is asked to let an application do.
///
/// BTCPay Server sends the person back by making the browser **post a form** to
/// [`ConsentRequest::redirect`], with `apiKey`, `userId` and one `permissions[]` each; the document
/// speaks of a query instead. Anybody can post such a form: put a token of yours into the address,
/// and ask [`Client::current_api_key`] what the key may do before it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsentRequest {
    /// What is asked for: policies such as `btcpay.store.cancreateinvoice`.
    pub permissions: Vec<String>,
    /// What the application is called.
    pub application_name: String,
    /// What the application is known by: with it, and the same host of `redirect`, the server
    /// offers the key again that it gave before.
    pub application_identifier: Option<String>,
    /// Whether the person can leave permissions out; if not, all are given or none.
    pub optional: bool,
    /// Whether the person picks the stores.
    pub selective_stores: bool,
    /// Where the person is sent back to. With `https`, or over Tor.
    pub redirect: Option<String>,
}

impl Client {
    /// The address of the page that asks a person for a key. Nothing is sent.
    /// `GET /api-keys/authorize`
    #[must_use]
    pub fn consent_url(&self, request: &ConsentRequest) -> String {
        let mut url = (*self.base).clone();
        url.set_path(&format!("{}api-keys/authorize", self.base.path()));
        {
            let mut query = url.query_pairs_mut();
            for permission in &request.permissions {
                query.append_pair("permissions", permission);
            }
            query.append_pair("applicationName", &request.application_name);
            query.append_pair("strict", if request.optional { "false" } else { "true" });
            query.append_pair("selectiveStores", &request.selective_stores.to_string());
            if let Some(identifier) = &request.application_identifier {
                query.append_pair("applicationIdentifier", identifier);
            }
            if let Some(redirect) = &request.redirect {
                query.append_pair("redirect", redirect);
            }
        }
        url.into()
    }
}
