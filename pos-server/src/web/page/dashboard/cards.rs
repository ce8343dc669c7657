//! Flash Cards, and the code by which an app programs one.

use askama::Template;

use super::desk::Desk;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::{Badge, Code};

/// The merchant's cards.
#[derive(Template)]
#[template(path = "dashboard/cards.html")]
pub struct CardsHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Cards that may have been copied, the newest first.
    pub alarms: Vec<AlarmLine>,
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
    /// What to do with it, after the first step.
    pub steps: [&'static str; 2],
    /// The link, drawn.
    pub code: Code,
}

/// An alarm that nobody settled.
#[derive(Debug, Clone)]
pub struct AlarmLine {
    /// What the owner calls the card.
    pub label: String,
    /// `Tap 12 came after tap 14. It is frozen.`
    pub words: String,
    /// `today, 12:44`.
    pub when: String,
    /// The card.
    pub href: String,
}

/// A store's rules for its cards are a form; batches are a list of this.
#[derive(Debug, Clone)]
pub struct BatchLink {
    /// `Yard Card`.
    pub label: String,
    /// `50 cards, 12 programmed, 3 tapped`.
    pub words: String,
    /// `owner a@b.c, 21 November`.
    pub by: String,
    /// Where it is.
    pub href: String,
}

/// A store's batches.
#[derive(Template)]
#[template(path = "dashboard/batches.html")]
pub struct BatchesHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The newest first.
    pub batches: Vec<BatchLink>,
}

/// A batch: each leave, and what became of it.
#[derive(Template)]
#[template(path = "dashboard/batch.html")]
pub struct BatchHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// Where its file is.
    pub csv: String,
    /// `50 cards, 12 programmed, 3 tapped`.
    pub words: String,
    /// In their order.
    pub lines: Vec<BatchCard>,
}

/// One of a batch.
#[derive(Debug, Clone)]
pub struct BatchCard {
    /// `Yard Card 012`.
    pub label: String,
    /// What became of it.
    pub badge: Badge,
    /// `boltcard://program?url=…` while it can be used.
    pub link: Option<String>,
    /// The card that came of it.
    pub card: Option<String>,
}
