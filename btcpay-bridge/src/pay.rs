//! Paying from the store's Lightning node, and invoices of that node that are no sale's: what cards
//! over the network need.

use btcpay_client::Error;
use btcpay_client::lightning::{
    CreateLightningInvoice, LightningInvoiceStatus, LightningPayment, LightningPaymentStatus,
    PayLightningInvoice,
};

use crate::desk::{Desk, Trouble};
use crate::rights::Right;

/// What cards need that pay at other tills. Asked for only where the merchant wants that: whoever has
/// it can spend what is in the store's channels.
pub const PAY_RIGHT: Right = Right {
    policy: "btcpay.store.canuselightningnode",
    why: "Pay other shops from this store’s Lightning node when your cards are tapped there",
    needed: false,
};

/// How long BTCPay's node looks for a way before it answers.
const SEARCH_SECONDS: u32 = 6;

/// What became of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payment {
    /// It arrived, for a fee in millisatoshi.
    Paid {
        /// What the way cost.
        fee_msat: u64,
    },
    /// It failed, by the node's own word.
    Failed,
    /// It is on its way, or the node does not say.
    Pending,
    /// The node has never heard of it.
    Absent,
}

/// An invoice of the store's node that is no sale's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The node's name for it.
    pub id: String,
    /// The invoice.
    pub bolt11: String,
    /// Millisatoshi that came and unix seconds at which they did, once it is paid.
    pub paid: Option<(u64, i64)>,
    /// It can be paid no more, and was not.
    pub over: bool,
    /// The proof of payment, where the node tells it.
    pub preimage: Option<String>,
}

impl Desk {
    /// Whether this key may pay.
    pub async fn may_pay(&self) -> Result<bool, Trouble> {
        let key = self.client.current_api_key().await?;
        Ok(key.allows(PAY_RIGHT.policy, &self.store))
    }

    /// Pays an invoice, for at most so many satoshi of fee. `Refused` is BTCPay's word that its node
    /// did not pay; whether an earlier order did is for [`Desk::payment`] to say. `Away` leaves all
    /// open.
    pub async fn pay(&self, bolt11: &str, max_fee_sat: u64) -> Result<Payment, Trouble> {
        let order = PayLightningInvoice {
            bolt11: bolt11.to_owned(),
            max_fee_sat: Some(i64::try_from(max_fee_sat).unwrap_or(i64::MAX)),
            send_timeout_seconds: Some(SEARCH_SECONDS),
        };
        let paid = self.client.pay_lightning_invoice(&self.store, &order).await?;
        read(&paid)
    }

    /// What became of a payment, by its hash.
    pub async fn payment(&self, hash: &str) -> Result<Payment, Trouble> {
        match self.client.lightning_payment(&self.store, hash).await {
            Ok(payment) => read(&payment),
            // Only this code speaks of the payment: without one there may be no node to ask.
            Err(Error::NotFound { code: Some(code), .. }) if code == "payment-not-found" => {
                Ok(Payment::Absent)
            }
            Err(error) => Err(match Trouble::from(error) {
                Trouble::NotFound => Trouble::Away("the store has no Lightning node".into()),
                other => other,
            }),
        }
    }

    /// Makes an invoice that holds the hash of a text.
    pub async fn draw(&self, msat: u64, text: &str, seconds: i64) -> Result<Drawn, Trouble> {
        let invoice = CreateLightningInvoice {
            description: Some(text.to_owned()),
            description_hash_only: Some(true),
            private_route_hints: Some(true),
            ..CreateLightningInvoice::new(i64::try_from(msat).unwrap_or(i64::MAX), seconds)
        };
        let made = self.client.create_lightning_invoice(&self.store, &invoice).await?;
        Ok(Drawn { id: made.id, bolt11: made.bolt11, paid: None, over: false, preimage: None })
    }

    /// What came for such an invoice.
    pub async fn drawn(&self, id: &str) -> Result<Drawn, Trouble> {
        let found = self.client.lightning_invoice(&self.store, id).await?;
        let nonsense = || Trouble::Away("BTCPay tells of an impossible amount".into());
        let paid = match found.status {
            LightningInvoiceStatus::Paid => {
                let msat = found.amount_received_msat.or(found.amount_msat).ok_or_else(nonsense)?;
                let at = found.paid_at.map_or(0, |at| at.0);
                Some((u64::try_from(msat).map_err(|_| nonsense())?, at))
            }
            _ => None,
        };
        let over = found.status == LightningInvoiceStatus::Expired;
        Ok(Drawn { id: found.id, bolt11: found.bolt11, paid, over, preimage: found.preimage })
    }
}

fn read(payment: &LightningPayment) -> Result<Payment, Trouble> {
    Ok(match payment.status {
        LightningPaymentStatus::Complete => {
            // Without its fee it is paid all the same, and what is known of the fee is nothing.
            let fee = payment.fee_msat.unwrap_or(0);
            let nonsense = |_| Trouble::Away("BTCPay tells of an impossible fee".into());
            Payment::Paid { fee_msat: u64::try_from(fee).map_err(nonsense)? }
        }
        LightningPaymentStatus::Failed => Payment::Failed,
        _ => Payment::Pending,
    })
}
