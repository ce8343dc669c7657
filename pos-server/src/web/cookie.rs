//! Cookies: opaque tokens that scripts cannot read and other sites cannot send along.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::COOKIE;

use crate::config::Config;

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// A signed-in owner.
    Owner,
    /// A paired tablet.
    Till,
    /// A browser that is not in yet, so that its forms can be told from others'.
    Visit,
    /// A holder at a card's own page.
    Card,
}

impl Cookie {
    // With https the name itself keeps other hosts and plain http from setting it.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Owner, true) => "__Host-pos-owner",
            (Self::Owner, false) => "pos-owner",
            (Self::Till, true) => "__Host-pos-till",
            (Self::Till, false) => "pos-till",
            (Self::Visit, true) => "__Host-pos-visit",
            (Self::Visit, false) => "pos-visit",
            (Self::Card, true) => "__Host-pos-card",
            (Self::Card, false) => "pos-card",
        }
    }

    /// The token that the browser sent, if it can be one of ours.
    #[must_use]
    pub fn read(self, config: &Config, headers: &HeaderMap) -> Option<String> {
        let name = self.name(secure(config));
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        });
        let token = pairs.next()?;
        let ours = token.len() == 64 && token.bytes().all(|sign| sign.is_ascii_hexdigit());
        ours.then(|| token.to_owned())
    }

    /// The header that gives the browser a token to keep.
    #[must_use]
    pub fn set(self, config: &Config, token: &str, keep: Duration) -> HeaderValue {
        let secure = secure(config);
        let line = format!(
            "{}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
            self.name(secure),
            keep.as_secs(),
            if secure { "; Secure" } else { "" }
        );
        // Names and hex tokens are always a header's text; if not, the browser just keeps nothing.
        HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The header that takes the token away.
    #[must_use]
    pub fn clear(self, config: &Config) -> HeaderValue {
        self.set(config, "", Duration::ZERO)
    }
}

/// True when browsers reach us by https.
#[must_use]
pub fn secure(config: &Config) -> bool {
    config.public_url.starts_with("https://")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn config(url: &str) -> Config {
        Settings { public_url: Some(url.into()), ..Settings::default() }.check().unwrap()
    }

    #[test]
    fn a_cookie_is_secure_behind_https_and_read_back_by_its_own_name_only() {
        let token = crate::access::token::random();
        let secure = config("https://pos.example.com");
        let header = Cookie::Owner.set(&secure, &token, Duration::from_secs(60));
        let line = header.to_str().unwrap();
        assert!(line.starts_with("__Host-pos-owner="), "{line}");
        assert!(line.contains("; HttpOnly; SameSite=Lax; Secure"), "{line}");
        let plain = config("http://127.0.0.1:8080");
        let mut headers = HeaderMap::new();
        let sent = format!("a=b; pos-till={token}; pos-owner=junk");
        headers.insert(COOKIE, HeaderValue::from_str(&sent).unwrap());
        assert_eq!(Cookie::Till.read(&plain, &headers), Some(token));
        assert_eq!(Cookie::Owner.read(&plain, &headers), None);
        assert_eq!(Cookie::Till.read(&secure, &headers), None);
    }
}
