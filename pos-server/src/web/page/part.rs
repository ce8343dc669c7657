//! Small things that several pages are made of.

pub use crate::receipt::Row;

/// Somebody who works here.
#[derive(Debug, Clone)]
pub struct Person {
    /// The identifier, as forms send it.
    pub id: String,
    /// `Keisha`.
    pub name: String,
    /// `KB`.
    pub initials: String,
}

/// The short form of a state, on a list.
#[derive(Debug, Clone)]
pub struct Badge {
    /// The state's class: `paid`, `seen`, `doubt`, `warn`, `past`, `wait`.
    pub class: &'static str,
    /// The state's sign.
    pub icon: &'static str,
    /// `Paid`, `Checking`, `J$50.00 over`.
    pub words: String,
}

/// The class that steps a long amount's size down, so that it is never cut.
#[must_use]
pub fn size(amount: &str) -> &'static str {
    match amount.chars().count() {
        0..=10 => "",
        11..=14 => "long",
        _ => "longer",
    }
}

/// A one-time link on the screen, for a few minutes.
#[derive(Debug, Clone)]
pub struct Code {
    /// The link.
    pub link: String,
    /// The QR code of the link.
    pub qr: crate::receipt::qr::Qr,
    /// `12:54`.
    pub until: String,
    /// Milliseconds until then as the page leaves, for a countdown that trusts no tablet's clock.
    pub left_ms: i64,
    /// What is left: `10:00`.
    pub left: String,
}

/// A number with groups: `12,400`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
