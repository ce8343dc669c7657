//! What is said of a card on pages of staff, owner and holder alike.

use super::error::WebError;
use super::page::part::{Badge, Row};
use crate::db::card::{Card, CardMove};
use crate::domain::currency::Currency;
use crate::domain::local::Local;
use crate::domain::money::Msat;
use crate::domain::time::Time;

/// What the shop calls it, and what its holder does: `Marcia (Mum’s card)`.
pub(super) fn called(card: &Card) -> String {
    match card.nickname.as_str() {
        "" => card.label.clone(),
        nickname => format!("{} ({nickname})", card.label),
    }
}

/// What it may do now.
pub(super) fn badge(card: &Card, now: Time) -> Badge {
    let over = card.expires_ms.is_some_and(|end| end <= now.0);
    let (class, icon, words) = match card.state.as_str() {
        "new" | "active" if over => ("past", "glass", "Expired"),
        "new" => ("wait", "clock", "Not tapped yet"),
        "active" => ("paid", "done", "In use"),
        "frozen" if card.frozen_by == "alarm" => ("fail", "alert", "Maybe copied"),
        "frozen" => ("warn", "snow", "Frozen"),
        _ => ("past", "none", "Gone"),
    };
    Badge { class, icon, words: words.into() }
}

/// `12,400 sats`.
pub(super) fn sats(msat: i64) -> Result<String, WebError> {
    Ok(Msat::from_db(msat).map_err(WebError::internal)?.to_string())
}

/// What it may spend and hold, and until when.
pub(super) fn limits(card: &Card, local: &Local) -> Result<Vec<Row>, WebError> {
    let row = |label: &str, amount: String| Row { label: label.into(), amount };
    let mut rows = vec![
        row("At most by one tap", sats(card.tap_limit_msat)?),
        row("At most on one day", sats(card.day_limit_msat)?),
    ];
    if let Some(most) = card.balance_limit_msat {
        rows.push(row("At most on the card", sats(most)?));
    }
    rows.push(row("PIN", pin(card)?));
    if let Some(end) = card.expires_ms {
        rows.push(row("Good until", local.day(end)));
    }
    Ok(rows)
}

fn pin(card: &Card) -> Result<String, WebError> {
    Ok(match card.pin_hash {
        None => "None".into(),
        Some(_) if crate::card::pin::blocked(card) => "Blocked".into(),
        Some(_) if card.pin_from_msat <= 1_000 => "Always".into(),
        Some(_) => format!("From {}", sats(card.pin_from_msat)?),
    })
}

/// What went on or off it, in words.
pub(super) fn kind(done: &CardMove) -> &'static str {
    match done.kind.as_str() {
        "top_up" => "Topped up",
        "payment" => "Paid",
        "withdrawal" => "Paid elsewhere",
        "returned" => "Came back",
        "points" => "From points",
        "moved_in" => "From another card",
        _ => "To another card",
    }
}

/// The same with a sign: what a holder has more or less since.
pub(super) fn change(done: &CardMove) -> Result<String, WebError> {
    let less = matches!(done.kind.as_str(), "payment" | "withdrawal" | "moved_out");
    Ok(format!("{}{}", if less { "−" } else { "+" }, sats(done.msat)?))
}

/// What the cash or the sale came to, where money of the shop was in it.
pub(super) fn amount(done: &CardMove) -> Option<String> {
    let currency: Currency = done.currency.parse().ok()?;
    (done.amount > 0).then(|| currency.write(done.amount))
}
