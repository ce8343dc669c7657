//! The guard before addresses that somebody else chose: https only, public addresses only, resolved
//! once and connected to as resolved, no redirects, 5 seconds, 64 kB. Whatever is behind a firewall,
//! on this machine or in its cloud stays out of reach.

mod address;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};

pub use address::is_public;

/// From the look-up of the name to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer.
const MOST_BYTES: usize = 64 * 1024;

/// Why an address was not fetched. Never holds the address: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// It may not be fetched at all; nothing was sent.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Nothing answers there; nothing was sent.
    #[error("its server cannot be reached")]
    Unreachable,
    /// It was sent, and the answer did not come whole or in time: what happened is not known.
    #[error("its server did not answer")]
    Silent,
    /// The answer is longer than any should be.
    #[error("its server sends too much")]
    TooLong,
    /// It answered with a status that is no answer.
    #[error("its server answered with status {0}")]
    Status(u16),
}

/// Fetches addresses that somebody else chose.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    local: bool,
}

impl Guard {
    /// `local` lets this machine's own addresses through, by plain HTTP too: for practice and tests.
    #[must_use]
    pub fn new(local: bool) -> Self {
        Self { local }
    }

    /// Gets what is at an address.
    pub async fn get(&self, address: &str) -> Result<Vec<u8>, GuardError> {
        let until = tokio::time::Instant::now() + PATIENCE;
        let url = self.allowed(address)?;
        let found = tokio::time::timeout_at(until, self.resolve(&url)).await;
        let (host, addresses) = found.unwrap_or(Err(GuardError::Unreachable))?;
        let client = Client::builder()
            .user_agent(concat!("pos-server/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .resolve_to_addrs(&host, &addresses)
            .build()
            .map_err(|_| GuardError::Unreachable)?;
        let reading = async { read(client.get(url)).await };
        tokio::time::timeout_at(until, reading).await.unwrap_or(Err(GuardError::Silent))
    }

    /// An address whose scheme and host may be asked; where it leads is looked at after it is resolved.
    fn allowed(&self, address: &str) -> Result<Url, GuardError> {
        let url = Url::parse(address).map_err(|_| GuardError::Forbidden("this is no address"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(GuardError::Forbidden("this address holds a password"));
        }
        let host = url.host_str().ok_or(GuardError::Forbidden("this is no address"))?;
        if host.ends_with(".onion") {
            return Err(GuardError::Forbidden("onion addresses are not reached from here"));
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.local && is_local(host) => Ok(url),
            _ => Err(GuardError::Forbidden("only https is asked")),
        }
    }

    /// Where a name leads: all of it must be let through, or a name that leads to many places would
    /// choose one.
    async fn resolve(&self, url: &Url) -> Result<(String, Vec<SocketAddr>), GuardError> {
        let host = url.host_str().ok_or(GuardError::Unreachable)?.to_owned();
        let port = url.port_or_known_default().ok_or(GuardError::Unreachable)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let addresses: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => tokio::net::lookup_host((bare, port))
                .await
                .map_err(|_| GuardError::Unreachable)?
                .collect(),
        };
        if addresses.is_empty() {
            return Err(GuardError::Unreachable);
        }
        let through = |one: &SocketAddr| {
            is_public(one.ip()) || self.local && one.ip().to_canonical().is_loopback()
        };
        if !addresses.iter().all(through) {
            return Err(GuardError::Forbidden("this address is not a public one"));
        }
        Ok((host, addresses))
    }
}

fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn read(request: reqwest::RequestBuilder) -> Result<Vec<u8>, GuardError> {
    let answer = request.header("accept", "application/json").send().await;
    let mut answer = answer.map_err(|error| {
        if error.is_connect() { GuardError::Unreachable } else { GuardError::Silent }
    })?;
    let status = answer.status();
    if status.is_redirection() {
        return Err(GuardError::Status(status.as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| GuardError::Silent)? {
        if body.len().saturating_add(chunk.len()) > MOST_BYTES {
            return Err(GuardError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    // Some say what is wrong under another status than 200, and it is worth reading.
    if status.is_success() || body.first() == Some(&b'{') {
        Ok(body)
    } else {
        Err(GuardError::Status(status.as_u16()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> bool {
        matches!(Guard::new(false).allowed(address), Err(GuardError::Forbidden(_)))
    }

    #[test]
    fn only_https_without_a_password_is_asked() {
        assert!(Guard::new(false).allowed("https://cards.example.com/x?p=1").is_ok());
        for address in [
            "http://cards.example.com/",
            "ftp://cards.example.com/",
            "file:///etc/passwd",
            "https://user:secret@cards.example.com/",
            "http://127.0.0.1/",
            "http://example.onion/",
            "https://example.onion/",
            "cards.example.com",
            "",
        ] {
            assert!(refused(address), "{address}");
        }
        assert!(Guard::new(true).allowed("http://127.0.0.1:9/").is_ok());
        assert!(Guard::new(true).allowed("http://10.0.0.1/").is_err(), "local is this machine");
    }

    #[tokio::test]
    async fn addresses_that_are_not_public_are_refused_however_they_are_written() {
        for host in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fec0::1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[ff02::1]",
            "[::127.0.0.1]",
            "localhost",
        ] {
            let said = Guard::new(false).get(&format!("https://{host}/")).await;
            assert!(matches!(said, Err(GuardError::Forbidden(_))), "{host}: {said:?}");
        }
    }
}
