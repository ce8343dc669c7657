//! What a handler gives when it does not do what was asked.

use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::db::DbError;
use crate::domain::cart::CartError;
use crate::till::TillError;
use crate::web::error::WebError;

/// Why a request was not done: a problem of the caller's, or one of ours that is logged first.
pub(super) enum Refusal {
    Problem(Problem),
    Web(WebError),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Web(error) => error.into_response(),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<WebError> for Refusal {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Self::Web(error.into())
    }
}

impl From<TillError> for Refusal {
    fn from(error: TillError) -> Self {
        let words = format!("{}.", error.to_string().trim_end_matches('.'));
        match error {
            TillError::KeyReused => Problem::key_reused().into(),
            TillError::PriceChanged => {
                Problem::conflict("A price changed in this moment. Send it again.").into()
            }
            TillError::Refused(_) => Problem::conflict(words).into(),
            TillError::Cart(CartError::Discount) => Problem::field("discount", words).into(),
            TillError::Cart(CartError::Tip) => Problem::field("tip", words).into(),
            TillError::Cart(_) | TillError::Money(_) => Problem::field("lines", words).into(),
            TillError::Db(_)
            | TillError::Ledger(_)
            | TillError::Points(_)
            | TillError::PinNeeded => Self::Web(error.into()),
        }
    }
}
