//! A sale from Charge on: the pay page and, once the money is ours, the paid page. The same
//! [`SaleView`] renders inside the whole page and alone, for what is swapped live.

use askama::Template;

use super::part::{Row, size};
use super::sale_state::SaleState;
use super::shell::Shell;
use super::till_data::CurrencyData;
use super::{filters, words};
use crate::receipt::qr::Qr;

/// The whole page of a sale.
#[derive(Template)]
#[template(path = "sale.html")]
pub struct SaleHtml {
    /// The shell; its title is [`SaleView::title`].
    pub shell: Shell,
    /// What is swapped live.
    pub view: SaleView,
}

/// Everything that can change while the page is open, as one fragment.
#[derive(Template)]
#[template(path = "parts/sale.html")]
pub struct SaleView {
    /// The sale's identifier.
    pub id: String,
    /// The number of the last event in this view; a later view has a higher or the same one.
    pub seq: u64,
    /// The server's clock when this was rendered: the page counts down from it, never by its own.
    pub now_ms: i64,
    /// The session's token for forms.
    pub csrf: String,
    /// The idempotency key of the Charge that opened the sale: the till drops that cart.
    pub key: String,
    /// The shop's name.
    pub shop: String,
    /// The money is not real.
    pub practice: bool,
    /// How amounts are typed and written.
    pub currency: CurrencyData,
    /// What is known of the money.
    pub state: SaleState,
    /// What a payment that was seen waits for, where that is known.
    pub waits: Option<String>,
    /// The large amount; what it means depends on the state.
    pub amount: String,
    /// Bill, tip, what came, what is left.
    pub sums: Vec<Sum>,
    /// The standing offer, while it can be paid and nothing came for it.
    pub offer: Option<Offer>,
    /// How cash can be taken; `None` once nothing is due.
    pub cash: Option<Cash>,
    /// What the paid page tells; `None` while the sale is open.
    pub settled: Option<Settled>,
    /// What points do at it; `None` where no programme runs.
    pub points: Option<SalePoints>,
    /// The sale can be cancelled: nothing came, and nothing is in doubt.
    pub can_cancel: bool,
    /// The code is BTCPay’s, for Lightning or the chain; else for Lightning.
    pub by_btcpay: bool,
    /// What another issuer's card said to the code on the screen.
    pub card_words: Option<String>,
}

/// What points do at a sale.
#[derive(Debug, Clone, Default)]
pub struct SalePoints {
    /// It was just paid, and a card may still be tapped for its points.
    pub asks: bool,
    /// `12 points come with this sale`, while it is open and a card was tapped.
    pub collects: Option<String>,
    /// What is on that card: `420 points, worth J$420.00`.
    pub card: Option<String>,
    /// That card has some to spend.
    pub has_some: bool,
    /// `+12 points`, once they are on the card.
    pub earned: Option<String>,
    /// `−25 points` that paid.
    pub spent: Option<String>,
    /// What the card holds then: `407 points`.
    pub left: Option<String>,
}

/// A line of the sums at the foot.
#[derive(Debug, Clone)]
pub struct Sum {
    /// `Tip for Keisha`.
    pub label: String,
    /// `J$400.50`, or `−J$2,000.00` for what came.
    pub amount: String,
    /// What kind of line.
    pub kind: SumKind,
}

/// What kind of line a sum is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumKind {
    /// A part of the bill.
    Plain,
    /// Money that came, ticked.
    Came,
    /// What is left to pay.
    Left,
}

/// What the customer can pay just now.
#[derive(Debug, Clone)]
pub struct Offer {
    /// `14,595 sats`.
    pub sats: String,
    /// What Copy copies and the code holds: the invoice in capitals, or a `bitcoin:` link.
    pub request: String,
    /// Opens it in a wallet: `lightning:LNBC…`, or the practice wallet's address.
    pub wallet: String,
    /// The code.
    pub qr: Qr,
    /// How long it can still be paid, from `now_ms`.
    pub left_ms: i64,
    /// How long it could be paid at first.
    pub lasts_ms: i64,
    /// What one bitcoin is: `J$16,482,350.00`.
    pub rate: String,
    /// `Middle of 3 sources`.
    pub source: String,
    /// How old the price is, from `now_ms`.
    pub age_ms: i64,
    /// It asks for a part of what is left.
    pub part: bool,
    /// Why the shop's first way of taking bitcoin did not make it.
    pub instead: Option<String>,
}

/// How cash can be taken.
#[derive(Debug, Clone)]
pub struct Cash {
    /// What is due in coins and notes: `J$2,406.00`.
    pub due: String,
    /// The same in minor units, to count the change before it is posted.
    pub due_minor: i64,
    /// What is left to pay before rounding, in minor units.
    pub left_minor: i64,
    /// Why `due` differs from what is left: `Rounded to the dollar, +J$0.50`.
    pub rounding: Option<String>,
    /// Amounts customers hand over; see [`super::quick`].
    pub quick: Vec<Quick>,
}

/// An amount customers hand over.
#[derive(Debug, Clone)]
pub struct Quick {
    /// `J$2,500`.
    pub words: String,
    /// What it types into the field: `2500.00`.
    pub value: String,
}

/// What the paid page tells.
#[derive(Debug, Clone)]
pub struct Settled {
    /// `Change` / `None`, `Lightning` / `J$2,405.50`.
    pub facts: Vec<Row>,
    /// The receipt number: `C1-01043`.
    pub receipt: String,
    /// The receipt's own page: `/r/…`.
    pub href: String,
    /// That page's address as a code.
    pub qr: Qr,
}

/// The view as live messages carry it.
#[derive(Debug, serde::Serialize)]
pub struct LiveSale {
    /// The number of the last event in it.
    pub seq: u64,
    /// The state's name.
    pub view: &'static str,
    /// The fragment.
    pub html: String,
}

impl SaleView {
    /// The view for the live stream and for polling.
    pub fn live(&self) -> askama::Result<LiveSale> {
        Ok(LiveSale { seq: self.seq, view: self.state.name(), html: self.render()? })
    }

    /// What the page is called: `Waiting for payment`.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.state.words()
    }

    /// What is said aloud when this view appears: `Paid J$1,250.00`.
    fn say(&self) -> String {
        format!("{} {}", self.state.words(), self.amount)
    }

    fn size(&self) -> &'static str {
        size(&self.amount)
    }

    /// The class of the page's body.
    fn body(&self) -> &'static str {
        if self.state.settled() { "screen done" } else { "screen" }
    }

    fn tender(&self) -> &'static str {
        if self.by_btcpay { "Bitcoin" } else { "Lightning" }
    }

    fn tender_icon(&self) -> &'static str {
        if self.by_btcpay { "coin" } else { "bolt" }
    }

    fn span(&self, ms: &i64) -> String {
        words::span(*ms)
    }
}

impl Offer {
    fn left(&self) -> String {
        words::countdown(self.left_ms)
    }

    fn age(&self) -> String {
        words::span(self.age_ms)
    }
}
