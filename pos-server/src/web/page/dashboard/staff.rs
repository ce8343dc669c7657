//! Who works here.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Person;

/// The staff of a store.
#[derive(Template)]
#[template(path = "dashboard/staff.html")]
pub struct StaffHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Those who work here, then those who are gone.
    pub staff: Vec<StaffLine>,
}

/// Somebody.
#[derive(Debug, Clone)]
pub struct StaffLine {
    /// Who.
    pub person: Person,
    /// `Manager`, `Cashier`.
    pub role: &'static str,
    /// Too many wrong PINs: `Locked until 12:49`.
    pub locked: Option<String>,
    /// Gone.
    pub retired: bool,
    /// Where they are changed; the acts are below it.
    pub href: String,
}
