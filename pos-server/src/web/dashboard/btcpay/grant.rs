//! A key on its way in: from the consent page or a form to the owner's word, sealed meanwhile.

use btcpay_bridge::{Desk, Secret, Trouble};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::app::App;
use crate::db::consent::Consent;
use crate::rail::btcpay::{NoDesk, desk};
use crate::seal::SealError;
use crate::web::error::WebError;

/// A key, not tried yet, and the store that it is for if that is known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::web) struct Grant {
    pub(in crate::web) key: Secret,
    pub(in crate::web) store: Option<String>,
}

fn purpose(token_hash: &str) -> String {
    format!("consent/{token_hash}/granted")
}

impl Grant {
    /// Seals it for one way there and back.
    pub(in crate::web) fn seal(&self, app: &App, token_hash: &str) -> Result<Vec<u8>, WebError> {
        let open = Zeroizing::new(serde_json::to_vec(self)?);
        Ok(app.seal.seal(&purpose(token_hash), &open)?)
    }

    /// What came back on a way.
    pub(super) fn open(app: &App, way: &Consent) -> Result<Self, WebError> {
        let sealed = way.granted.as_deref().ok_or(WebError::NotFound)?;
        let open = app.seal.open(&purpose(&way.token_hash), sealed);
        let open = open.map_err(|_: SealError| WebError::NotFound)?;
        Ok(serde_json::from_slice(&open)?)
    }

    /// The store's desk at the server; the only store of the key if none was named.
    pub(super) async fn desk(&self, app: &App, server: &str) -> Result<Desk, String> {
        let local = app.config.btcpay_local;
        let at = |store: &str| {
            desk(server, store, &self.key, local).map_err(|error: NoDesk| error.to_string())
        };
        if let Some(store) = &self.store {
            return at(store);
        }
        let stores = at("")?.client().stores().await;
        let stores = stores.map_err(|error| match Trouble::from(error) {
            Trouble::Denied(_) => "BTCPay does not accept this key.".to_owned(),
            other => format!("BTCPay does not answer: {other}."),
        })?;
        match &stores[..] {
            [one] => at(&one.id),
            [] => Err("This key is for no store. Make one that is for your store.".into()),
            _ => Err("This key is for several stores. Say which by its id.".into()),
        }
    }
}
