//! What other servers say in LNURL (LUD-03, LUD-17, LUD-24 draft): read, checked and cut short. No
//! I/O, and nothing that a stranger says is believed beyond its form.

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// The longest words of a stranger that are shown.
const WORDS_MOST: usize = 120;

/// Where a card of another issuer leads.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// What to fetch.
    pub address: String,
    /// Whose it is, for people.
    pub host: String,
}

/// What its server offers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawRequest {
    /// Where the invoice goes.
    pub callback: String,
    /// The secret that goes with it.
    pub k1: String,
    /// Millisatoshi, least.
    pub least: u64,
    /// Millisatoshi, most.
    pub most: u64,
    /// Millisatoshi from which a PIN is asked.
    pub pin_limit: Option<u64>,
}

/// What its server says to an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Accepted: no more than that.
    Ok,
    /// Refused, in its own words.
    No(String),
    /// Neither.
    Unclear,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("host", &self.host).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WithdrawRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithdrawRequest")
    }
}

impl Link {
    /// Reads what a card gave its reader: `lnurlw://` stands for https, for http on an onion address
    /// (LUD-17), and for http on this machine where `local` says so. None for any other text.
    #[must_use]
    pub fn read(text: &str, local: bool) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let lnurl = scheme.eq_ignore_ascii_case("lnurlw");
        if !lnurl && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let url = Url::parse(&format!("https://{rest}")).ok()?;
        let host = url.host_str()?.to_owned();
        let here = local && matches!(host.as_str(), "127.0.0.1" | "localhost" | "[::1]");
        let plain = lnurl && (here || host.ends_with(".onion"));
        let scheme = if plain { "http" } else { "https" };
        Some(Self { address: format!("{scheme}://{rest}"), host })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    tag: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    callback: Option<String>,
    k1: Option<String>,
    min_withdrawable: Option<serde_json::Number>,
    max_withdrawable: Option<serde_json::Number>,
    pin_limit: Option<serde_json::Number>,
}

/// Reads the answer to a card's link, or says why it is none.
pub fn read_request(body: &[u8]) -> Result<WithdrawRequest, String> {
    let strange = || "The card’s server answers something that is no card’s.".to_owned();
    let said: Said = serde_json::from_slice(body).map_err(|_| strange())?;
    if said.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("error")) {
        return Err(words(said.reason.as_deref().unwrap_or_default()));
    }
    if said.tag.as_deref() != Some("withdrawRequest") {
        return Err(strange());
    }
    let (Some(callback), Some(k1)) = (said.callback, said.k1) else { return Err(strange()) };
    let number = |given: Option<serde_json::Number>| given.as_ref().and_then(whole);
    let most = number(said.max_withdrawable).ok_or_else(strange)?;
    let least = number(said.min_withdrawable).unwrap_or(1);
    Ok(WithdrawRequest { callback, k1, least, most, pin_limit: number(said.pin_limit) })
}

/// Some servers write whole numbers with a point.
fn whole(number: &serde_json::Number) -> Option<u64> {
    let text = number.to_string();
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

/// Reads the answer to an invoice.
#[must_use]
pub fn read_reply(body: &[u8]) -> Reply {
    let Ok(said) = serde_json::from_slice::<Said>(body) else { return Reply::Unclear };
    match said.status.as_deref() {
        Some(status) if status.eq_ignore_ascii_case("ok") => Reply::Ok,
        Some(status) if status.eq_ignore_ascii_case("error") => {
            Reply::No(words(said.reason.as_deref().unwrap_or_default()))
        }
        _ => Reply::Unclear,
    }
}

impl WithdrawRequest {
    /// The address that an invoice is sent to, with the PIN if one was typed.
    #[must_use]
    pub fn with_invoice(&self, invoice: &str, pin: Option<&str>) -> Option<String> {
        let mut url = Url::parse(&self.callback).ok()?;
        url.query_pairs_mut().append_pair("k1", &self.k1).append_pair("pr", invoice);
        if let Some(pin) = pin {
            url.query_pairs_mut().append_pair("pin", pin);
        }
        Some(url.into())
    }
}

/// A stranger's words as they may be shown: one line, printable, not long.
fn words(said: &str) -> String {
    let clean: String = said
        .chars()
        .map(|sign| if sign.is_whitespace() { ' ' } else { sign })
        .filter(|sign| !sign.is_control() && !is_invisible(*sign))
        .take(WORDS_MOST)
        .collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() { "it gave no reason".into() } else { clean }
}

/// Signs that turn the direction of writing, or are not seen.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cards_link_stands_for_https() {
        let read = |text: &str, local| Link::read(text, local).map(|link| link.address);
        let card = "lnurlw://cards.example.com/x?p=1&c=2";
        assert_eq!(read(card, false).unwrap(), "https://cards.example.com/x?p=1&c=2");
        assert_eq!(read(&card.replace("lnurlw", "LNURLW"), true), read(card, false));
        assert_eq!(read("https://a.example/x", false).unwrap(), "https://a.example/x");
        assert_eq!(read("lnurlw://abc.onion/x", false).unwrap(), "http://abc.onion/x");
        let here = "lnurlw://127.0.0.1:9/x";
        assert_eq!(read(here, true).unwrap(), "http://127.0.0.1:9/x");
        assert_eq!(read(here, false).unwrap(), "https://127.0.0.1:9/x");
        for text in ["", "04a39493cc8680", "http://a.example/x", "lnbcrt1", "lnurlp://a/x"] {
            assert_eq!(read(text, false), None, "{text}");
        }
    }

    #[test]
    fn an_offer_is_read_and_anything_else_is_none() {
        let body = br#"{"tag":"withdrawRequest","callback":"https://a/cb","k1":"k","defaultDescription":"",
            "minWithdrawable":1000,"maxWithdrawable":2000.0,"pinLimit":1500,"extra":[]}"#;
        let said = read_request(body).unwrap();
        assert_eq!((said.least, said.most, said.pin_limit), (1_000, 2_000, Some(1_500)));
        assert_eq!(
            said.with_invoice("lnbc1", Some("1234")).unwrap(),
            "https://a/cb?k1=k&pr=lnbc1&pin=1234"
        );
        let more = WithdrawRequest { callback: "https://a/cb?x=1".into(), ..said };
        assert_eq!(more.with_invoice("lnbc1", None).unwrap(), "https://a/cb?x=1&k1=k&pr=lnbc1");
        let no = read_request(br#"{"status":"ERROR","reason":"Card\u202e is\n frozen"}"#);
        assert_eq!(no, Err("Card is frozen".into()));
        for body in ["", "{}", "[]", r#"{"tag":"payRequest","callback":"x","k1":"y"}"#] {
            assert!(read_request(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn ok_means_ok_and_words_are_cut_short() {
        assert_eq!(read_reply(br#"{"status":"OK"}"#), Reply::Ok);
        assert_eq!(read_reply(b"<html>"), Reply::Unclear);
        assert_eq!(read_reply(b"{}"), Reply::Unclear);
        let long = format!(r#"{{"status":"ERROR","reason":"{}"}}"#, "x".repeat(9_000));
        let Reply::No(words) = read_reply(long.as_bytes()) else { panic!("a refusal") };
        assert_eq!(words.len(), WORDS_MOST);
        assert_eq!(read_reply(br#"{"status":"error"}"#), Reply::No("it gave no reason".into()));
    }
}
