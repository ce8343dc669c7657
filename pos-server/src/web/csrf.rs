//! Is a form ours? Both must say so: where the browser says it comes from, and the token in it.

use axum::http::header::{HOST, HeaderMap, ORIGIN, REFERER};

use crate::access::token;
use crate::app::App;
use crate::config::Config;

/// True when the browser says that the request comes from a page of ours. A request that says
/// nothing of where it comes from is refused: every browser of the last years does.
#[must_use]
pub fn same_origin(config: &Config, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    match text(ORIGIN.as_str()) {
        Some(origin) => is_ours(config, headers, origin),
        None => {
            let referer = text(REFERER.as_str()).and_then(origin_of);
            referer.is_some_and(|origin| is_ours(config, headers, origin))
                || text("sec-fetch-site").is_some()
        }
    }
}

// Ours is the configured address, and the one the browser asked for: a tablet in the shop may use
// another name than the owner at home.
fn is_ours(config: &Config, headers: &HeaderMap, origin: &str) -> bool {
    if origin_of(&config.public_url) == Some(origin) {
        return true;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some() && authority == host
}

fn origin_of(url: &str) -> Option<&str> {
    let after = url.find("://")? + 3;
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |at| after + at);
    Some(&url[..end])
}

/// The token for forms of a browser that is not in yet, bound to its visit cookie.
#[must_use]
pub fn visit_token(app: &App, visit: &str) -> String {
    token::hash(&format!("{}{visit}", hex::encode(app.seal.derive("visit csrf"))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn says(pairs: &[(&'static str, &str)]) -> bool {
        let url = Some("https://pos.example.com".into());
        let config = Settings { public_url: url, ..Settings::default() }.check().unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        same_origin(&config, &headers)
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        assert!(says(&[("origin", "https://pos.example.com")]));
        assert!(says(&[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")]));
        assert!(says(&[("referer", "https://pos.example.com/till?x")]));
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(!says(&[]));
        assert!(!says(&[("origin", "null"), ("host", "null")]));
        assert!(!says(&[("origin", "https://evil.example"), ("host", "pos.example.com")]));
        assert!(!says(&[("origin", "https://pos.example.com"), ("sec-fetch-site", "cross-site")]));
        assert!(!says(&[("referer", "https://pos.example.com.evil.example/")]));
    }
}
