//! How money reaches the shop: practice, the merchant's own LND, or cash alone.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use super::home::Look;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// The Lightning connection of a store.
#[derive(Template)]
#[template(path = "dashboard/lightning.html")]
pub struct LightningHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// What is connected: `Practice wallet`, `10.0.0.7:10009`, `Cash only`.
    pub what: String,
    /// A line about it.
    pub about: String,
    /// Its sign.
    pub icon: &'static str,
    /// How it is.
    pub badge: Badge,
    /// The money is not real.
    pub practice: bool,
    /// There is a rail.
    pub connected: bool,
    /// What the check found, if one was made.
    pub findings: Vec<FindingLine>,
    /// The secrets that were checked, sealed; to be connected without typing them again.
    pub kept: Option<String>,
    /// The check found nothing that stops sales.
    pub sound: bool,
    /// Why nothing was done, in words.
    pub fault: Option<String>,
    /// The link.
    pub link: Field,
    /// Address, certificate and macaroon.
    pub files: [Field; 3],
    /// Money that came for no sale.
    pub found: Vec<Look>,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct FindingLine {
    /// Its class.
    pub class: &'static str,
    /// Its sign.
    pub icon: &'static str,
    /// A sentence.
    pub words: String,
}

impl LightningHtml {
    fn files_open(&self) -> bool {
        self.kept.is_none() && self.fault.is_some()
    }
}
