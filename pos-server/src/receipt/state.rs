//! What became of a sale, as its receipt says it.

use crate::db::attempt::Attempt;
use crate::db::sale::Sale;

/// What became of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for money.
    NotPaid,
    /// Its rail did not say whether it is paid.
    Unknown,
    /// The money is ours.
    Paid,
    /// A part was given back.
    PartRefunded,
    /// All was given back.
    Refunded,
    /// It was cancelled before it was paid.
    Cancelled,
}

/// The line under the total: doubled only when the sum is closed and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// None: it is past.
    Nothing,
    /// The sum is open.
    Single,
    /// The sum is closed.
    Double,
}

impl State {
    /// The state that a sale's rows show.
    #[must_use]
    pub fn of(sale: &Sale, attempts: &[Attempt]) -> Self {
        match sale.state.as_str() {
            "paid" => Self::Paid,
            "part_refunded" => Self::PartRefunded,
            "refunded" => Self::Refunded,
            "voided" => Self::Cancelled,
            _ if attempts.iter().any(|attempt| attempt.state == "unknown") => Self::Unknown,
            _ => Self::NotPaid,
        }
    }

    /// The state in a word or two.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotPaid => "Not paid yet",
            Self::Unknown => "Checking",
            Self::Paid => "Paid",
            Self::PartRefunded => "Refunded in part",
            Self::Refunded => "Refunded",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Why this is no receipt, if it is none.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::NotPaid => Some("This is not a receipt: not paid yet"),
            Self::Unknown => Some("This is not a receipt: we don’t know yet whether it is paid"),
            Self::Cancelled => Some("This is not a receipt: the sale was cancelled"),
            Self::Paid | Self::PartRefunded | Self::Refunded => None,
        }
    }

    /// The line under the total.
    #[must_use]
    pub fn under(self) -> Under {
        match self {
            Self::Paid => Under::Double,
            Self::NotPaid | Self::Unknown => Under::Single,
            Self::PartRefunded | Self::Refunded | Self::Cancelled => Under::Nothing,
        }
    }
}
