//! What a sale as JSON is made of.

use serde::Serialize;
use utoipa::ToSchema;

use super::money::{Amount, instant};
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::domain::currency::Currency;
use crate::web::known::Known;

/// The one state that the till shows. `waiting`: an offer can be paid. `seen`: a payment is on its
/// way. `unknown`: whether an offer was paid is being found out. `late`: money came that a person
/// has to add or give back. `part_paid`: some of it came. `gone`: what came counts no more. `expired`: no offer can be paid any more.
/// `no_price`, `rail_down`: no offer could be made. `change`: paid in cash, with change. `over`:
/// paid, and more than that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Known)]
pub(super) enum What {
    Waiting,
    Seen,
    Unknown,
    Late,
    PartPaid,
    Gone,
    Expired,
    NoPrice,
    RailDown,
    Voided,
    Refunded,
    Paid,
    Change,
    Over,
}

/// Something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

/// A line of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// The item's id; none for an amount.
    #[schema(required)]
    pub(super) item: Option<String>,
    pub(super) name: String,
    pub(super) note: String,
    /// The price of one.
    pub(super) unit: Amount,
    pub(super) quantity: i64,
}

/// What a customer can pay while it is `offered`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Offer {
    /// What events call `attempt`.
    id: String,
    /// The way of paying: `lnd`, `btcpay`, `sandbox`.
    rail: String,
    /// The rail's exact name for it, as the payment hash.
    reference: String,
    /// `offered`, `seen`, `settled`, `expired`, `cancelled`, `failed`, `unknown`.
    #[schema(example = "offered")]
    state: String,
    /// The part of the sale that it pays.
    amount: Amount,
    /// What it asks for.
    msat: i64,
    /// The BOLT11 invoice or BIP 21 link, while it can be paid.
    #[schema(required)]
    request: Option<String>,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Money that arrived.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct Paid {
    /// What events call `payment`.
    id: String,
    /// The way it came: `lnd`, `btcpay`, `sandbox`, `cash`.
    rail: String,
    /// The rail's exact name for it.
    reference: String,
    /// `due`, `under`, `over`, `late`, `extra`; `marked` is the merchant's word at the rail, `gone` what
    /// the rail no longer counts.
    #[schema(example = "due")]
    kind: String,
    /// What of it went to the sale.
    amount: Amount,
    /// What of it is the payer's.
    owed: Amount,
    /// All that arrived; none in cash.
    #[schema(required)]
    msat: Option<i64>,
    #[schema(format = DateTime)]
    paid_at: String,
    /// When the payer got back what is owed.
    #[schema(required, format = DateTime)]
    given_back_at: Option<String>,
    /// When the rail said that it counts no more.
    #[schema(required, format = DateTime)]
    gone_at: Option<String>,
}

/// The receipt of a paid sale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Receipt {
    #[schema(example = "C1-01043")]
    pub(super) number: String,
    /// For whoever has it: nobody can guess it.
    #[schema(example = "https://pos.example.com/r/0f…")]
    pub(super) url: String,
}

impl Offer {
    pub(super) fn of(attempt: &Attempt, currency: &Currency) -> Self {
        Self {
            id: attempt.id.to_string(),
            rail: attempt.rail.clone(),
            reference: attempt.reference.clone(),
            state: attempt.state.clone(),
            amount: Amount::new(attempt.amount, currency),
            msat: attempt.asked_msat,
            request: attempt.request.clone().filter(|_| attempt.state == "offered"),
            expires_at: instant(attempt.expires_ms),
        }
    }
}

impl Paid {
    pub(super) fn of(payment: &Payment, currency: &Currency) -> Self {
        Self {
            id: payment.id.to_string(),
            rail: payment.rail.clone(),
            reference: payment.reference.clone(),
            kind: payment.kind.clone(),
            amount: Amount::new(payment.credited, currency),
            owed: Amount::new(payment.owed, currency),
            msat: (payment.rail != "cash").then_some(payment.msat),
            paid_at: instant(payment.paid_ms),
            given_back_at: payment.given_back_ms.map(instant),
            gone_at: payment.gone_ms.map(instant),
        }
    }
}

impl From<Known<'_>> for What {
    fn from(known: Known<'_>) -> Self {
        match known {
            Known::Waiting(_) => Self::Waiting,
            Known::Seen(_) => Self::Seen,
            Known::Unknown(_) => Self::Unknown,
            Known::Late(_) => Self::Late,
            Known::PartPaid(_) => Self::PartPaid,
            Known::Gone(_) => Self::Gone,
            Known::Expired => Self::Expired,
            Known::NoPrice => Self::NoPrice,
            Known::RailDown => Self::RailDown,
            Known::Voided => Self::Voided,
            Known::Refunded => Self::Refunded,
            Known::Paid => Self::Paid,
            Known::Change => Self::Change,
            Known::Over(_) => Self::Over,
        }
    }
}
