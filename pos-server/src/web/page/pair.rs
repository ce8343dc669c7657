//! A tablet becomes a till.

use askama::Template;

use super::filters;
use super::shell::Shell;

/// Asks for the pairing code from the owner.
#[derive(Template)]
#[template(path = "pair.html")]
pub struct PairHtml {
    /// The shell; its shop is `pos-server` while no shop is known.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// What was typed, or came with the link.
    pub code: String,
    /// What is wrong with it, in words.
    pub error: Option<String>,
}
