//! The merchant's BTCPay Server.

use askama::Template;

use super::desk::Desk;
use super::field::Field;
use super::lightning::FindingLine;
use crate::web::page::Shell;
use crate::web::page::filters;
use crate::web::page::part::Badge;

/// The page: how to pair, or what is paired.
#[derive(Template)]
#[template(path = "dashboard/btcpay.html")]
pub struct BtcpayHtml {
    /// The shell.
    pub shell: Shell,
    /// The dashboard around it.
    pub desk: Desk,
    /// What we ask for: why, and BTCPay's name for it.
    pub rights: Vec<(&'static str, &'static str)>,
    /// What we ask for beside, where cards are wanted.
    pub card_rights: Vec<(&'static str, &'static str)>,
    /// Pairing, or pairing anew.
    pub pairing: Pairing,
    /// What is paired.
    pub paired: Option<Paired>,
}

/// A pairing on its way.
#[derive(Default)]
pub struct Pairing {
    /// The address, for the consent page.
    pub server: Option<Field>,
    /// Whether cards are wanted whose money is at BTCPay.
    pub cards: Option<Field>,
    /// They are.
    pub with_cards: bool,
    /// Address, store and key, by hand.
    pub pasted: Vec<Field>,
    /// An address for the consent page was typed, and has faults.
    pub by_consent: bool,
    /// A key was pasted, and has faults.
    pub by_hand: bool,
    /// The server and the address of its consent page, to go on to.
    pub consent: Option<(String, String)>,
    /// What came back, to be connected.
    pub way: Option<String>,
    /// The store's name there.
    pub name: String,
    /// What a look at it brought.
    pub findings: Vec<FindingLine>,
    /// Something can be sold.
    pub sound: bool,
    /// Why nothing was done, in words.
    pub fault: Option<String>,
}

/// A BTCPay that is paired.
pub struct Paired {
    /// Its address.
    pub server: String,
    /// How it is.
    pub about: String,
    /// The same in short.
    pub badge: Badge,
    /// The store there.
    pub store: String,
    /// Whether its webhook is heard.
    pub heard: String,
    /// There is a webhook.
    pub has_webhook: bool,
    /// What the merchant chooses.
    pub choices: Vec<Field>,
    /// What it sent last.
    pub deliveries: Vec<DeliveryLine>,
}

/// A delivery of the webhook.
pub struct DeliveryLine {
    /// What happened.
    pub what: String,
    /// When it came.
    pub when: String,
    /// What it is about, and why it was only kept.
    pub note: String,
    /// What became of it.
    pub badge: Badge,
}
