//! The customer's wallet in practice: it plays every way a payment can go.

use askama::Template;

use super::filters;
use super::shell::Shell;

/// The customer's phone.
#[derive(Template)]
#[template(path = "practice_wallet.html")]
pub struct PracticeWalletHtml {
    /// The shell; always practice.
    pub shell: Shell,
    /// The invoice in capitals, empty while none was given.
    pub invoice: String,
    /// What it asks: `14,595 sats`.
    pub sats: String,
    /// What its memo says: `Blue Mahoe Café`.
    pub memo: String,
    /// The token for the form.
    pub csrf: String,
    /// What became of the last press, in words, and whether it went well.
    pub said: Option<Said>,
}

/// What became of a press.
#[derive(Debug, Clone)]
pub struct Said {
    /// It was done as asked.
    pub done: bool,
    /// `Paid 14,595 sats.`
    pub words: String,
}
