//! BTCPay as a purse: it pays from the store's Lightning node, and makes invoices there that are no
//! sale's. It tells nothing of those by itself.

use async_trait::async_trait;
use btcpay_bridge::{Payment, Trouble};

use super::Btcpay;
use super::rail::{failed, seconds};
use crate::domain::money::Msat;
use crate::rail::RailError;
use crate::rail::bolt11;
use crate::rail::purse::{Came, Drawn, Fate, Order, Purse, Wanted};

const NO_RIGHT: &str =
    "This shop’s BTCPay does not let us pay. The owner has to pair it again, for cards.";
const MSAT_PER_SAT: u64 = 1_000;

#[async_trait]
impl Purse for Btcpay {
    /// Whether the key may pay; BTCPay looks at the invoice itself when it is to pay it.
    async fn examine(&self, order: &Order) -> Result<(), RailError> {
        if !self.desk.may_pay().await.map_err(failed)? {
            return Err(RailError::Refused(NO_RIGHT.into()));
        }
        // Somebody else who pays by this node may have been first: that is none of the card's doing.
        match self.fate(&order.payment_hash).await? {
            Fate::Absent | Fate::Failed(_) => Ok(()),
            Fate::Paid { .. } | Fate::Pending => {
                Err(RailError::Refused("This code is paid already, or being paid.".into()))
            }
        }
    }

    async fn pay(&self, order: &Order) -> Result<Fate, RailError> {
        let fee_limit = order.fee_limit.get() / MSAT_PER_SAT;
        match self.desk.pay(&order.request, fee_limit).await {
            Ok(Payment::Paid { fee_msat }) => paid(fee_msat),
            Ok(_) => Ok(Fate::Pending),
            Err(Trouble::Denied(_)) => Err(RailError::Refused(NO_RIGHT.into())),
            // It may have the payment already, from before: what it says of the hash is the truth.
            Err(Trouble::Refused(_) | Trouble::NotFound) => {
                match self.fate(&order.payment_hash).await? {
                    Fate::Absent => Err(RailError::Refused("This code cannot be paid.".into())),
                    known => Ok(known),
                }
            }
            Err(Trouble::Away(why)) => Err(RailError::Unreachable(why)),
        }
    }

    async fn fate(&self, payment_hash: &str) -> Result<Fate, RailError> {
        match self.desk.payment(payment_hash).await {
            Ok(Payment::Paid { fee_msat }) => paid(fee_msat),
            Ok(Payment::Failed) => Ok(Fate::Failed("The payment did not go through.".into())),
            Ok(Payment::Pending) => Ok(Fate::Pending),
            Ok(Payment::Absent) => Ok(Fate::Absent),
            // However it is refused, the payment's end is not known by that.
            Err(trouble) => Err(RailError::Unreachable(trouble.to_string())),
        }
    }

    async fn draw(&self, wanted: &Wanted) -> Result<Drawn, RailError> {
        let lasts = i64::try_from(bolt11::expiry_seconds(wanted.expires_in)).unwrap_or(i64::MAX);
        let made = self.desk.draw(wanted.amount.get(), &wanted.metadata, lasts).await;
        let made = made.map_err(failed)?;
        let read = bolt11::Invoice::read(&made.bolt11).map_err(|error| {
            RailError::Refused(format!("BTCPay’s invoice cannot be used: {error}"))
        })?;
        if read.amount != Some(wanted.amount) {
            let words = "BTCPay made another invoice than we asked for";
            return Err(RailError::Refused(words.into()));
        }
        Ok(Drawn {
            payment_hash: read.payment_hash,
            at_rail: made.id,
            request: made.bolt11,
            expires_at: read.expires_at,
        })
    }

    async fn came(&self, at_rail: &str) -> Result<Came, RailError> {
        let found = self.desk.drawn(at_rail).await.map_err(failed)?;
        let nonsense = |_| RailError::Unreachable("BTCPay tells of an impossible amount".into());
        Ok(match found.paid {
            Some((msat, at)) => Came::Paid {
                amount: Msat::new(msat).map_err(nonsense)?,
                at: seconds(at),
                preimage: found.preimage,
            },
            None if found.over => Came::Over,
            None => Came::Open,
        })
    }

    fn tells(&self) -> bool {
        false
    }
}

fn paid(fee_msat: u64) -> Result<Fate, RailError> {
    let nonsense = |_| RailError::Unreachable("BTCPay tells of an impossible fee".into());
    Ok(Fate::Paid { fee: Msat::new(fee_msat).map_err(nonsense)? })
}
