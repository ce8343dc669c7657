//! What the store's Lightning node comes upon when it pays, and who pays it.

use super::Control;

/// How a payment by the store's node goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// It arrives, if its fee is not above what is allowed.
    Well {
        /// Millisatoshi.
        fee_msat: u64,
    },
    /// It is on its way.
    Slowly,
    /// It fails.
    Wrong,
    /// The node refuses before it writes anything down.
    Nowhere,
}

impl Control {
    /// Says how the next payment by the node goes, after those that were said before.
    pub fn next_payment(&self, goes: Goes) {
        self.shared.with(|world| world.lightning.next.push_back(goes));
    }

    /// Ends payments that are on their way: they arrive for a fee, or fail.
    pub fn end_payments(&self, fee_msat: Option<u64>) {
        self.shared.with(|world| {
            for payment in world.lightning.payments.values_mut() {
                if payment.status == "Pending" {
                    payment.status = if fee_msat.is_some() { "Complete" } else { "Failed" };
                    payment.fee_msat = fee_msat.unwrap_or(0);
                }
            }
        });
    }

    /// Payments that the node was told to make: payment hash and the most satoshi of fee allowed.
    #[must_use]
    pub fn payments(&self) -> Vec<(String, Option<u64>)> {
        self.shared.with(|world| {
            let all = world.lightning.payments.iter();
            all.map(|(hash, payment)| (hash.clone(), payment.max_fee_sat)).collect()
        })
    }

    /// Somebody pays an invoice of the node that is no sale's. False if there is none, or it is over.
    pub fn pay_drawn(&self, bolt11: &str) -> bool {
        self.shared.with(|world| {
            let now = world.now();
            let found = world.lightning.drawn.values_mut().find(|drawn| drawn.bolt11 == bolt11);
            let open = found.filter(|drawn| drawn.paid.is_none() && drawn.expires > now);
            open.map(|drawn| drawn.paid = Some(now)).is_some()
        })
    }
}
