//! Another shop's till (a plain LNURL-withdraw client), its invoices, and a node of ours that pays as
//! it is told to.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, header};
use bitcoin::hashes::{Hash as _, sha256};
use bitcoin::secp256k1::{Message, Secp256k1, SecretKey};
use futures_util::stream::BoxStream;
use lightning_invoice::{Currency, InvoiceBuilder, PaymentSecret};
use pos_server::db::card::Payout;
use pos_server::domain::money::Msat;
use pos_server::rail::purse::{Came, Drawn, Fate, Order, Purse, Wanted};
use pos_server::rail::{Ask, Capabilities, Cursor, Offer, Rail, RailError, RailName, Status, Told};
use pos_server::rails::Connected;
use pos_server::{web, worker};
use serde_json::Value;

use crate::sale::shop::Shop;
use crate::support::client::Client;

/// A rail with a purse of the tests' choice; its money counts as the shop's, practice.
pub(crate) struct Pursed {
    pub(crate) rail: Arc<dyn Rail>,
    pub(crate) purse: Arc<dyn Purse>,
}

#[async_trait]
impl Rail for Pursed {
    fn name(&self) -> RailName {
        self.rail.name()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { real: false, ..self.rail.capabilities() }
    }

    async fn offer(&self, ask: &Ask) -> Result<Offer, RailError> {
        self.rail.offer(ask).await
    }

    async fn status(&self, reference: &str) -> Result<Status, RailError> {
        self.rail.status(reference).await
    }

    async fn cancel(&self, reference: &str) -> Result<Status, RailError> {
        self.rail.cancel(reference).await
    }

    fn purse(&self) -> Option<&dyn Purse> {
        Some(&*self.purse)
    }

    fn notices(&self, from: Cursor) -> BoxStream<'static, Result<Told, RailError>> {
        self.rail.notices(from)
    }
}

/// How the next payment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    /// It arrives, for so many millisatoshi of fee.
    Well(u64),
    /// It fails for certain.
    Wrong,
    /// It is on its way.
    Slowly,
    /// It arrives, and the answer is lost.
    Silently,
    /// It never reaches the node, and nobody can know.
    Nowhere,
}

#[derive(Default)]
struct Book {
    next: Vec<Goes>,
    fates: HashMap<String, Fate>,
    orders: Vec<Order>,
    down: bool,
}

/// A node that pays as it is told to. Clones are the same node.
#[derive(Clone, Default)]
pub(crate) struct Payer(Arc<Mutex<Book>>);

impl Payer {
    pub(crate) fn next(&self, goes: Goes) {
        self.0.lock().unwrap().next.push(goes);
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.0.lock().unwrap().down = down;
    }

    /// What is on its way arrives, for a fee, or fails.
    pub(crate) fn ends(&self, fate: &Fate) {
        let mut book = self.0.lock().unwrap();
        for one in book.fates.values_mut().filter(|one| **one == Fate::Pending) {
            *one = fate.clone();
        }
    }

    /// Payments that it was told to make, each hash once.
    pub(crate) fn orders(&self) -> Vec<Order> {
        let orders = self.0.lock().unwrap().orders.clone();
        let hashes: HashSet<String> =
            orders.iter().map(|order| order.payment_hash.clone()).collect();
        assert_eq!(hashes.len(), orders.len(), "one payment was ordered twice");
        orders
    }
}

fn away() -> RailError {
    RailError::Unreachable("the node does not answer".into())
}

#[async_trait]
impl Purse for Payer {
    async fn examine(&self, _order: &Order) -> Result<(), RailError> {
        if self.0.lock().unwrap().down { Err(away()) } else { Ok(()) }
    }

    async fn pay(&self, order: &Order) -> Result<Fate, RailError> {
        let goes = {
            let mut book = self.0.lock().unwrap();
            let goes = if book.next.is_empty() { Goes::Well(0) } else { book.next.remove(0) };
            if goes != Goes::Nowhere {
                book.orders.push(order.clone());
            }
            let fate = match goes {
                Goes::Well(fee) => Fate::Paid { fee: Msat::new(fee).unwrap() },
                Goes::Silently => Fate::Paid { fee: Msat::ZERO },
                Goes::Wrong => Fate::Failed("No way was found.".into()),
                Goes::Slowly => Fate::Pending,
                Goes::Nowhere => Fate::Absent,
            };
            if goes != Goes::Nowhere {
                book.fates.insert(order.payment_hash.clone(), fate);
            }
            goes
        };
        tokio::task::yield_now().await;
        match goes {
            Goes::Silently | Goes::Nowhere => Err(away()),
            _ => self.fate(&order.payment_hash).await,
        }
    }

    async fn fate(&self, payment_hash: &str) -> Result<Fate, RailError> {
        let book = self.0.lock().unwrap();
        if book.down {
            return Err(away());
        }
        Ok(book.fates.get(payment_hash).cloned().unwrap_or(Fate::Absent))
    }

    async fn draw(&self, _wanted: &Wanted) -> Result<Drawn, RailError> {
        Err(away())
    }

    async fn came(&self, _at_rail: &str) -> Result<Came, RailError> {
        Err(away())
    }

    fn tells(&self) -> bool {
        true
    }
}

/// An invoice of some node on regtest, good for an hour by the shop's clock.
pub(crate) fn invoice(shop: &Shop, msat: u64) -> String {
    signed(shop, Some(msat), Duration::from_secs(3_600))
}

/// An invoice over an amount, or none.
pub(crate) fn signed(shop: &Shop, msat: Option<u64>, lasts: Duration) -> String {
    let (secp, key) = (Secp256k1::new(), SecretKey::from_slice(&[9; 32]).unwrap());
    let now = u64::try_from(shop.app().now().0 / 1_000).unwrap();
    let mut builder = InvoiceBuilder::new(Currency::Regtest)
        .description("Another shop".into())
        .payment_hash(sha256::Hash::hash(&rand::random::<[u8; 32]>()))
        .payment_secret(PaymentSecret(rand::random()))
        .duration_since_epoch(Duration::from_secs(now))
        .expiry_time(lasts)
        .min_final_cltv_expiry_delta(80)
        .basic_mpp();
    if let Some(msat) = msat {
        builder = builder.amount_milli_satoshis(msat);
    }
    let sign = |digest: &Message| secp.sign_ecdsa_recoverable(digest, &key);
    builder.build_signed(sign).unwrap().to_string()
}

impl Shop {
    /// Puts a node into the server that pays as it is told to.
    pub(crate) fn payer(&self) -> Payer {
        let payer = Payer::default();
        self.pays_by(Arc::new(payer.clone()));
        payer
    }

    /// Puts a purse behind the shop's rail.
    pub(crate) fn pays_by(&self, purse: Arc<dyn Purse>) {
        let connected = self.connected();
        let rail = Arc::new(Pursed { rail: connected.rail.clone(), purse });
        self.house.app.rails.put(Connected { rail, ..connected });
    }

    /// What a wallet or another till gets for an address of ours.
    pub(crate) async fn lnurl(&self, address: &str) -> Value {
        let (_, path) = address.split_once("127.0.0.1:8080").expect("an address of ours");
        let request = Request::get(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::ACCEPT, "application/json");
        let mut client = Client::new(web::site(&self.house.app));
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        answer.is(200);
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "wallets in browsers");
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Another till reads the card (LUD-17: the scheme stands for https).
    pub(crate) async fn shown_away(&self, link: &str) -> Value {
        self.lnurl(&link.replace("lnurlw://", "http://")).await
    }

    /// It comes with its invoice.
    pub(crate) async fn come_with(&self, said: &Value, pr: &str) -> Value {
        self.come_with_pin(said, pr, "").await
    }

    pub(crate) async fn come_with_pin(&self, said: &Value, pr: &str, pin: &str) -> Value {
        let [callback, k1] = ["callback", "k1"].map(|name| {
            said[name].as_str().unwrap_or_else(|| panic!("no {name}: {said}")).to_owned()
        });
        let pin = if pin.is_empty() { String::new() } else { format!("&pin={pin}") };
        self.lnurl(&format!("{callback}?k1={k1}&pr={pr}{pin}")).await
    }

    /// Both steps.
    pub(crate) async fn away(&self, link: &str, pr: &str) -> Value {
        let said = self.shown_away(link).await;
        self.come_with(&said, pr).await
    }

    /// The card's payments to other tills, the newest first.
    pub(crate) async fn payouts(&self) -> Vec<Payout> {
        self.app().db.card_payouts(&self.card().await.id, 1_000).await.unwrap()
    }

    /// The worker looks at payments whose end is not known.
    pub(crate) async fn look_at_payouts(&self) {
        worker::look_at_payouts(self.app()).await.unwrap();
    }
}

/// What was refused, in its words.
#[track_caller]
pub(crate) fn no(said: &Value) -> &str {
    assert_eq!(said["status"], "ERROR", "{said}");
    said["reason"].as_str().unwrap()
}

#[track_caller]
pub(crate) fn ok(said: &Value) {
    assert_eq!(said, &serde_json::json!({ "status": "OK" }));
}
