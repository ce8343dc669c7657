//! What an owner, a programming app and a cashier do with such a card, each as one call.

use std::ops::Deref;
use std::time::Duration;

use pos_server::access::token;
use pos_server::backing::{self, BackingError, Money};
use pos_server::card::leave;
use pos_server::db::card::{Card, CardBacking, CardPolicy, CardSetup};
use serde_json::{Value, json};

use crate::btcpay_rail::bar::Bar;
use crate::card::chip::Chip;
use crate::card::hands::serial;
use crate::support::client::Answer;
use crate::support::db::Fresh;

/// Millisatoshi that no tap of these tests reaches.
pub(crate) const HIGH: i64 = 1_000_000_000_000;

/// A real shop whose BTCPay holds the money of its cards.
pub(crate) struct Cafe(pub(crate) Bar);

impl Deref for Cafe {
    type Target = Bar;

    fn deref(&self) -> &Bar {
        &self.0
    }
}

impl Cafe {
    pub(crate) async fn open(fresh: Fresh) -> Self {
        Self(Bar::open(fresh).await)
    }

    pub(crate) fn setup(&self, secret: &str) -> CardSetup {
        let policy = CardPolicy::usual(&self.store.merchant_id, &self.store.id);
        let until = self.app().now().after(Duration::from_secs(600));
        CardSetup {
            label: "Marcia".into(),
            tap_limit_msat: HIGH,
            day_limit_msat: HIGH,
            ..leave(&self.store, &policy, token::hash(secret), until)
        }
    }

    /// Sets so many satoshi aside and answers the one-time token.
    pub(crate) async fn prepared(&self, sats: i64) -> Result<String, BackingError> {
        let secret = token::random();
        backing::prepare(self.app(), &self.setup(&secret), sats, "Ann").await.map(|()| secret)
    }

    /// A chip with keys of BTCPay's on it, that draws on so many satoshi.
    pub(crate) async fn issued(&self, sats: i64) -> Chip {
        let token = self.prepared(sats).await.unwrap();
        let uid = Chip::serial();
        Chip::written(uid, &said(&self.program(&token, serial(&uid)).await))
    }

    pub(crate) async fn import(&self, link: &str) -> Result<String, BackingError> {
        backing::import(self.app(), &self.setup("import"), link, None, "Ann").await
    }

    /// A chip that another program issued, from a pull payment of so many satoshi.
    pub(crate) fn elsewhere(&self, name: &str, sats: u64) -> (String, Chip) {
        let pull = self.pull(name, &sats.to_string(), "SATS");
        let uid = Chip::serial();
        let written = self.btcpay.register_card(&pull, &json!({ "UID": hex::encode(uid) }));
        (pull, Chip::written(uid, &written.unwrap()))
    }

    /// A pull payment that was made by hand.
    pub(crate) fn pull(&self, name: &str, amount: &str, currency: &str) -> String {
        let asked = json!({
            "name": name, "amount": amount, "currency": currency,
            "autoApproveClaims": true, "payoutMethods": ["BTC-LN"],
        });
        let made = self.btcpay.set_aside(&self.btcpay.store_id(), &asked).unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn pulls(&self) -> Vec<Value> {
        self.btcpay.pull_payments(&self.btcpay.store_id())
    }

    pub(crate) async fn cards(&self) -> Vec<Card> {
        self.app().db.cards(&self.store.merchant_id, "real").await.unwrap()
    }

    /// The only card, and where its money is.
    pub(crate) async fn backed(&self) -> (Card, CardBacking) {
        let [card] = <[Card; 1]>::try_from(self.cards().await).expect("one card");
        let backing = self.app().db.card_backing(&card.id).await.unwrap();
        (card, backing.expect("at BTCPay"))
    }

    pub(crate) async fn money(&self) -> Money {
        backing::look(self.app(), &self.backed().await.1).await.unwrap()
    }
}

/// What an app was answered.
pub(crate) fn said(answer: &Answer) -> Value {
    answer.is(200);
    serde_json::from_str(&answer.body).unwrap()
}
