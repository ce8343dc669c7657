//! What templates may do to a name: nothing but look up the file or the icon it stands for.

use askama::filters::Safe;
use askama::{Result, Values};

use crate::web::assets;

/// The address of an embedded file, with its content's hash in it.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> Result<String> {
    Ok(assets::url(name))
}

/// A script and, all at once, what it brings in: no chain of requests over a slow line.
#[askama::filter_fn]
pub fn script(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    let run = format!(r#"<script type="module" src="{}"></script>"#, assets::url(name));
    Ok(Safe(run + &fetch(assets::imports(name))))
}

/// Fetches a script that the next page will run, with what it brings in.
#[askama::filter_fn]
pub fn ahead(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(fetch(&[name]) + &fetch(assets::imports(name))))
}

fn fetch(names: &[&str]) -> String {
    let link = |name: &&str| format!(r#"<link rel="modulepreload" href="{}">"#, assets::url(name));
    names.iter().map(link).collect()
}

/// An icon at text size; always beside a word.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(draw(name, "i")))
}

/// An icon at 36 px.
#[askama::filter_fn]
pub fn big_icon(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(draw(name, "i big")))
}

fn draw(name: &str, class: &str) -> String {
    let sprite = assets::url("icons.svg");
    format!(r#"<svg class="{class}" aria-hidden="true"><use href="{sprite}#{name}"/></svg>"#)
}
