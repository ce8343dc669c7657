//! How a client is set up.

use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;

use crate::address::AddressError;
use crate::client::{Client, Limits};
use crate::{RetryPolicy, Secret, address};

/// Why a client cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The address is not taken.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The proxy's address cannot be read.
    #[error("this is not the address of a proxy; one looks like socks5h://127.0.0.1:9050")]
    Proxy,
    /// The key, or the user agent, holds what no header can carry.
    #[error("the {0} holds characters that cannot be sent")]
    Header(&'static str),
    /// The application has installed no TLS provider.
    #[error(
        "no TLS provider is installed; call rustls::crypto::ring::default_provider().install_default()"
    )]
    NoTlsProvider,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Sets up a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    address: String,
    api_key: Option<Secret>,
    allow_local_http: bool,
    proxy: Option<Secret>,
    connect_timeout: Duration,
    user_agent: String,
    limits: Limits,
}

impl ClientBuilder {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            api_key: None,
            allow_local_http: false,
            proxy: None,
            connect_timeout: Duration::from_secs(5),
            user_agent: concat!("btcpay-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            limits: Limits {
                timeout: Duration::from_secs(20),
                answer_bytes: 4 * 1024 * 1024,
                retry: RetryPolicy::default(),
            },
        }
    }

    /// The API key that is sent with every request. Without one only anonymous operations work.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Lets `http` through where nothing leaves this machine, the private network or Tor: loopback,
    /// private and link-local addresses, `.local` and `.onion`. Elsewhere `https` stays required.
    /// Off at first.
    #[must_use]
    pub fn allow_local_http(mut self, allow: bool) -> Self {
        self.allow_local_http = allow;
        self
    }

    /// Sends everything through this proxy, such as `socks5h://127.0.0.1:9050` for onion addresses.
    /// Proxies named by environment variables are never used.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(Secret::new(url));
        self
    }

    /// How long a connection may take to come about. 5 seconds at first; Tor needs more.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long one request may take until its answer is whole. 20 seconds at first. A read that
    /// is repeated may take that long each time.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.timeout = limit;
        self
    }

    /// How many bytes one answer may have. 4 MiB at first. Lists that the server does not divide
    /// into pages (pull payments, payouts) may need more in a large store.
    #[must_use]
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.limits.answer_bytes = bytes;
        self
    }

    /// How reads are repeated. Writes never are.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// The name by which the server sees this client.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Makes the client. Nothing is sent yet; ask [`Client::health`] whether the server is there.
    pub fn build(self) -> Result<Client, BuildError> {
        let base = address::base(&self.address, self.allow_local_http)?;
        if CryptoProvider::get_default().is_none() {
            return Err(BuildError::NoTlsProvider);
        }
        let agent = HeaderValue::from_str(&self.user_agent);
        let mut http = reqwest::Client::builder()
            .user_agent(agent.map_err(|_| BuildError::Header("user agent"))?)
            .connect_timeout(self.connect_timeout)
            .redirect(Policy::none())
            .no_proxy();
        if base.scheme() == "http" {
            // No certificate is ever shown there, and redirects are not followed: none is trusted,
            // and the machine's need not be read.
            http = http.tls_certs_only([]);
        }
        if let Some(proxy) = &self.proxy {
            let proxy = reqwest::Proxy::all(proxy.expose()).map_err(|_| BuildError::Proxy)?;
            http = http.proxy(proxy);
        }
        let http = http.build().map_err(|error| BuildError::Tls(error.to_string()))?;
        let client = Client::new(http, base, self.limits);
        match self.api_key {
            Some(key) => client.with_api_key(&key),
            None => Ok(client),
        }
    }
}
