//! The house rules of DESIGN as tests: which room may import which, how long a file may be, and
//! words that do not belong in finished work.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of the longest file that is let through.
const LONGEST: usize = 500;

/// Each room and the rooms of ours that it may import. Rooms not named here are shared by all:
/// settings, the sealing of secrets and the running server's parts.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("guard", &[]),
    ("lnurl", &[]),
    ("seal", &[]),
    ("password", &["seal"]),
    ("card", &["db", "domain", "password", "seal"]),
    ("db", &["domain"]),
    ("rail", &["domain"]),
    ("rails", &["domain", "rail"]),
    ("live", &["domain"]),
    ("ledger", &["db", "domain"]),
    ("points", &["db", "domain", "ledger"]),
    ("rate", &["db", "domain"]),
    ("receipt", &["db", "domain", "rail"]),
    ("app", &["config", "db", "domain", "live", "rail", "rails", "rate", "seal"]),
    ("access", &["app", "config", "db", "domain", "password", "rail", "rails", "rate", "seal"]),
    ("backing", &["app", "card", "db", "domain", "rail", "rails", "seal"]),
    (
        "till",
        &[
            "app", "backing", "card", "db", "domain", "guard", "ledger", "lnurl", "points", "rail",
            "rails", "rate", "receipt",
        ],
    ),
    (
        "worker",
        &[
            "app", "backing", "config", "db", "domain", "points", "rail", "rails", "rate", "seal",
            "till",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if matches!(name, "node_modules" | "target" | ".git" | "shots" | "data") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found
}

fn room_of(path: &Path) -> Option<String> {
    let source = root().join("pos-server/src");
    let inside = path.strip_prefix(source).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

/// The rooms that a file names as `crate::room`.
fn imported(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut rooms = Vec::new();
    for line in code {
        for (at, found) in line.match_indices("crate::") {
            let rest = &line[at + found.len()..];
            let room: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if !room.is_empty() {
                rooms.push(room);
            }
        }
    }
    rooms
}

#[test]
fn imports_run_one_way_through_the_house() {
    let mut wrong = Vec::new();
    for path in files(&root().join("pos-server/src"), &[".rs"]) {
        let Some(room) = room_of(&path) else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for other in imported(&text) {
            if other != room && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{} imports {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "against the arrows:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_database_room_knows_sqlx() {
    let outside = files(&root().join("pos-server/src"), &[".rs"])
        .into_iter()
        .filter(|path| room_of(path).is_some_and(|room| room != "db"))
        .filter(|path| fs::read_to_string(path).unwrap().contains("sqlx::"));
    let outside: Vec<PathBuf> = outside.collect();
    assert!(outside.is_empty(), "sqlx outside db/: {outside:?}");
}

#[test]
fn a_rail_never_sees_another_rail() {
    let rails = ["sandbox", "lnd", "btcpay", "cash"];
    for path in files(&root().join("pos-server/src/rail"), &[".rs"]) {
        let inside = path.strip_prefix(root().join("pos-server/src/rail")).unwrap();
        let own = inside.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
        let own = own.trim_end_matches(".rs");
        if !rails.contains(&own) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for other in rails.iter().filter(|rail| **rail != own) {
            assert!(!text.contains(&format!("rail::{other}")), "{own} sees {other}");
        }
    }
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let endings = [".rs", ".html", ".js", ".mjs", ".css", ".sh", ".sql"];
    for path in files(&root(), &endings) {
        let lines = fs::read_to_string(&path).unwrap_or_default().lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_left_half_done() {
    let words = ["TO", "DO"].concat();
    let fix = ["FIX", "ME"].concat();
    let later = ["for ", "now"].concat();
    for path in files(&root(), &[".rs", ".html", ".js", ".mjs", ".css", ".sh"]) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        for word in [&words, &fix] {
            assert!(!text.contains(word.as_str()), "{} says {word}", path.display());
        }
        let says = text.lines().any(|line| {
            line.trim_start().starts_with("//") && line.to_lowercase().contains(&later)
        });
        assert!(!says, "{} says “{later}”", path.display());
    }
}

#[test]
fn every_template_has_a_page_struct_and_formats_nothing() {
    let sources = files(&root().join("pos-server/src/web"), &[".rs"]);
    let sources: Vec<String> =
        sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let folder = root().join("templates");
    let templates = files(&folder, &[".html"]);
    let all: Vec<(String, String)> = templates
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    for (name, text) in &all {
        let by_struct = sources.iter().any(|source| source.contains(&format!("\"{name}\"")));
        let by_template = all.iter().any(|(_, other)| other.contains(&format!("\"{name}\"")));
        assert!(by_struct || by_template, "nobody renders {name}");
        assert!(!text.contains("|fmt(") && !text.contains("|format("), "{name} formats");
        assert!(!text.contains(" style=\""), "{name} has an inline style, which the CSP forbids");
        assert!(!text.contains("onclick="), "{name} has an inline script, which the CSP forbids");
    }
}
