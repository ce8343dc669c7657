//! What a token may do.

use std::fmt;

/// One thing that a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Scope {
    SalesRead,
    SalesWrite,
    ItemsRead,
    RatesRead,
}

impl Scope {
    /// All of them, as the dashboard lists them.
    pub(in crate::web) const ALL: [Self; 4] =
        [Self::SalesRead, Self::SalesWrite, Self::ItemsRead, Self::RatesRead];

    /// As it is written: `sales:read`.
    pub(in crate::web) fn as_str(self) -> &'static str {
        match self {
            Self::SalesRead => "sales:read",
            Self::SalesWrite => "sales:write",
            Self::ItemsRead => "items:read",
            Self::RatesRead => "rates:read",
        }
    }

    /// True if it stands among the words of a token.
    pub(in crate::web) fn is_in(self, scopes: &str) -> bool {
        scopes.split(' ').any(|scope| scope == self.as_str())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
