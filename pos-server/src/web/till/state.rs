//! What a cashier should know of a sale, decided from its rows: one state, never a guess.

use crate::db::attempt::Attempt;
use crate::db::event::Event;
use crate::db::payment::Payment;
use crate::db::sale::Sale;
use crate::domain::time::Time;

/// Everything that is known of a sale.
pub(super) struct Facts {
    pub(super) sale: Sale,
    pub(super) attempts: Vec<Attempt>,
    pub(super) payments: Vec<Payment>,
    pub(super) events: Vec<Event>,
    pub(super) now: Time,
}

/// The one state, with the rows that its words need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known<'a> {
    Waiting(&'a Attempt),
    Seen(&'a Attempt),
    Unknown(&'a Attempt),
    Late(&'a Payment),
    PartPaid(&'a Payment),
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
    /// The state of the sale. What waits for a person's word comes before what waits for time.
    pub(super) fn known(&self) -> Known<'_> {
        match self.sale.state.as_str() {
            "open" => self.known_open(),
            "voided" => self.unreturned().map_or(Known::Voided, Known::Late),
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
        let waits = |payment: &&Payment| payment.credited == 0 && payment.given_back_ms.is_none();
        if let Some(payment) = self.payments.iter().find(|payment| waits(payment)) {
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
        let credited = self.payments.iter().rev().find(|payment| payment.credited > 0);
        credited.map_or(Known::Expired, Known::PartPaid)
    }

    /// Money of a closed sale that is the payer's and was not given back, a sat or more.
    fn unreturned(&self) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.given_back_ms.is_none() && payment.owed > 0)
    }

    /// Why the last try to make an offer made none, if it made none.
    pub(super) fn why_no_offer(&self) -> Option<&str> {
        let last = self.events.iter().rev().find(|event| event.kind.starts_with("offer."))?;
        if last.kind != "offer.none" {
            return None;
        }
        let no_price = last.body.contains("\"no_price\"");
        Some(if no_price { "no_price" } else { "rail_down" })
    }
}
