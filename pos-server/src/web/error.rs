//! Refusals: a status and words a person can act on. What went wrong inside is logged under a short
//! code, and only the code is shown.

use std::any::Any;
use std::error::Error;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::access::password::PasswordError;
use crate::access::token;
use crate::access::tries::TryError;
use crate::db::DbError;
use crate::seal::SealError;

/// Where somebody who is not in is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The owner's password.
    SignIn,
    /// The tablet's pairing.
    Pair,
    /// The cashier's PIN.
    Unlock,
    /// A tap of the holder's card.
    Card,
}

impl Door {
    /// Its address.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::Pair => "/pair",
            Self::Unlock => "/till/unlock",
            Self::Card => "/card/own/tap",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::SignIn => "Signed out. Nothing was changed: sign in and do it again.",
            Self::Pair => "This tablet is not a till any more. The sale is kept.",
            Self::Unlock => "Signed out. The sale is kept.",
            Self::Card => {
                "Your time at this page is over. Nothing was changed: tap the card again."
            }
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::Pair => "Make it a till",
            Self::Unlock => "Unlock",
            Self::Card => "Tap the card",
        }
    }
}

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No such page or thing, or somebody else's.
    #[error("not found")]
    NotFound,
    /// It cannot be done as asked; the status and why, in words for a person.
    #[error("{1}")]
    Refused(StatusCode, String),
    /// One has to be let in first.
    #[error("not signed in")]
    NotIn(Door),
    /// Our fault.
    #[error(transparent)]
    Internal(Box<dyn Error + Send + Sync>),
}

impl WebError {
    /// What was sent cannot be used; in words.
    pub fn bad(words: impl Into<String>) -> Self {
        Self::Refused(StatusCode::UNPROCESSABLE_ENTITY, words.into())
    }

    /// Not allowed; in words.
    pub fn forbidden(words: impl Into<String>) -> Self {
        Self::Refused(StatusCode::FORBIDDEN, words.into())
    }

    /// True once, but not any more; in words.
    pub fn conflict(words: impl Into<String>) -> Self {
        Self::Refused(StatusCode::CONFLICT, words.into())
    }

    /// Our fault; logged when it is answered.
    pub fn internal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl From<DbError> for WebError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound => Self::NotFound,
            other => Self::internal(other),
        }
    }
}

impl From<TryError> for WebError {
    fn from(error: TryError) -> Self {
        match error {
            TryError::Db(error) => error.into(),
            other @ TryError::Password(_) => Self::internal(other),
        }
    }
}

macro_rules! our_fault {
    ($($error:ty),+) => {$(
        impl From<$error> for WebError {
            fn from(error: $error) -> Self {
                Self::internal(error)
            }
        }
    )+};
}

our_fault!(PasswordError, SealError, askama::Error, serde_json::Error);

/// A refusal on its way out, for `dress` to make a page, a redirect or JSON of.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) title: String,
    pub(super) words: String,
    pub(super) code: Option<String>,
    pub(super) door: Option<Door>,
    pub(super) action: &'static str,
}

impl Fault {
    pub(super) fn of(title: &str, words: &str) -> Self {
        let (title, words) = (title.to_owned(), words.to_owned());
        Self { title, words, code: None, door: None, action: "Back" }
    }

    /// A fault for an answer that has none: made by the router, or by an extractor.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::of("Nothing here", NOT_FOUND),
            StatusCode::METHOD_NOT_ALLOWED => Self::of("Not this way", "Open the page again."),
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::of("Too much at once", "That is more than a page sends. Nothing was changed.")
            }
            status if status.is_server_error() => Self::of("Something went wrong here", UNSURE),
            _ => Self::of("That cannot be used", "Open the page again. Nothing was changed."),
        }
    }
}

const NOT_FOUND: &str = "There is no such page, or it is not yours.";
// A commit may have gone through although its answer was lost, so no more is claimed than is known.
const UNSURE: &str = "Open the page again before you go on: it shows what is true.";

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, fault) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, Fault::of_status(StatusCode::NOT_FOUND)),
            Self::Refused(status, words) => (status, Fault::of("That did not work", &words)),
            Self::NotIn(door) => {
                let fault = Fault::of("Signed out", door.words());
                (
                    StatusCode::UNAUTHORIZED,
                    Fault { door: Some(door), action: door.action(), ..fault },
                )
            }
            Self::Internal(error) => return internal(&chain(error.as_ref())),
        };
        answer(status, fault)
    }
}

/// Makes an answer of a panic.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    internal(&format!("panicked: {}", words.unwrap_or("without words")))
}

fn internal(error: &str) -> Response {
    let code = token::code(4);
    tracing::error!(%code, %error, "a request failed");
    let fault = Fault::of_status(StatusCode::INTERNAL_SERVER_ERROR);
    answer(StatusCode::INTERNAL_SERVER_ERROR, Fault { code: Some(code), ..fault })
}

fn answer(status: StatusCode, fault: Fault) -> Response {
    let mut response = (status, fault.words.clone()).into_response();
    response.extensions_mut().insert(fault);
    response
}

fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        source = cause.source();
    }
    words
}
