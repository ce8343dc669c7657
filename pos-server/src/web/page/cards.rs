//! Flash Cards at the till: cash onto a card, and what came of it.

use askama::Template;

use super::filters;
use super::shell::Shell;
use super::till_data::CurrencyData;

/// An amount and a tap.
#[derive(Template)]
#[template(path = "cards.html")]
pub struct CardsHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// A key for a page whose scripts do not run.
    pub key: String,
    /// How the typed amount is read.
    pub currency: CurrencyData,
    /// A manager is at the till.
    pub manager: bool,
    /// What was just done to a card.
    pub done: Option<&'static str>,
}

/// Cash went onto a card.
#[derive(Template)]
#[template(path = "topped_up.html")]
pub struct ToppedUpHtml {
    /// The shell.
    pub shell: Shell,
    /// `J$1,000.00`.
    pub amount: String,
    /// `6,944 sats`.
    pub sats: String,
    /// What was on the card then: `12,400 sats`.
    pub holds: String,
    /// Who took the cash, and when: `Keisha, 12:44`.
    pub by: String,
}

/// Points that become balance by a tap.
#[derive(Template)]
#[template(path = "points_to_balance.html")]
pub struct PointsToBalanceHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// The idempotency key.
    pub key: String,
}
