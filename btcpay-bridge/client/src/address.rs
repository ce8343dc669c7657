//! Where a BTCPay Server is, and which addresses an API key may be sent to.

use reqwest::Url;

/// Why an address is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is not an address at all.
    #[error("this is not an address; one looks like https://btcpay.example")]
    NotAnAddress,
    /// It is neither `http` nor `https`.
    #[error("{0}: is not how BTCPay Server is spoken to; use https:")]
    Scheme(String),
    /// It holds a user name, a query or a fragment.
    #[error("the address must not hold a user name, a query or a fragment")]
    TooMuch,
    /// It is `http`, which would show the key to everybody on the way.
    #[error("http would show the API key on its way to {0}; use https")]
    NotEncrypted(String),
}

/// Reads a base address, with a path or without; it always ends in a slash.
pub(crate) fn base(text: &str, allow_local_http: bool) -> Result<Url, AddressError> {
    let mut url = Url::parse(text.trim()).map_err(|_| AddressError::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Scheme(url.scheme().to_owned()));
    }
    let named = !url.username().is_empty() || url.password().is_some();
    if named || url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::TooMuch);
    }
    if url.scheme() == "http" && !(allow_local_http && is_local(&url)) {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(AddressError::NotEncrypted(host));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether what is sent there stays on this machine, in this network, or inside Tor.
fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    if let Ok(v4) = host.parse::<std::net::Ipv4Addr>() {
        return v4.is_loopback() || v4.is_private() || v4.is_link_local();
    }
    let inside = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(v6) = inside.parse::<std::net::Ipv6Addr>() {
        return v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local();
    }
    host == "localhost"
        || [".localhost", ".local", ".onion"].iter().any(|ending| host.ends_with(ending))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn http_is_only_for_local_hosts_and_only_when_allowed() {
        let local = [
            "http://127.0.0.1:49392",
            "http://localhost",
            "http://[::1]:1",
            "http://192.168.1.5/btcpay",
            "http://10.0.0.1",
            "http://btcpay.local",
            "http://abc.onion",
            "http://[fd00::1]",
        ];
        for address in local {
            assert!(base(address, true).is_ok(), "{address}");
            assert!(matches!(base(address, false), Err(AddressError::NotEncrypted(_))));
        }
        for address in ["http://example.com", "http://8.8.8.8", "http://local", "http://x.onion.io"]
        {
            assert!(base(address, true).is_err(), "{address}");
        }
        assert!(base("https://example.com", false).is_ok());
    }

    #[test]
    fn a_path_is_kept_and_ends_in_a_slash() {
        assert_eq!(base("https://host/btcpay", false).unwrap().as_str(), "https://host/btcpay/");
        assert_eq!(base(" https://host ", false).unwrap().as_str(), "https://host/");
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        let address = |text| base(text, true).unwrap_err();
        assert_eq!(address("btcpay.example"), AddressError::NotAnAddress);
        assert_eq!(address("ftp://host"), AddressError::Scheme("ftp".into()));
        for text in ["https://me:pw@host", "https://host?x=1", "https://host#x"] {
            assert_eq!(address(text), AddressError::TooMuch);
        }
    }
}
