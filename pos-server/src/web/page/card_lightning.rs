//! The code that puts money on a card.

use askama::Template;

use super::filters;
use super::shell::Shell;
use crate::receipt::qr::Qr;

/// A card's code for Lightning wallets.
#[derive(Template)]
#[template(path = "card_lightning.html")]
pub struct CardLightningHtml {
    /// The shell.
    pub shell: Shell,
    /// What the shop calls the card.
    pub label: String,
    /// `lnurlp://…`
    pub link: String,
    /// The same as a code.
    pub qr: Qr,
    /// The card's page.
    pub back: String,
}
