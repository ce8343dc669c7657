//! Tokens for other programs, and how they are tried out.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use crate::web::page::Shell;
use crate::web::page::filters;

/// The tokens of a store, a form for one more, and lines to try them with.
#[derive(Template)]
#[template(path = "dashboard/api.html")]
pub struct ApiHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The token that was just made; it is shown this once.
    pub made: Option<String>,
    /// Tokens in use, then those revoked.
    pub tokens: Vec<TokenLine>,
    /// The id of the next token, made with the page so that a form sent twice makes one.
    pub id: String,
    /// What is wrong with the whole form, in words.
    pub fault: Option<String>,
    /// The name, the till and the person.
    pub fields: Vec<Field>,
    /// What the token may do.
    pub scopes: Vec<ScopeTick>,
    /// Why the scopes cannot be used.
    pub scopes_fault: Option<String>,
    /// What to type into a terminal, and what it does.
    pub tries: Vec<TryOut>,
    /// Where the description of the API is.
    pub openapi: &'static str,
}

/// A token.
#[derive(Debug, Clone)]
pub struct TokenLine {
    /// `Web shop`.
    pub name: String,
    /// `Sells at Counter 1 as Keisha`.
    pub seller: String,
    /// `sales:read, sales:write`.
    pub scopes: String,
    /// `Last used today, 12:44`, `Never used`, `Revoked 20 Nov, 12:44`.
    pub used: String,
    /// It lets nobody in.
    pub revoked: bool,
    /// Where it is revoked.
    pub href: String,
}

/// Something that a token may do.
#[derive(Debug, Clone)]
pub struct ScopeTick {
    /// As the form sends it.
    pub name: &'static str,
    /// `Read sales`.
    pub words: &'static str,
    /// It is chosen.
    pub on: bool,
}

/// A line to type into a terminal.
#[derive(Debug, Clone)]
pub struct TryOut {
    /// `Open a sale`.
    pub title: &'static str,
    /// `curl …`.
    pub line: String,
}
