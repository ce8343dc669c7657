//! Small things that several pages are made of.

/// A thing and its amount, one line of a bill.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is: `2 Flat white`, `GCT 15%, included`.
    pub label: String,
    /// How much: `1,500.00`.
    pub amount: String,
}

impl Row {
    /// A line of a bill.
    pub fn new(label: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { label: label.into(), amount: amount.into() }
    }
}

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
