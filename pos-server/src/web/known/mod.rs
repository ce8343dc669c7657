//! What a cashier should know of a sale, decided from its rows: one state, never a guess.

pub(in crate::web) mod badge;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::db::DbError;
use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::settle::Arrival;
use crate::domain::time::Time;
use crate::rail::RailName;

/// Everything that is known of a sale.
#[derive(Debug)]
pub(in crate::web) struct Facts {
    pub(in crate::web) sale: Sale,
    pub(in crate::web) attempts: Vec<Attempt>,
    pub(in crate::web) payments: Vec<Payment>,
    pub(in crate::web) events: Vec<Event>,
    pub(in crate::web) now: Time,
    /// What the receipts of its own till begin with, read where that is shown.
    pub(in crate::web) prefix: Option<String>,
}

/// The one state, with the rows that its words need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Known<'a> {
    Waiting(&'a Attempt),
    Seen(&'a Attempt),
    Unknown(&'a Attempt),
    Late(&'a Payment),
    PartPaid(&'a Payment),
    Gone(&'a Payment),
    Expired,
    NoPrice,
    RailDown,
    Voided,
    Refunded,
    Paid,
    Change,
    Over(&'a Payment),
}

impl Facts {
    /// Where the sale's story stands.
    pub(in crate::web) fn seq(&self) -> i64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    /// The state of the sale. What waits for a person's word comes before what waits for time.
    pub(in crate::web) fn known(&self) -> Known<'_> {
        match self.sale.state.as_str() {
            "open" => self.known_open(),
            "voided" => self.unreturned().map_or(Known::Voided, Known::Late),
            // Should the row ever say more than its sums, the sums are the truth.
            "paid" if self.sale.due() > 0 => self.known_open(),
            "paid" => match self.unreturned() {
                Some(payment) if payment.kind == "late" => Known::Late(payment),
                Some(payment) => Known::Over(payment),
                None if self.sale.change_given > 0 => Known::Change,
                None => Known::Paid,
            },
            _ => Known::Refunded,
        }
    }

    fn known_open(&self) -> Known<'_> {
        let in_state = |state| self.attempts.iter().rev().find(move |one| one.state == state);
        // Dust that is worth no minor unit can be neither added nor given back, and holds up nothing.
        let waits = |payment: &&Payment| {
            payment.credited == 0 && payment.owed > 0 && payment.given_back_ms.is_none()
        };
        if let Some(payment) = self.payments.iter().find(waits) {
            return Known::Late(payment);
        }
        if let Some(attempt) = in_state("unknown") {
            return Known::Unknown(attempt);
        }
        if let Some(attempt) = in_state("seen") {
            return Known::Seen(attempt);
        }
        if let Some(attempt) = in_state("offered") {
            return Known::Waiting(attempt);
        }
        match self.why_no_offer() {
            Some("no_price") => return Known::NoPrice,
            Some(_) => return Known::RailDown,
            None => {}
        }
        if let Some(payment) = self.payments.iter().rev().find(|one| one.gone_ms.is_some()) {
            return Known::Gone(payment);
        }
        let credited = self.payments.iter().rev().find(|payment| payment.credited > 0);
        credited.map_or(Known::Expired, Known::PartPaid)
    }

    /// Money of a closed sale that is the payer's and was not given back, a sat or more.
    fn unreturned(&self) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.given_back_ms.is_none() && payment.owed > 0)
    }

    /// Why the last try to make an offer made none, if it made none.
    pub(in crate::web) fn why_no_offer(&self) -> Option<&str> {
        let last = self.events.iter().rev().find(|event| event.kind.starts_with("offer."))?;
        if last.kind != "offer.none" {
            return None;
        }
        let no_price = last.body.contains("\"no_price\"");
        Some(if no_price { "no_price" } else { "rail_down" })
    }
}

/// Sales with all that their states need: three queries whatever their number.
pub(in crate::web) async fn with_stories(
    app: &App,
    sales: Vec<Sale>,
) -> Result<Vec<Facts>, DbError> {
    let ids = || sales.iter().map(|sale| &sale.id);
    let (Some(first), Some(last)) = (ids().min(), ids().max()) else {
        return Ok(Vec::new());
    };
    let till = &sales[0].till_id;
    let till = sales.iter().all(|sale| sale.till_id == *till).then_some(till);
    let mut stories = app.db.stories(&sales[0].store_id, till, first, last).await?;
    let now = app.now();
    let facts = sales.into_iter().map(|sale| {
        let story = stories.remove(sale.id.as_str()).unwrap_or_default();
        Facts {
            attempts: story.attempts,
            payments: story.payments,
            events: story.events,
            sale,
            now,
            prefix: None,
        }
    });
    Ok(facts.collect())
}

/// What a payment is called on a list: `Lightning`, `Cash`.
pub(in crate::web) fn tender(payment: &Payment) -> String {
    if payment.kind == Arrival::Marked.as_str() {
        return "Marked paid at BTCPay".into();
    }
    let rail: Option<RailName> = payment.rail.parse().ok();
    let label = rail.map_or_else(|| payment.rail.clone(), |rail| rail.label().to_owned());
    let late = payment.kind == Arrival::Late.as_str();
    if late { format!("{label}, late") } else { label }
}

/// How a sale was paid, on a list: `Cash and Lightning`, `Not paid`.
pub(in crate::web) fn tenders(facts: &Facts) -> String {
    let mut tenders: Vec<String> = Vec::new();
    for payment in facts.payments.iter().filter(|payment| payment.gone_ms.is_none()) {
        let label = tender(payment);
        if !tenders.contains(&label) {
            tenders.push(label);
        }
    }
    if tenders.is_empty() { "Not paid".into() } else { tenders.join(" and ") }
}

/// True for a sale that a list narrowed by `show` holds: `paid`, `waiting`, `look`, or all.
pub(in crate::web) fn shows(show: &str, facts: &Facts) -> bool {
    match show {
        "paid" => facts.sale.state == "paid",
        "waiting" => badge::waits(facts),
        "look" => badge::wants_a_look(facts),
        "refunded" => facts.sale.state.ends_with("refunded"),
        _ => true,
    }
}

/// True for a sale that a search finds: by receipt number, name or amount.
pub(in crate::web) fn found(facts: &Facts, title: &str, query: &str) -> bool {
    let query = query.trim().to_lowercase();
    let amount = facts.sale.currency().map(|currency| currency.write(facts.sale.total));
    query.is_empty()
        || title.to_lowercase().contains(&query)
        || facts.sale.name.to_lowercase().contains(&query)
        || amount.is_ok_and(|amount| amount.replace(',', "").contains(&query.replace(',', "")))
}
