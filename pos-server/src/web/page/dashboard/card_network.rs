//! A card over Lightning.

use askama::Template;

use super::desk::Desk;
use crate::receipt::qr::Qr;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// The code that puts money on a card, and what it paid at other tills.
#[derive(Template)]
#[template(path = "dashboard/card_network.html")]
pub struct CardNetworkHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// The card's own page.
    pub back: String,
    /// `lnurlp://…`
    pub link: String,
    /// The same as a code; none where the card takes no money.
    pub qr: Option<Qr>,
    /// Payments to other tills, the newest first.
    pub away: Vec<NetworkLine>,
    /// What came onto it, the newest first.
    pub came: Vec<NetworkLine>,
}

/// A payment.
#[derive(Debug, Clone)]
pub struct NetworkLine {
    /// `1,200 sats`.
    pub amount: String,
    /// `today, 12:44`.
    pub at: String,
    /// What else is to be said; may be empty.
    pub note: String,
    /// What became of it.
    pub badge: Badge,
}
