//! The files pages need, inside the binary: hashed addresses that never change their content,
//! compressed once, cached for ever.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, VARY,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The stylesheet, a file for each concern; the night's colours stand twice, for the device's wish
/// and for the page's.
const STYLE: &str = concat!(
    include_str!("../../assets/css/tokens.css"),
    "@media (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) {\n",
    include_str!("../../assets/css/night.css"),
    "} }\n:root[data-theme=\"dark\"] {\n",
    include_str!("../../assets/css/night.css"),
    "}\n",
    include_str!("../../assets/css/ground.css"),
    include_str!("../../assets/css/parts.css"),
    include_str!("../../assets/css/states.css"),
    include_str!("../../assets/css/bar.css"),
    include_str!("../../assets/css/till.css"),
    include_str!("../../assets/css/pay.css"),
    include_str!("../../assets/css/settled.css"),
    include_str!("../../assets/css/recent.css"),
    include_str!("../../assets/css/pages.css"),
    include_str!("../../assets/css/receipt.css"),
);

macro_rules! script {
    ($name:literal) => {
        ($name, "text/javascript; charset=utf-8", include_str!(concat!("../../assets/js/", $name)))
    };
}

/// Every file: name, type and content.
const FILES: &[(&str, &str, &str)] = &[
    ("app.css", "text/css; charset=utf-8", STYLE),
    ("desk.css", "text/css; charset=utf-8", include_str!("../../assets/css/desk.css")),
    ("portal.css", "text/css; charset=utf-8", include_str!("../../assets/css/portal.css")),
    ("icons.svg", "image/svg+xml", include_str!("../../assets/icons.svg")),
    ("favicon.svg", "image/svg+xml", include_str!("../../assets/favicon.svg")),
    ("app.webmanifest", "application/manifest+json", include_str!("../../assets/app.webmanifest")),
    script!("awake.js"),
    script!("card.js"),
    script!("card_care.js"),
    script!("card_pin.js"),
    script!("cart.js"),
    script!("cash.js"),
    script!("charge.js"),
    script!("clock.js"),
    script!("code.js"),
    script!("connection.js"),
    script!("copy.js"),
    script!("desk.js"),
    script!("held_tap.js"),
    script!("import.js"),
    script!("keypad.js"),
    script!("keys.js"),
    script!("lines.js"),
    script!("live.js"),
    script!("money.js"),
    script!("notice.js"),
    script!("page.js"),
    script!("parked.js"),
    script!("portal.js"),
    script!("portal_tap.js"),
    script!("post.js"),
    script!("print.js"),
    script!("recent.js"),
    script!("sale.js"),
    script!("scanner.js"),
    script!("sheets.js"),
    script!("shelf.js"),
    script!("sound.js"),
    script!("store.js"),
    script!("till.js"),
    script!("tip.js"),
    script!("top_up.js"),
    script!("typing.js"),
    script!("unlock.js"),
    script!("view.js"),
    script!("words.js"),
];

struct Asset {
    content_type: &'static str,
    plain: &'static [u8],
    gzip: Bytes,
}

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let packed = |&(name, content_type, text): &(&'static str, &'static str, &'static str)| {
        let plain = text.as_bytes();
        (name, Asset { content_type, plain, gzip: compress(plain) })
    };
    FILES.iter().map(packed).collect()
});

/// One hash for all files, so that modules find each other by relative names.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for (name, _, text) in FILES {
        for part in [name, text] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
    }
    hex::encode(&hash.finalize()[..8])
});

fn compress(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; an empty answer would only cost the compression.
    let _ = encoder.write_all(plain);
    Bytes::from(encoder.finish().unwrap_or_default())
}

/// The address of an embedded file.
#[must_use]
pub fn url(name: &str) -> String {
    debug_assert!(FILES.iter().any(|(known, ..)| *known == name), "no asset is called {name}");
    format!("/assets/{}/{name}", *HASH)
}

/// Every file, by its address, as it is.
pub fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    FILES.iter().map(|(name, _, text)| (url(name), text.as_bytes()))
}

/// What a file weighs on the wire.
#[must_use]
pub fn weight(name: &str) -> Option<usize> {
    ASSETS.get(name).map(|asset| asset.gzip.len())
}

/// The modules that a script brings in, near and far, so that a page can ask for all at once.
#[must_use]
pub fn imports(name: &str) -> &'static [&'static str] {
    static IMPORTS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> =
        LazyLock::new(|| FILES.iter().map(|&(name, ..)| (name, imports_of(name))).collect());
    IMPORTS.get(name).map_or(&[], Vec::as_slice)
}

fn imports_of(name: &'static str) -> Vec<&'static str> {
    let mut found = vec![name];
    let mut next = 0;
    while let Some(script) = found.get(next) {
        let text = FILES.iter().find(|(known, ..)| known == script).map_or("", |file| file.2);
        let lines = text.lines().filter(|line| line.starts_with("import "));
        let names = lines.filter_map(|line| line.split_once("'./")?.1.split_once('\''));
        let new: Vec<_> =
            names.map(|(name, _)| name).filter(|name| !found.contains(name)).collect();
        found.extend(new);
        next += 1;
    }
    found.split_off(1)
}

/// Serves the files. Compress nothing again around it.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    LazyLock::force(&ASSETS);
    Router::new().route("/assets/{hash}/{name}", get(serve))
}

async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(name.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page of an older version may still ask by its hash: answer, but let nobody keep it.
    let keep = if hash == *HASH { "public, max-age=31536000, immutable" } else { "no-store" };
    let common: [(HeaderName, &str); 3] =
        [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, keep), (VARY, "accept-encoding")];
    if takes_gzip(&headers) {
        (common, [(CONTENT_ENCODING, "gzip")], asset.gzip.clone()).into_response()
    } else {
        (common, asset.plain).into_response()
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| coding.trim().starts_with("gzip"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_all_it_brings_in_once() {
        let tip = imports("tip.js");
        assert!(["charge.js", "money.js", "post.js"].iter().all(|name| tip.contains(name)));
        assert!(!tip.contains(&"tip.js"));
        let mut once = tip.to_vec();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), tip.len());
        assert!(imports("words.js").is_empty());
    }

    #[test]
    fn every_import_is_an_embedded_file() {
        for (name, ..) in FILES {
            for import in imports(name) {
                assert!(ASSETS.contains_key(import), "{name} imports {import}");
            }
        }
    }

    #[test]
    fn the_till_weighs_less_than_sixty_thousand_bytes() {
        let mut files = vec!["app.css", "icons.svg", "favicon.svg", "app.webmanifest"];
        for script in ["till.js", "tip.js", "sale.js"] {
            files.push(script);
            files.extend(imports(script));
        }
        files.sort_unstable();
        files.dedup();
        let total: usize = files.iter().filter_map(|name| weight(name)).sum();
        assert!(total < 45_000, "{total} bytes, and the page itself is some four thousand");
    }
}
