//! A page with a form: most of the dashboard.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;

/// Fields that belong together.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// The headline.
    pub title: String,
    /// What it is about.
    pub lead: Option<String>,
    /// The fields, one below the other.
    pub fields: Vec<Field>,
    /// Fields two in a row, after those.
    pub pairs: Vec<Field>,
}

/// Something else that can be done with the thing, with a button of its own.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where the form goes.
    pub action: String,
    /// The words on the button.
    pub words: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// What it means, beside the button.
    pub means: String,
}

/// A form on a page of its own.
#[derive(Template)]
#[template(path = "dashboard/form.html")]
pub struct FormHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Where one came from, and its words.
    pub back: Option<(String, &'static str)>,
    /// Where the form goes.
    pub action: String,
    /// The thing's id, made with the page so that a form sent twice makes one thing.
    pub id: Option<String>,
    /// What is wrong with the whole, in words.
    pub fault: Option<String>,
    /// The fields.
    pub panels: Vec<Panel>,
    /// The words on the button.
    pub button: &'static str,
    /// What else can be done.
    pub acts: Vec<Act>,
}
