//! Why a source gave nothing, in words that follow its name: “Kraken: asks us to slow down”.

use std::time::Duration;

use super::check::Fault;

/// Why a source gave no figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// No connection, no name, or no trusted certificate.
    #[error("could not be reached")]
    Unreachable,
    /// It did not answer in full within the limit.
    #[error("no answer within {0:?}")]
    TooSlow(Duration),
    /// The connection broke in the middle of the answer.
    #[error("the answer broke off")]
    Cut,
    /// It asks us to wait.
    #[error("asks us to slow down")]
    Limited {
        /// How long, if it says.
        retry_after: Option<Duration>,
    },
    /// An HTTP status that is no success.
    #[error("answered with error {code}{words}")]
    Status {
        /// The HTTP status.
        code: u16,
        /// What it said, led by a colon, or nothing.
        words: String,
        /// How long to wait, if it says.
        retry_after: Option<Duration>,
    },
    /// An answer that says no in its own words.
    #[error("said “{0}”")]
    Said(String),
    /// The answer is longer than we read.
    #[error("the answer is too long")]
    TooLong,
    /// A web page, or anything else that is not the data we know.
    #[error("answered with something that is not a price")]
    NotData,
    /// A field is missing or null.
    #[error("the answer has no {0}")]
    Missing(String),
    /// A field holds something else than a decimal number.
    #[error("its {0} is not a number")]
    NotANumber(String),
    /// A figure that makes no sense.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl SourceError {
    /// What a source said, made short and printable.
    #[must_use]
    pub fn said(words: &str) -> Self {
        Self::Said(clip(words))
    }

    /// How long the source wants us to wait, if it says.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limited { retry_after } | Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What kind of trouble it is, which says when to ask again.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Unreachable | Self::TooSlow(_) | Self::Cut => Trouble::Line,
            Self::Limited { .. } | Self::Status { .. } | Self::Said(_) => Trouble::Refusal,
            _ => Trouble::Content,
        }
    }
}

/// Kinds of trouble with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The line is bad: the next try may work at once.
    Line,
    /// The source turns us away: asking often does harm.
    Refusal,
    /// The answer came and is no good: ask at the usual pace.
    Content,
}

/// At most 80 printable characters.
pub(super) fn clip(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect()
}
