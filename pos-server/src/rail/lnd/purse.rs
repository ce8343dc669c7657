//! LND as a purse: `SendPaymentV2` pays, `TrackPaymentV2` tells what became of it, by hash.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use hex::FromHex;
use sha2::{Digest, Sha256};
use tonic_lnd::lnrpc;
use tonic_lnd::lnrpc::PaymentFailureReason;
use tonic_lnd::lnrpc::invoice::InvoiceState;
use tonic_lnd::lnrpc::payment::PaymentStatus;
use tonic_lnd::routerrpc::{SendPaymentRequest, TrackPaymentRequest};
use tonic_lnd::tonic::{Code, Status, Streaming};

use super::Lnd;
use super::fault::Fault;
use super::rail::{payment, reference};
use crate::domain::money::Msat;
use crate::rail::RailError;
use crate::rail::bolt11::{self, expiry_seconds};
use crate::rail::purse::{Came, Drawn, Fate, Order, Purse, Wanted};

/// How long LND looks for a way.
const SEARCH: Duration = Duration::from_secs(30);
/// How long a payment is followed; one that takes longer is looked up afterwards.
const FOLLOW: Duration = Duration::from_secs(45);

#[async_trait]
impl Purse for Lnd {
    /// `DecodePayReq`, which refuses an invoice of another network, and `GetInfo` where the macaroon
    /// allows it.
    async fn examine(&self, order: &Order) -> Result<(), RailError> {
        let request = lnrpc::PayReqString { pay_req: order.request.clone() };
        let read = self.call(self.lightning.clone().decode_pay_req(request)).await;
        let read = read.map_err(|fault| match fault {
            Fault::NoRight => RailError::Refused(NO_RIGHT.into()),
            other => other.into(),
        })?;
        match self.call(self.lightning.clone().get_info(lnrpc::GetInfoRequest {})).await {
            Ok(own) if own.identity_pubkey == read.destination => {
                return Err(RailError::Refused(OWN.into()));
            }
            Ok(_) | Err(Fault::NoRight) => {}
            Err(fault) => return Err(fault.into()),
        }
        // Somebody else who pays by this node may have been first: that is none of the card's doing.
        match self.fate(&order.payment_hash).await? {
            Fate::Absent | Fate::Failed(_) => Ok(()),
            Fate::Paid { .. } | Fate::Pending => Err(RailError::Refused(PAID.into())),
        }
    }

    async fn pay(&self, order: &Order) -> Result<Fate, RailError> {
        let request = SendPaymentRequest {
            payment_request: order.request.clone(),
            timeout_seconds: i32::try_from(SEARCH.as_secs()).unwrap_or(i32::MAX),
            fee_limit_msat: order.fee_limit.to_db(),
            ..Default::default()
        };
        let sending = async {
            let mut router = self.router.clone();
            let updates = match router.send_payment_v2(request).await {
                Ok(answer) => answer.into_inner(),
                Err(status) => return self.refused(order, status).await,
            };
            self.follow(order, updates).await
        };
        // LND goes on with it: that it takes long says nothing.
        tokio::time::timeout(FOLLOW, sending).await.unwrap_or(Ok(Fate::Pending))
    }

    async fn fate(&self, payment_hash: &str) -> Result<Fate, RailError> {
        let Ok(hash) = <[u8; 32]>::from_hex(payment_hash) else { return Ok(Fate::Absent) };
        let request =
            TrackPaymentRequest { payment_hash: hash.to_vec(), no_inflight_updates: false };
        let tracking = async {
            let mut updates = match self.router.clone().track_payment_v2(request).await {
                Ok(answer) => answer.into_inner(),
                Err(status) => return tracked(status),
            };
            match updates.next().await {
                Some(Ok(update)) => fate(&update),
                Some(Err(status)) => tracked(status),
                None => Err(RailError::Unreachable("LND hung up".into())),
            }
        };
        let silent = || Err(Fault::Silent(self.patience).into());
        tokio::time::timeout(self.patience, tracking).await.unwrap_or_else(|_| silent())
    }

    async fn draw(&self, wanted: &Wanted) -> Result<Drawn, RailError> {
        let hash = Sha256::digest(wanted.metadata.as_bytes());
        let invoice = lnrpc::Invoice {
            description_hash: hash.to_vec(),
            value_msat: wanted.amount.to_db(),
            expiry: i64::try_from(expiry_seconds(wanted.expires_in)).unwrap_or(i64::MAX),
            private: true,
            ..Default::default()
        };
        let added = self.call(self.lightning.clone().add_invoice(invoice)).await?;
        let read = bolt11::Invoice::read(&added.payment_request)
            .map_err(|error| RailError::Refused(format!("LND's answer cannot be used: {error}")))?;
        let payment_hash = reference(&added.r_hash);
        if read.amount != Some(wanted.amount) || read.payment_hash != payment_hash {
            return Err(RailError::Refused("LND made another invoice than we asked for".into()));
        }
        Ok(Drawn {
            at_rail: payment_hash.clone(),
            payment_hash,
            request: added.payment_request,
            expires_at: read.expires_at,
        })
    }

    async fn came(&self, at_rail: &str) -> Result<Came, RailError> {
        let Ok(hash) = <[u8; 32]>::from_hex(at_rail) else { return Ok(Came::Over) };
        let request = lnrpc::PaymentHash { r_hash: hash.to_vec(), ..Default::default() };
        let invoice = match self.call(self.lightning.clone().lookup_invoice(request)).await {
            Ok(invoice) => invoice,
            Err(Fault::NotFound) => return Ok(Came::Over),
            Err(fault) => return Err(fault.into()),
        };
        Ok(match invoice.state() {
            InvoiceState::Open | InvoiceState::Accepted => Came::Open,
            InvoiceState::Canceled => Came::Over,
            InvoiceState::Settled => {
                let paid = payment(&invoice)?;
                let preimage = Some(hex::encode(&invoice.r_preimage));
                Came::Paid { amount: paid.amount, at: paid.at, preimage }
            }
        })
    }

    fn tells(&self) -> bool {
        true
    }
}

const NO_RIGHT: &str = "This shop’s node does not let us pay (offchain:read, offchain:write).";
const PAID: &str = "This code is paid already, or being paid.";
const OWN: &str = "This code is of the same node that would pay it.";

impl Lnd {
    /// Reads updates to the payment's end. Once LND took it, a stream that breaks off proves nothing.
    async fn follow(
        &self,
        order: &Order,
        mut updates: Streaming<lnrpc::Payment>,
    ) -> Result<Fate, RailError> {
        let mut taken = false;
        while let Some(update) = updates.next().await {
            match update {
                Ok(update) => match fate(&update)? {
                    Fate::Pending => taken = true,
                    end => return Ok(end),
                },
                Err(status) if taken => return Err(Unclear::from(status).into()),
                Err(status) => return self.refused(order, status).await,
            }
        }
        Err(RailError::Unreachable("LND hung up before the payment ended".into()))
    }

    /// LND did not take the order. It may have it already, from before; only what it says of the
    /// hash then is the truth.
    async fn refused(&self, order: &Order, status: Status) -> Result<Fate, RailError> {
        let fault = Fault::from(status);
        if fault == Fault::NoRight {
            return Err(RailError::Refused(NO_RIGHT.into()));
        }
        match RailError::from(fault) {
            lost @ RailError::Unreachable(_) => Err(lost),
            RailError::Refused(words) => match self.fate(&order.payment_hash).await? {
                Fate::Absent if words.contains("self-payment") => {
                    Err(RailError::Refused(OWN.into()))
                }
                Fate::Absent => Err(RailError::Refused("This code cannot be paid.".into())),
                known => Ok(known),
            },
        }
    }
}

/// What happened is not known, whatever LND said last.
struct Unclear(Status);

impl From<Status> for Unclear {
    fn from(status: Status) -> Self {
        Self(status)
    }
}

impl From<Unclear> for RailError {
    fn from(Unclear(status): Unclear) -> Self {
        Self::Unreachable(Fault::from(status).to_string())
    }
}

fn tracked(status: Status) -> Result<Fate, RailError> {
    let unheard = status.code() == Code::NotFound || status.message().contains("isn't initiated");
    if unheard {
        return Ok(Fate::Absent);
    }
    // However it is refused, the payment's end is not known by that.
    Err(Unclear(status).into())
}

fn fate(update: &lnrpc::Payment) -> Result<Fate, RailError> {
    let nonsense = || RailError::Unreachable("LND tells of an impossible fee".into());
    Ok(match update.status() {
        PaymentStatus::Succeeded => {
            let fee = u64::try_from(update.fee_msat).ok().and_then(|fee| Msat::new(fee).ok());
            Fate::Paid { fee: fee.ok_or_else(nonsense)? }
        }
        PaymentStatus::Failed => Fate::Failed(words(update.failure_reason()).into()),
        _ => Fate::Pending,
    })
}

fn words(reason: PaymentFailureReason) -> &'static str {
    match reason {
        PaymentFailureReason::FailureReasonNoRoute => {
            "No way was found to the shop’s node that is cheap enough."
        }
        PaymentFailureReason::FailureReasonTimeout => "The shop’s node was not reached in time.",
        PaymentFailureReason::FailureReasonInsufficientBalance => {
            "The card’s issuer cannot send that much just now."
        }
        PaymentFailureReason::FailureReasonIncorrectPaymentDetails => {
            "The shop’s node does not take this code any more."
        }
        _ => "The payment did not go through.",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn update(status: PaymentStatus) -> lnrpc::Payment {
        lnrpc::Payment { status: status.into(), fee_msat: 7, ..Default::default() }
    }

    #[test]
    fn only_a_terminal_state_ends_a_payment() {
        assert_eq!(
            fate(&update(PaymentStatus::Succeeded)).unwrap(),
            Fate::Paid { fee: Msat::new(7).unwrap() }
        );
        assert!(matches!(fate(&update(PaymentStatus::Failed)).unwrap(), Fate::Failed(_)));
        for state in [PaymentStatus::InFlight, PaymentStatus::Initiated] {
            assert_eq!(fate(&update(state)).unwrap(), Fate::Pending);
        }
    }

    #[test]
    fn a_refused_look_up_proves_nothing_but_what_was_never_sent() {
        assert_eq!(tracked(Status::not_found("payment isn't initiated")), Ok(Fate::Absent));
        assert_eq!(tracked(Status::unknown("payment isn't initiated")), Ok(Fate::Absent));
        for status in [Status::permission_denied(""), Status::internal(""), Status::unknown("x")] {
            assert!(matches!(tracked(status), Err(RailError::Unreachable(_))));
        }
    }
}
