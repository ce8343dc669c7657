//! A sale as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::money::{Amount, instant};
use crate::config::Config;
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::payment::Payment;
use crate::db::till::Till;
use crate::domain::cart::Priced;
use crate::domain::currency::Currency;
use crate::receipt;
use crate::web::known::{Facts, Known};

/// A sale, and all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sale {
    id: String,
    /// `open` until it is paid or cancelled: `paid`, `voided`, `part_refunded`, `refunded`.
    #[schema(example = "open")]
    state: String,
    known: What,
    /// `practice` money is not real.
    #[schema(example = "real")]
    money: String,
    /// What staff call it.
    note: String,
    till: Named,
    staff: Named,
    #[schema(format = DateTime)]
    opened_at: String,
    /// When it was paid or cancelled.
    #[schema(required, format = DateTime)]
    closed_at: Option<String>,
    lines: Vec<Line>,
    /// What the discount takes off.
    discount: Amount,
    /// The tax in the bill.
    tax: Amount,
    /// What the goods cost, tax and all.
    bill: Amount,
    tip: Amount,
    /// Bill and tip.
    total: Amount,
    /// Added, or taken off below zero, so that cash comes out even.
    rounding: Amount,
    /// How much of it is paid.
    paid: Amount,
    /// What is left to pay.
    due: Amount,
    /// What a customer can pay, or could.
    offers: Vec<Offer>,
    /// What arrived.
    payments: Vec<Paid>,
    /// Once it is paid.
    #[schema(required)]
    receipt: Option<Receipt>,
}

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
    id: String,
    name: String,
}

/// A line of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// The item's id; none for an amount.
    #[schema(required)]
    item: Option<String>,
    name: String,
    note: String,
    /// The price of one.
    unit: Amount,
    quantity: i64,
}

/// What a customer can pay while it is `offered`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Offer {
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
    number: String,
    /// For whoever has it: nobody can guess it.
    #[schema(example = "https://pos.example.com/r/0f…")]
    url: String,
}

impl Sale {
    /// Writes down what is known of a sale at one of the store's tills.
    pub(super) fn of(facts: &Facts, tills: &[Till], config: &Config) -> Result<Self, DbError> {
        let sale = &facts.sale;
        let currency = sale.currency()?;
        let cart: Priced = serde_json::from_str(&sale.cart)
            .map_err(|_| DbError::Unreadable(format!("cart of sale {}", sale.id)))?;
        let amount = |minor| Amount::new(minor, &currency);
        let till = tills.iter().find(|till| till.id == sale.till_id).ok_or(DbError::NotFound)?;
        let lines = cart.lines.into_iter().map(|line| Line {
            item: line.item,
            name: line.name,
            note: line.note,
            unit: amount(line.unit),
            quantity: line.quantity,
        });
        let bitcoin = facts.attempts.iter().filter(|attempt| attempt.rail != "cash");
        Ok(Self {
            id: sale.id.to_string(),
            state: sale.state.clone(),
            known: facts.known().into(),
            money: sale.money.clone(),
            note: sale.name.clone(),
            till: Named { id: till.id.to_string(), name: till.name.clone() },
            staff: Named { id: sale.staff_id.to_string(), name: sale.staff_name.clone() },
            opened_at: instant(sale.opened_ms),
            closed_at: sale.closed_ms.map(instant),
            lines: lines.collect(),
            discount: amount(cart.discounted),
            tax: amount(cart.taxes.iter().map(|sum| sum.tax).sum()),
            bill: amount(sale.bill),
            tip: amount(sale.tip),
            total: amount(sale.total),
            rounding: amount(sale.rounding),
            paid: amount(sale.credited),
            due: amount(if sale.state == "voided" { 0 } else { sale.due() }),
            offers: bitcoin.map(|attempt| Offer::of(attempt, &currency)).collect(),
            payments: facts.payments.iter().map(|payment| Paid::of(payment, &currency)).collect(),
            receipt: sale.receipt_number.map(|number| Receipt {
                number: receipt::number(&till.prefix, number),
                url: format!("{}/r/{}", config.public_url, sale.receipt_token),
            }),
        })
    }
}

impl Offer {
    fn of(attempt: &Attempt, currency: &Currency) -> Self {
        Self {
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
    fn of(payment: &Payment, currency: &Currency) -> Self {
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
