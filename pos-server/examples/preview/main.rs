//! Writes every till page in every state to a folder, with its assets, to be looked at:
//! `cargo run -p pos-server --example preview -- /tmp/preview`, then `tests/browser/preview.mjs`.

mod sales;
mod shelf;
mod slips;
mod small;

use std::path::Path;

use anyhow::{Context, Result};
use pos_server::web::assets;
use pos_server::web::page::Shell;

/// A page by its name in the folder.
type Page = (String, String);

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("name a folder to write to")?;
    let folder = Path::new(&folder);
    for (url, bytes) in assets::files() {
        write(&folder.join(url.trim_start_matches('/')), bytes)?;
    }
    let pages = [shelf::pages()?, sales::pages()?, slips::pages()?, small::pages()?].concat();
    for (name, html) in &pages {
        write(&folder.join(format!("{name}.html")), html.as_bytes())?;
    }
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    write(&folder.join("pages.json"), serde_json::to_string(&names)?.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(path.parent().context("a file in a folder")?)?;
    std::fs::write(path, bytes).with_context(|| path.display().to_string())
}

fn shell(title: &str) -> Shell {
    Shell { title: title.into(), shop: "Blue Mahoe Café".into(), practice: true }
}
