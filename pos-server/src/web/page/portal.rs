//! A card's own page, and the doors before it.

use askama::Template;

use super::filters;
use super::part::{Badge, Row, size};
use super::shell::Shell;
use crate::receipt::qr::Qr;

/// Asks for a tap.
#[derive(Template)]
#[template(path = "portal/tap.html")]
pub struct TapHtml {
    /// The shell.
    pub shell: Shell,
    /// `Tap the card again`.
    pub title: &'static str,
    /// Why, and what to do.
    pub words: &'static str,
    /// Nothing went wrong.
    pub calm: bool,
}

/// Asks for a word before a one-time link is used.
#[derive(Template)]
#[template(path = "portal/open.html")]
pub struct OpenHtml {
    /// The shell.
    pub shell: Shell,
    /// The token for the form.
    pub csrf: String,
    /// The link's own path.
    pub action: String,
}

/// The page itself.
#[derive(Template)]
#[template(path = "portal/card.html")]
pub struct PortalHtml {
    /// The shell.
    pub shell: Shell,
    /// The visit's token for forms.
    pub csrf: String,
    /// A key for the form that thaws.
    pub key: String,
    /// What the card is called.
    pub name: String,
    /// What it may do now.
    pub badge: Badge,
    /// What is on it.
    pub held: Held,
    /// `1,360 points`, where the shop has a programme.
    pub points: Option<String>,
    /// What it may spend, and until when.
    pub limits: Vec<Row>,
    /// Whether it is frozen, and who thaws it.
    pub ice: Ice,
    /// What happened lately.
    pub history: History,
    /// The code that tops it up, if it takes money.
    pub top_up: Option<TopUpCode>,
    /// When the page closes: `12:59`.
    pub until: String,
    /// What was just done.
    pub done: Option<&'static str>,
    /// Why it was not done.
    pub wrong: Option<String>,
}

impl PortalHtml {
    /// It pays nothing.
    fn cold(&self) -> bool {
        self.ice != Ice::None
    }

    /// It can be frozen.
    fn freezes(&self) -> bool {
        matches!(self.ice, Ice::None | Ice::Over)
    }

    /// The class that steps a long amount down.
    fn size(&self) -> &'static str {
        let worth = self.held.worth.as_ref().map(|worth| worth.amount.as_str());
        worth.or(self.held.sats.as_deref()).map_or("", size)
    }
}

/// What is on a card.
#[derive(Debug, Clone)]
pub struct Held {
    /// `37,640 sats`, where it is known.
    pub sats: Option<String>,
    /// The same in the store's money, while there is a fresh price.
    pub worth: Option<Worth>,
    /// Whose word that is, where it is not our own.
    pub word: Option<String>,
}

/// A balance in the store's money.
#[derive(Debug, Clone)]
pub struct Worth {
    /// `J$6,203.96`.
    pub amount: String,
    /// How old the price is: `9 seconds`.
    pub age: String,
}

/// Whether a card is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ice {
    /// It is not.
    None,
    /// Its time is over.
    Over,
    /// Its holder froze it, and thaws it by PIN.
    Pin,
    /// Staff thaw it; why, in words.
    Staff(&'static str),
}

/// The code that tops a card up.
#[derive(Debug, Clone)]
pub struct TopUpCode {
    /// What it says (LUD-17).
    pub link: String,
    /// The code.
    pub qr: Qr,
}

/// What happened, the newest first.
#[derive(Debug, Clone)]
pub struct History {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where older ones are.
    pub older: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Line {
    /// The state's class.
    pub class: &'static str,
    /// The state's sign.
    pub icon: &'static str,
    /// `Blue Mahoe Café`, `Topped up`.
    pub what: String,
    /// `Today 12:44`.
    pub when: String,
    /// `−J$2,000.00`, or sats where no money of the shop was in it.
    pub amount: String,
    /// `−12,135 sats`, beside money of the shop.
    pub sats: Option<String>,
    /// The receipt's address.
    pub receipt: Option<String>,
}

/// All that happened, a page at a time.
#[derive(Template)]
#[template(path = "portal/history.html")]
pub struct HistoryHtml {
    /// The shell.
    pub shell: Shell,
    /// What happened.
    pub history: History,
}

/// Limits of the holder's own.
#[derive(Template)]
#[template(path = "portal/limits.html")]
pub struct LimitsHtml {
    /// The shell.
    pub shell: Shell,
    /// The visit's token for forms.
    pub csrf: String,
    /// The request's key.
    pub key: String,
    /// Sats by one tap, as typed.
    pub tap: String,
    /// Sats on one day, as typed.
    pub day: String,
    /// The shop's most by one tap: `100,000 sats`.
    pub tap_most: String,
    /// The shop's most on one day.
    pub day_most: String,
    /// The card has a PIN, which a higher limit wants.
    pub pin: bool,
    /// What was wrong.
    pub wrong: Option<String>,
}

/// The card's PIN.
#[derive(Template)]
#[template(path = "portal/pin.html")]
pub struct PinHtml {
    /// The shell.
    pub shell: Shell,
    /// The visit's token for forms.
    pub csrf: String,
    /// The key of the form that sets.
    pub key: String,
    /// The key of the form that removes.
    pub other_key: String,
    /// The card has one.
    pub has: bool,
    /// It was wrong too often.
    pub blocked: bool,
    /// Sats from which it is asked, as typed.
    pub from: String,
    /// What was wrong.
    pub wrong: Option<String>,
}

/// What a holder says of herself, and what is kept of her.
#[derive(Template)]
#[template(path = "portal/you.html")]
pub struct YouHtml {
    /// The shell.
    pub shell: Shell,
    /// The visit's token for forms.
    pub csrf: String,
    /// The key of the form for an inbox.
    pub key: String,
    /// The key of the form that takes it away.
    pub other_key: String,
    /// What she calls the card, as typed.
    pub name: String,
    /// Signs of a name.
    pub name_most: usize,
    /// Her inbox, `npub1…`.
    pub npub: Option<String>,
    /// The birthday, where the shop's programme gives something for it.
    pub birthday: Option<Birthday>,
    /// The card has a PIN, which an inbox wants.
    pub pin: bool,
    /// What was wrong.
    pub wrong: Option<String>,
}

/// A holder's birthday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Birthday {
    /// It was told: `11-21`.
    Told(String),
    /// It may be told; what was typed.
    Asked(String),
}
