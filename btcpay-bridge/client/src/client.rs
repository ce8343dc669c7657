//! The client: one server, one key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::{BuildError, ClientBuilder, RetryPolicy, Secret};

/// A BTCPay Server and the key we have for it. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Arc<Url>,
    pub(crate) limits: Limits,
    pub(crate) authorization: Option<HeaderValue>,
}

/// What one operation may cost.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(crate) timeout: Duration,
    pub(crate) answer_bytes: usize,
    pub(crate) retry: RetryPolicy,
}

impl Client {
    /// Sets up a client of the server at `address`, which may have a path:
    /// `https://host/btcpay/`.
    #[must_use]
    pub fn builder(address: &str) -> ClientBuilder {
        ClientBuilder::new(address)
    }

    pub(crate) fn new(http: reqwest::Client, base: Url, limits: Limits) -> Self {
        Self { http, base: Arc::new(base), limits, authorization: None }
    }

    /// The same server by another key.
    pub fn with_api_key(&self, key: &Secret) -> Result<Self, BuildError> {
        let text = Zeroizing::new(format!("token {}", key.expose()));
        self.authorized(&text, "API key")
    }

    fn authorized(&self, header: &str, what: &'static str) -> Result<Self, BuildError> {
        let mut value = HeaderValue::from_str(header).map_err(|_| BuildError::Header(what))?;
        value.set_sensitive(true);
        Ok(Self { authorization: Some(value), ..self.clone() })
    }

    /// The same server by an account's e-mail address and password, with which the first API key is
    /// made. The server takes few such requests a minute, and none of accounts with a second factor.
    pub fn with_password(&self, email: &str, password: &Secret) -> Result<Self, BuildError> {
        let pair = Zeroizing::new(format!("{email}:{}", password.expose()));
        let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(&*pair)));
        self.authorized(&text, "password")
    }

    /// The same server without a key, for anonymous operations.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self { authorization: None, ..self.clone() }
    }

    /// The same server with another limit for one request until its answer is whole, for calls
    /// that somebody waits for.
    #[must_use]
    pub fn with_timeout(&self, limit: Duration) -> Self {
        let limits = Limits { timeout: limit, ..self.limits.clone() };
        Self { limits, ..self.clone() }
    }

    /// The same server with reads repeated in another way.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        let limits = Limits { retry: policy, ..self.limits.clone() };
        Self { limits, ..self.clone() }
    }

    /// The server's address; it ends in a slash.
    #[must_use]
    pub fn address(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) fn get<const N: usize>(&self, path: [&str; N]) -> Call {
        Call::new(self, Method::GET, &path)
    }

    /// A page of the server that is no part of Greenfield.
    pub(crate) fn page(&self, name: &str) -> Call {
        Call::of_page(self, name)
    }

    pub(crate) fn post<const N: usize>(&self, path: [&str; N]) -> Call {
        Call::new(self, Method::POST, &path)
    }

    pub(crate) fn put<const N: usize>(&self, path: [&str; N]) -> Call {
        Call::new(self, Method::PUT, &path)
    }

    pub(crate) fn delete<const N: usize>(&self, path: [&str; N]) -> Call {
        Call::new(self, Method::DELETE, &path)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.address()).finish_non_exhaustive()
    }
}
