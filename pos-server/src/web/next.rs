//! Where to go on after a door: paths of ours only.

/// The path of an address, if it can be gone on to.
pub(super) fn path_of(url: &str) -> Option<&str> {
    let after = url.find("://")? + 3;
    let slash = url[after..].find('/')?;
    safe_next(&url[after + slash..])
}

/// A path of ours to go on to, or nothing: never another site.
#[must_use]
pub fn safe_next(next: &str) -> Option<&str> {
    let away = next.starts_with("//") || next.contains('\\');
    let plain = next.chars().all(|sign| sign.is_ascii_graphic());
    (next.starts_with('/') && !away && plain && next.len() < 2000).then_some(next)
}

/// A path as a parameter of another address.
#[must_use]
pub fn encode(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let mut out = String::new();
    for byte in path.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_never_leads_to_another_site() {
        assert_eq!(safe_next("/till/sales/7?x=1"), Some("/till/sales/7?x=1"));
        for away in ["//evil.example", "https://evil.example", "/\\evil", "", "till", "/a\nb"] {
            assert_eq!(safe_next(away), None, "{away}");
        }
        assert_eq!(path_of("http://127.0.0.1:8080/till?a=b"), Some("/till?a=b"));
        assert_eq!(encode("/till?a=b&c"), "/till%3Fa%3Db%26c");
    }
}
