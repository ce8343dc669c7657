//! The bar over the till and its recent sales.

use super::part::Person;

/// Who is on the till, and what waits beside it.
#[derive(Debug, Clone)]
pub struct Bar {
    /// The shop's name.
    pub shop: String,
    /// The cashier.
    pub cashier: Person,
    /// Sales set aside.
    pub parked: Vec<Parked>,
    /// The session's token for forms.
    pub csrf: String,
}

/// A sale that was set aside.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Parked {
    /// The parked sale's identifier.
    pub id: String,
    /// `Table 2`.
    pub name: String,
    /// Who parked it.
    pub who: String,
    /// `6 min ago`.
    pub age: String,
    /// `J$2,350.00`.
    pub total: String,
}
