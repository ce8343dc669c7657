//! One thing to say and one way on: errors in words, an address that leads nowhere.

use askama::Template;

use super::filters;
use super::shell::Shell;

/// A page that says one thing. Scripts show only its words, in place, when a form is answered so.
#[derive(Template)]
#[template(path = "message.html")]
pub struct MessageHtml {
    /// The shell.
    pub shell: Shell,
    /// The headline: `Something went wrong here`.
    pub title: String,
    /// What is known, and whether money was taken: `Nothing was charged.`
    pub words: String,
    /// What the merchant can look up in the log: `7F3K`.
    pub code: Option<String>,
    /// The way on.
    pub href: String,
    /// The words on it: `Back to the till`.
    pub action: String,
}

impl MessageHtml {
    /// Our fault; nothing was charged.
    #[must_use]
    pub fn our_fault(shell: Shell, code: String, href: String) -> Self {
        Self {
            shell,
            title: "Something went wrong here".into(),
            words: "Nothing was charged.".into(),
            code: Some(code),
            href,
            action: "Back".into(),
        }
    }
}
