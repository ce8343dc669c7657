//! Flash Cards, and the code by which an app programs one.

use askama::Template;

use super::desk::Desk;
use crate::receipt::qr::Qr;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// The merchant's cards.
#[derive(Template)]
#[template(path = "dashboard/cards.html")]
pub struct CardsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The newest first.
    pub cards: Vec<CardLine>,
    /// What all of them hold: `31,205 sats`.
    pub owed: String,
    /// A BTCPay is paired, where cards can be issued too.
    pub paired: bool,
}

/// A card.
#[derive(Debug, Clone)]
pub struct CardLine {
    /// What the owner calls it.
    pub label: String,
    /// `12,400 sats`.
    pub balance: String,
    /// `Last tap today, 12:44`, `Never tapped`.
    pub tapped: String,
    /// What it may do now.
    pub badge: Badge,
    /// It is frozen.
    pub frozen: bool,
    /// Where it is changed; its acts are below it.
    pub href: String,
    /// Its own page.
    pub page: String,
}

/// A code on the screen, for a few minutes, for one card.
#[derive(Template)]
#[template(path = "dashboard/card_code.html")]
pub struct CardCodeHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// `boltcard://program?url=…`.
    pub link: String,
    /// The QR code of the link.
    pub qr: Qr,
    /// `12:54`.
    pub until: String,
    /// The same in epoch milliseconds, for the countdown.
    pub until_ms: i64,
    /// What is left: `10:00`.
    pub left: String,
}
