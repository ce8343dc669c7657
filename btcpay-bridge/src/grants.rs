//! Money that goes onto a card: by a payout of the store's own, made with its key and approved at once,
//! to the invoice that tops the card up. Never by a pull payment that anybody could claim from.

use btcpay_client::payout::{CreatePayout, CreateStorePayout, Payout, PayoutState};
use btcpay_client::{Extra, PaymentMethodId};
use rust_decimal::Decimal;
use serde_json::json;

use crate::desk::{Desk, Trouble};
use crate::make::SYSTEM;

/// Millisatoshi of a bitcoin, in which the store's payouts are.
const MSAT_PER_BITCOIN: i64 = 100_000_000_000;
/// The property of a payout's metadata that holds our own name for it.
const REFERENCE: &str = "posReference";

/// How a payout stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOut {
    /// BTCPay's id of it.
    pub id: String,
    /// Whether it is over, and how.
    pub end: Option<PaidOutEnd>,
}

/// How a payout ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidOutEnd {
    /// It is paid.
    Completed,
    /// It is not, and will not be.
    Cancelled,
}

impl From<Payout> for PaidOut {
    fn from(payout: Payout) -> Self {
        let end = match payout.state {
            PayoutState::Completed => Some(PaidOutEnd::Completed),
            PayoutState::Cancelled => Some(PaidOutEnd::Cancelled),
            _ => None,
        };
        Self { id: payout.id, end }
    }
}

impl Desk {
    /// An invoice whose payment raises what is on the card that wrote `p`, by LNURL-pay (LUD-06) of
    /// the Boltcards plugin.
    pub async fn top_up_invoice(&self, p: &str, msat: i64) -> Result<String, Trouble> {
        let (least, most) = self.client.boltcard_top_up(p).await?;
        if msat < least || msat > most {
            return Err(Trouble::Refused("BTCPay does not put that amount on a card".into()));
        }
        Ok(self.client.boltcard_top_up_invoice(p, msat).await?)
    }

    /// The payout that was made under a reference of ours.
    pub async fn paid_out_before(&self, reference: &str) -> Result<Option<PaidOut>, Trouble> {
        let all = self.client.payouts(&self.store, true).await?;
        let ours = |payout: &Payout| payout.metadata.get(REFERENCE) == Some(&json!(reference));
        // Of several the one that may be paid counts.
        let mut found: Vec<PaidOut> = all.into_iter().filter(ours).map(PaidOut::from).collect();
        found.sort_by_key(|one| one.end == Some(PaidOutEnd::Cancelled));
        Ok(found.into_iter().next())
    }

    /// Pays a BOLT11 invoice of so many millisatoshi by a payout of the store's. `Away` means that it
    /// may have been made: look by its reference, and do not ask again.
    pub async fn pay_out(
        &self,
        reference: &str,
        bolt11: &str,
        msat: i64,
        words: &str,
    ) -> Result<PaidOut, Trouble> {
        let mut metadata = Extra::new();
        metadata.insert(REFERENCE.into(), json!(reference));
        metadata.insert("posSystem".into(), json!(SYSTEM));
        metadata.insert("source".into(), json!(words));
        let asked = CreateStorePayout {
            payout: CreatePayout {
                destination: bolt11.to_owned(),
                amount: Some(bitcoin(msat)),
                payout_method_id: PaymentMethodId::btc_ln(),
            },
            pull_payment_id: None,
            approved: true,
            metadata,
        };
        Ok(self.client.create_payout(&self.store, &asked).await?.into())
    }
}

/// Millisatoshi in bitcoin, to the last digit.
fn bitcoin(msat: i64) -> Decimal {
    (Decimal::from(msat) / Decimal::from(MSAT_PER_BITCOIN)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payout_is_in_bitcoin_to_the_last_digit() {
        for (msat, text) in [
            (1, "0.00000000001"),
            (21_000, "0.00000021"),
            (100_000_000, "0.001"),
            (2_100_000_000_000_000, "21000"),
        ] {
            assert_eq!(bitcoin(msat).to_string(), text);
        }
    }
}
