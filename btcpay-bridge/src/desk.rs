//! A store at a BTCPay Server, and what can go wrong with it in a cashier's words.

use btcpay_client::{Client, Error};

/// One store at one server, by one key. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    pub(crate) client: Client,
    pub(crate) store: String,
}

/// Why BTCPay did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It could not be asked, or did not answer: what happened is not known.
    #[error("{0}")]
    Away(String),
    /// The key is refused, or may not do this.
    #[error("{0}")]
    Denied(String),
    /// There is no such thing there.
    #[error("BTCPay does not know it")]
    NotFound,
    /// It answered no; nothing happened.
    #[error("{0}")]
    Refused(String),
}

impl Desk {
    /// The store `store` at the client's server.
    #[must_use]
    pub fn new(client: Client, store: impl Into<String>) -> Self {
        Self { client, store: store.into() }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The store's id.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match &error {
            Error::Unauthorized => Self::Denied(
                "BTCPay no longer accepts this shop’s key. The owner has to pair it again.".into(),
            ),
            Error::Forbidden { .. } => Self::Denied(format!(
                "BTCPay does not let this shop do that ({error}). The owner has to pair it again."
            )),
            Error::NotFound { .. } => Self::NotFound,
            Error::RateLimited { .. } => {
                Self::Refused("BTCPay asks us to wait a moment. Try again.".into())
            }
            Error::Refused { .. } | Error::Invalid(_) | Error::InvalidRequest(_) => {
                Self::Refused(format!("BTCPay says: {error}"))
            }
            _ => Self::Away(error.to_string()),
        }
    }
}
