//! The cash drawer. It keeps no books: the cashier says what it took.

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use uuid::Uuid;

use super::{Ask, Capabilities, Cursor, Offer, Rail, RailError, RailName, Status, Told, ToldBy};
use crate::domain::time::{Clock, SystemClock};

/// What every reference of the drawer begins with.
const PREFIX: &str = "cash-";

/// Cash over the counter.
///
/// An offer is nothing but a fresh reference, for the payment that the cashier will report. The
/// drawer remembers nothing, so its status for any reference of its own is `Open`; whether it was
/// paid, only the cashier can say.
#[derive(Debug, Default)]
pub struct Cash;

impl Cash {
    fn is_ours(reference: &str) -> bool {
        reference.strip_prefix(PREFIX).is_some_and(|id| Uuid::parse_str(id).is_ok())
    }
}

#[async_trait]
impl Rail for Cash {
    fn name(&self) -> RailName {
        RailName::Cash
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            told_by: ToldBy::Cashier,
            needs_quote: false,
            can_cancel: true,
            can_underpay: false,
            finds_lost: false,
            takes_back: false,
            real: true,
        }
    }

    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        Ok(Offer {
            reference: format!("{PREFIX}{}", Uuid::now_v7()),
            request: None,
            expires_at: SystemClock.now().after(ask.expires_in),
            priced: None,
            confirmations: None,
        })
    }

    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        Ok(if Self::is_ours(reference) { Status::Open } else { Status::Unknown })
    }

    /// Always `Closed` for a reference of its own: nobody but the cashier can pay it.
    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        Ok(if Self::is_ours(reference) { Status::Closed } else { Status::Unknown })
    }

    /// Silent, and never ends.
    fn notices(&self, _from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        stream::pending().boxed()
    }
}
