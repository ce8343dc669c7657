//! The customer is asked for a tip; the screen is turned to face them.

use askama::Template;

use super::filters;
use super::shell::Shell;
use super::till_data::CurrencyData;

/// Offers of a tip, all alike, none chosen beforehand. It keeps nothing: cart and key pass through.
#[derive(Template)]
#[template(path = "tip.html")]
pub struct TipHtml {
    /// The shell.
    pub shell: Shell,
    /// The session's token for forms.
    pub csrf: String,
    /// The cart as JSON, as the till sent it.
    pub cart: String,
    /// The idempotency key of this Charge.
    pub key: String,
    /// Who it is for: `Keisha`.
    pub who: String,
    /// `J$4,005.00`.
    pub bill: String,
    /// The store's offers.
    pub offers: Vec<TipOffer>,
    /// How the typed amount is read.
    pub currency: CurrencyData,
    /// What is wrong with the typed amount, in words.
    pub error: Option<String>,
}

/// One offer.
#[derive(Debug, Clone)]
pub struct TipOffer {
    /// What the form sends: `bp:1500` or `minor:40050`.
    pub value: String,
    /// `15%`, or an amount.
    pub words: String,
    /// `J$600.75`.
    pub amount: String,
    /// `J$4,605.75`.
    pub makes: String,
}
