//! Where the rate sources live and how they are asked: settings of the installation.

use serde::{Deserialize, Serialize};

/// Addresses and limits; each has a default that suits production. An empty address switches its
/// source off. Addresses have no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateSettings {
    /// Kraken.
    pub kraken_url: String,
    /// Coinbase Exchange.
    pub coinbase_url: String,
    /// Bitstamp.
    pub bitstamp_url: String,
    /// Bitfinex.
    pub bitfinex_url: String,
    /// ExchangeRate-API's open door.
    pub er_api_url: String,
    /// Bank of Jamaica.
    pub bank_of_jamaica_url: String,
    /// Central Bank of Trinidad and Tobago.
    pub bank_of_trinidad_url: String,
    /// Coinbase's exchange rates, for the cross.
    pub coinbase_cross_url: String,
    /// The currency-api files.
    pub currency_api_url: String,
    /// An exchange is asked again after at least this many milliseconds.
    pub poll_min_ms: u64,
    /// An exchange is asked again after at most this many milliseconds, unless it fails.
    pub poll_max_ms: u64,
    /// Milliseconds within which an exchange must have answered.
    pub exchange_limit_ms: u64,
    /// Milliseconds within which each answer of a source of dollar rates must have come.
    pub dollar_limit_ms: u64,
    /// Bytes that are read of an answer; two banks are allowed more, see their files.
    pub body_limit: usize,
    /// Milliseconds between two writings of the last good values to the database.
    pub save_every_ms: u64,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            kraken_url: "https://api.kraken.com".into(),
            coinbase_url: "https://api.exchange.coinbase.com".into(),
            bitstamp_url: "https://www.bitstamp.net".into(),
            bitfinex_url: "https://api-pub.bitfinex.com".into(),
            er_api_url: "https://open.er-api.com".into(),
            bank_of_jamaica_url: "https://boj.org.jm".into(),
            bank_of_trinidad_url: "https://www.central-bank.org.tt".into(),
            coinbase_cross_url: "https://api.coinbase.com".into(),
            currency_api_url: "https://latest.currency-api.pages.dev".into(),
            poll_min_ms: 30_000,
            poll_max_ms: 60_000,
            exchange_limit_ms: 3_000,
            dollar_limit_ms: 10_000,
            body_limit: 64 * 1024,
            save_every_ms: 30_000,
        }
    }
}

impl RateSettings {
    /// The defaults with other addresses, each under its source's name (`kraken`, `er-api`); an
    /// empty address switches a source off. Names every fault.
    pub fn with_urls(urls: &[(String, String)]) -> Result<Self, Vec<String>> {
        let mut settings = Self::default();
        let mut faults = Vec::new();
        for (name, url) in urls {
            let mut places = settings.urls().into_iter();
            match places.find(|(known, _)| known == name) {
                Some((_, place)) => *place = url.trim_end_matches('/').to_owned(),
                None => faults.push(format!("no rate source is called “{name}”")),
            }
        }
        faults.extend(settings.faults());
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }

    fn urls(&mut self) -> [(&'static str, &mut String); 9] {
        [
            ("kraken", &mut self.kraken_url),
            ("coinbase", &mut self.coinbase_url),
            ("bitstamp", &mut self.bitstamp_url),
            ("bitfinex", &mut self.bitfinex_url),
            ("er-api", &mut self.er_api_url),
            ("bank-of-jamaica", &mut self.bank_of_jamaica_url),
            ("bank-of-trinidad", &mut self.bank_of_trinidad_url),
            ("coinbase-cross", &mut self.coinbase_cross_url),
            ("currency-api", &mut self.currency_api_url),
        ]
    }

    /// Everything wrong with them, in words; empty when they are sound.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut urls = self.clone();
        for (name, url) in urls.urls() {
            let sound = reqwest::Url::parse(url).is_ok_and(|url| url.has_host());
            if !url.is_empty() && (!sound || url.ends_with('/')) {
                faults.push(format!("{name}: “{url}” is no address without a slash at its end"));
            }
        }
        if self.poll_min_ms == 0 || self.poll_min_ms > self.poll_max_ms {
            faults.push("poll_min_ms must be above zero and at most poll_max_ms".into());
        }
        if self.poll_max_ms > 120_000 {
            faults.push("poll_max_ms above 120000 leaves no fresh price".into());
        }
        let limits = [self.exchange_limit_ms, self.dollar_limit_ms, self.save_every_ms];
        if limits.contains(&0) || self.body_limit == 0 {
            faults.push("limits of time and size must be above zero".into());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound_and_every_fault_is_named() {
        assert!(RateSettings::default().faults().is_empty());
        let settings = RateSettings {
            kraken_url: "kraken".into(),
            coinbase_url: "https://example.org/".into(),
            bitstamp_url: String::new(),
            poll_min_ms: 0,
            poll_max_ms: 600_000,
            body_limit: 0,
            ..RateSettings::default()
        };
        assert_eq!(settings.faults().len(), 5);
    }

    #[test]
    fn a_stand_in_takes_a_sources_place_by_its_name() {
        let pair = |name: &str, url: &str| (name.to_owned(), url.to_owned());
        let urls = [pair("kraken", "http://127.0.0.1:9/kraken/"), pair("currency-api", "")];
        let settings = RateSettings::with_urls(&urls);
        let kraken = settings.as_ref().map(|settings| settings.kraken_url.as_str());
        assert_eq!(kraken, Ok("http://127.0.0.1:9/kraken"));
        assert_eq!(settings.map(|settings| settings.currency_api_url), Ok(String::new()));
        let wrong = [pair("mtgox", "http://127.0.0.1"), pair("kraken", "nowhere")];
        assert_eq!(RateSettings::with_urls(&wrong).map_err(|faults| faults.len()), Err(2));
    }
}
