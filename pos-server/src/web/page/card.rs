//! One card at the till, cards by name, and a code for one.

use askama::Template;

use super::filters;
use super::part::{Badge, Code, Row};
use super::shell::Shell;

/// A card that was tapped, or that a manager looks after.
#[derive(Template)]
#[template(path = "card.html")]
pub struct CardHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// A key for a page whose scripts do not run.
    pub key: String,
    /// Its id.
    pub id: String,
    /// The tap that shows it, if one does.
    pub tap: Option<String>,
    /// What the shop calls it.
    pub label: String,
    /// What it may do now.
    pub badge: Badge,
    /// `J$1,950.00`, while there is a price.
    pub worth: Option<String>,
    /// `12,400 sats`.
    pub holds: String,
    /// Its limits.
    pub limits: Vec<Row>,
    /// What moved its balance lately, the newest first.
    pub moves: Vec<CardMoveLine>,
    /// `120 points`, where the shop has a programme.
    pub points: Option<String>,
    /// A manager is at the till.
    pub manager: bool,
    /// It is frozen.
    pub frozen: bool,
    /// It is not in use any more.
    pub gone: bool,
    /// Nothing is on it.
    pub empty: bool,
    /// Its money is at BTCPay, which also gives it its keys.
    pub at_btcpay: bool,
    /// It has a PIN.
    pub pin: bool,
    /// Its PIN is blocked.
    pub blocked: bool,
    /// What was just done.
    pub done: Option<&'static str>,
}

impl CardHtml {
    /// What is said of it over the till: `Marcia: J$1,950.00, 12,400 sats`.
    fn say(&self) -> String {
        let worth = self.worth.as_ref().map(|worth| format!("{worth}, ")).unwrap_or_default();
        let points = self.points.as_ref().map(|points| format!(", {points}")).unwrap_or_default();
        format!("{}: {worth}{}{points} on the card. {}.", self.label, self.holds, self.badge.words)
    }
}

/// Something that moved its balance.
#[derive(Debug, Clone)]
pub struct CardMoveLine {
    /// `Paid`.
    pub what: &'static str,
    /// `today, 12:44`.
    pub when: String,
    /// `J$400.00`, where money of the shop was in it.
    pub amount: Option<String>,
    /// `−3,200 sats`.
    pub change: String,
}

/// Cards by their name.
#[derive(Template)]
#[template(path = "cards_found.html")]
pub struct CardsFoundHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// A manager is at the till.
    pub manager: bool,
    /// What was looked for.
    pub query: String,
    /// The newest first.
    pub cards: Vec<FoundCard>,
}

/// A card on that list.
#[derive(Debug, Clone)]
pub struct FoundCard {
    /// Its id.
    pub id: String,
    /// What the shop calls it.
    pub label: String,
    /// What it may do now.
    pub badge: Badge,
    /// It can be frozen.
    pub freezes: bool,
}

/// A form for a new card's name.
#[derive(Template)]
#[template(path = "till_issue.html")]
pub struct TillIssueHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// `Card 12`.
    pub label: String,
}

/// A code for one card, for a few minutes.
#[derive(Template)]
#[template(path = "till_code.html")]
pub struct TillCodeHtml {
    /// The shell.
    pub shell: Shell,
    /// `Set up Marcia`.
    pub title: String,
    /// What to do with it.
    pub steps: &'static [&'static str],
    /// The code.
    pub code: Code,
    /// Where one came from.
    pub back: String,
}
