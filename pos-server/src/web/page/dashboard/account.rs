//! The owner's account, stores and log.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;

/// The owner's own page.
#[derive(Template)]
#[template(path = "dashboard/account.html")]
pub struct AccountHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Who is signed in.
    pub email: String,
    /// What is wrong with the new password, in words.
    pub fault: Option<String>,
    /// The password now, and the one to be.
    pub fields: [Field; 2],
    /// Every store: name, what it is, address.
    pub stores: Vec<(String, String, String)>,
}
