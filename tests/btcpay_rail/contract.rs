//! The BTCPay rail keeps the contract.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use btcpay_stand_in::{Btcpay as StandIn, Options, Pay};
use pos_server::domain::time::SystemClock;
use pos_server::rail::btcpay::Btcpay;
use pos_server::rail::{Offer, Rail};

use super::bar::secrets;
use crate::rail::contract::{Subject, contract};

contract!(Counter::open());

struct Counter {
    btcpay: StandIn,
    key: String,
}

impl Counter {
    async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let btcpay = StandIn::start(Options::default()).await.unwrap();
        let key = btcpay.owner_key();
        Self { btcpay, key }
    }
}

#[async_trait]
impl Subject for Counter {
    fn rail(&self) -> Arc<dyn Rail> {
        let (secrets, often) = (secrets(&self.btcpay, &self.key), Duration::from_millis(50));
        Arc::new(Btcpay::new(&secrets, true, often, Arc::new(SystemClock)).unwrap())
    }

    fn reopened(&self) -> Arc<dyn Rail> {
        self.rail()
    }

    async fn pay(&self, offer: &Offer) -> Result<(), String> {
        self.btcpay.pay_lightning(&offer.reference, Pay::Exact).map(drop)
    }

    async fn underpay(&self, offer: &Offer) -> Result<(), String> {
        let asked = offer.priced.as_ref().unwrap().asked.get();
        self.btcpay.pay_lightning(&offer.reference, Pay::Msat(asked - 1_000)).map(drop)
    }
}
