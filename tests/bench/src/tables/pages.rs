//! Pages, from the request to the last byte, and what the till page weighs with all it needs.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use axum::http::header;

use crate::database::Database;
use crate::http::Browser;
use crate::measure::times;
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::tablet::{Tablet, between};

const TITLE: &str = "Pages";
const VISITS: usize = 200;

/// Times the pages of a sale before and after it is paid.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    tablet: &mut Tablet,
) -> Result<()> {
    let waiting = tablet.open().await?.path;
    let paid = tablet.sell().await?.path;
    let text = tablet.browser.get(&paid).await?.page()?.text()?;
    let token: String = between(&text, "href=\"/r/", "\"")?.chars().take(32).collect();
    let receipt = format!("/r/{token}");
    let pdf = format!("{receipt}/receipt.pdf");
    let pages = [
        ("till", "/till"),
        ("pay page", waiting.as_str()),
        ("paid page", &paid),
        ("recent sales", "/till/recent"),
        ("receipt", &receipt),
        ("receipt as PDF", &pdf),
    ];
    for (what, path) in pages {
        if !tablet.browser.get(path).await?.status.is_success() {
            sheet.note(format!("{what}: there is no such page yet ({path})"));
            continue;
        }
        let pile = times(VISITS, async |_| tablet.browser.get(path).await?.page()).await?;
        let place = Place { table: TITLE, what, via: Via::Http, target: Target::None };
        sheet.put_pile(place, database.column, &pile, &[(50, Target::None), (95, Target::None)]);
    }
    Ok(())
}

/// Fetches the till page and everything it names, as a browser does, and adds up the bodies.
pub(crate) async fn weigh(sheet: &mut Sheet, database: &Database, browser: &Browser) -> Result<()> {
    let (mut weight, mut unpacked) = (0, Vec::new());
    let mut seen = BTreeSet::new();
    let mut to_fetch = vec!["/till".to_owned()];
    while let Some(path) = to_fetch.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = browser.get(&path).await?.page().with_context(|| path.clone())?;
        weight += answer.body.len();
        if answer.headers.get(header::CONTENT_ENCODING).is_none() {
            unpacked.push(path.clone());
        }
        to_fetch.extend(named(&path, &answer.text()?));
    }
    let place = Place {
        table: TITLE,
        what: "the till page with all it needs, as sent",
        via: Via::Http,
        target: Target::Most(60.0),
    };
    sheet.put(place, database.column, Figure::number(weight as f64 / 1000.0, "kB"));
    sheet.note(format!("the till page is {} files; sent uncompressed: {unpacked:?}", seen.len()));
    Ok(())
}

/// The files that a text names: by address, or next to it.
fn named(path: &str, text: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let quoted = |mark: char| text.split(mark).skip(1).step_by(2);
    let words = quoted('"').chain(quoted('\''));
    words
        .filter_map(|word| {
            let word = word.split(['#', '?']).next().unwrap_or_default();
            match word.strip_prefix("./") {
                Some(beside) if word.ends_with(".js") => Some(format!("{folder}/{beside}")),
                _ => word.starts_with("/assets/").then(|| word.to_owned()),
            }
        })
        .collect()
}
