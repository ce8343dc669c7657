//! The doors to the dashboard: signing in, and the one-time link.

use askama::Template;

use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;

/// Asks for e-mail and password.
#[derive(Template)]
#[template(path = "dashboard/sign_in.html")]
pub struct SignInHtml {
    /// The shell.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// Where to go on to.
    pub next: String,
    /// The e-mail.
    pub email: Field,
    /// The password.
    pub password: Field,
    /// Why it was not right, in words.
    pub fault: Option<String>,
    /// Anybody may open shop here.
    pub may_open: bool,
}

/// Asks for a word before a one-time link is used, where the browser does not say that a person
/// opened it.
#[derive(Template)]
#[template(path = "dashboard/once.html")]
pub struct OnceHtml {
    /// The shell.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// The link's own path.
    pub action: String,
}
