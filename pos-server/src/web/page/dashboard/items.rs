//! What is on the shelf.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;

/// The shelf as the owner sees it.
#[derive(Template)]
#[template(path = "dashboard/items.html")]
pub struct ItemsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The categories, and at last the items without one.
    pub groups: Vec<Group>,
    /// Items that are no longer sold: name and the address to put them back.
    pub retired: Vec<(String, String)>,
}

/// A category and its items.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The class of its tint.
    pub tint: String,
    /// Where it is changed; none for the items without one.
    pub href: Option<String>,
    /// The address of a new item in it.
    pub add: String,
    /// Its items.
    pub items: Vec<Line>,
}

/// An item.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Two letters.
    pub initials: String,
    /// `J$750.00`.
    pub price: String,
    /// `GCT 0% · 2000000000015`, where it differs from the usual.
    pub more: String,
    /// There is none left today.
    pub sold_out: bool,
    /// Where it is changed; its acts are below it.
    pub href: String,
}

impl Group {
    fn is_first(index: &usize) -> bool {
        *index == 0
    }

    fn is_last(&self, index: &usize) -> bool {
        *index + 1 == self.items.len()
    }
}
