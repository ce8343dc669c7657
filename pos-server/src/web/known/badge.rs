//! The short form of a sale's state, for lists.

use super::{Facts, Known};
use crate::domain::currency::Currency;
use crate::web::page::part::Badge;

/// The badge of a sale: `Paid`, `Checking`, `J$50.00 over`.
pub(in crate::web) fn badge(facts: &Facts, currency: &Currency) -> Badge {
    let badge = |class, icon, words: &str| Badge { class, icon, words: words.to_owned() };
    match facts.known() {
        Known::Waiting(_) => badge("wait", "clock", "Waiting"),
        Known::Seen(_) => badge("seen", "eye", "Seen"),
        Known::Unknown(_) => badge("doubt", "ask", "Checking"),
        Known::Late(_) => badge("warn", "alert", "Paid late"),
        Known::PartPaid(_) => badge("warn", "half", "Part paid"),
        Known::Gone(_) => badge("fail", "fail", "Taken back"),
        Known::Expired => badge("past", "glass", "Time ran out"),
        Known::NoPrice => badge("warn", "alert", "No price"),
        Known::RailDown => badge("warn", "alert", "Not paid"),
        Known::Voided => badge("past", "none", "Cancelled"),
        Known::Refunded => badge("past", "refund", "Refunded"),
        Known::Paid | Known::Change => badge("paid", "done", "Paid"),
        Known::Over(payment) => {
            badge("paid", "over", &format!("{} over", currency.write(payment.owed)))
        }
    }
}

/// True when somebody has to decide something.
pub(in crate::web) fn wants_a_look(facts: &Facts) -> bool {
    use Known::{Gone, Late, Over, PartPaid, Unknown};
    matches!(facts.known(), Late(_) | Over(_) | PartPaid(_) | Gone(_) | Unknown(_))
}

/// True while money may still come.
pub(in crate::web) fn waits(facts: &Facts) -> bool {
    facts.sale.state == "open"
}
