//! The first start: an owner, a shop, a till and a cashier on one page.

use askama::Template;

use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;

/// Asks for all that a shop needs before its first sale.
#[derive(Template)]
#[template(path = "dashboard/start.html")]
pub struct StartHtml {
    /// The shell.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// What is wrong with the whole, in words.
    pub fault: Option<String>,
    /// The code that the server printed, where one is needed.
    pub code: Option<Field>,
    /// Who signs in.
    pub you: [Field; 2],
    /// The shop's name.
    pub name: Field,
    /// Country, currency, tax name, tax rate.
    pub customs: [Field; 4],
    /// Whether prices hold the tax.
    pub inclusive: Field,
    /// Tips, time zone, address.
    pub more: [Field; 3],
    /// The till's name, and what its receipt numbers begin with.
    pub till: [Field; 2],
    /// The cashier's name and PIN.
    pub cashier: [Field; 2],
    /// What is customary in each country, as JSON for the page's script; `<` escaped.
    pub countries: String,
}
