//! A sale as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::money::{Amount, instant};
use super::parts::{Line, Named, Offer, Paid, Receipt, What};
use crate::config::Config;
use crate::db::DbError;
use crate::db::till::Till;
use crate::domain::cart::Priced;
use crate::receipt;
use crate::web::known::Facts;

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
