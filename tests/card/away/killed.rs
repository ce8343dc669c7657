//! LND and the server cut off in the middle of a card's payment: it is resolved, once.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pos_server::db::connection::Connection;
use pos_server::domain::id::ConnectionId;
use pos_server::domain::time::Clock;
use pos_server::rail::lnd::{Lnd, LndSecrets};
use pos_server::rails::secrets_purpose;
use pos_server::till::card;
use pos_server::worker;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tonic_lnd::invoicesrpc::SettleInvoiceMsg;

use super::lnd::{accepted, held, opened, resolved};
use super::rig::ok;
use crate::card::chip::Chip;
use crate::card::hands::HIGH;
use crate::on_both;
use crate::rail::stack::{admin, file, variable};
use crate::sale::shop::Shop;

/// A way to the shop's LND that can be cut.
struct Way {
    address: String,
    open: tokio::sync::watch::Sender<bool>,
    _serving: JoinSet<()>,
}

impl Way {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (open, watching) = tokio::sync::watch::channel(true);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut lines = JoinSet::new();
            loop {
                let (mut here, _) = listener.accept().await.unwrap();
                let mut watching = watching.clone();
                if !*watching.borrow() {
                    continue;
                }
                lines.spawn(async move {
                    let mut there = TcpStream::connect(variable("SHOP_LND_ADDRESS")).await.unwrap();
                    let copying = tokio::io::copy_bidirectional(&mut here, &mut there);
                    tokio::select! {
                        _ = copying => {}
                        _ = watching.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { address, open, _serving: serving }
    }
}

fn secrets(address: &str) -> LndSecrets {
    let (cert, macaroon) = (file("SHOP_LND_CERT"), file("SHOP_LND_ADMIN_MACAROON"));
    LndSecrets::from_files(address, Some(&cert), &macaroon).unwrap()
}

/// A running server on the shop's database, killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    async fn start(shop: &Shop) -> Self {
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap().port()
        };
        let folder = shop.house.fresh.folder.path();
        // The key that the tests' server has.
        std::fs::write(folder.join("seal.key"), "07".repeat(32)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_pos-server"))
            .env("POS_DATA_DIR", folder)
            .env("POS_DATABASE_URL", &shop.house.fresh.url)
            .env("POS_LISTEN", format!("127.0.0.1:{port}"))
            .env("POS_PUBLIC_URL", "http://127.0.0.1:8080")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, address: format!("http://127.0.0.1:{port}") };
        for _ in 0..300 {
            if reqwest::get(format!("{}/health", server.address)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server did not start")
    }

    async fn get(&self, address: &str) -> Value {
        let path = address.split_once("127.0.0.1:8080").unwrap().1;
        let answer = reqwest::get(format!("{}{path}", self.address)).await.unwrap();
        answer.json().await.unwrap()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Shop {
    /// Opens for real money on its LND, whose secrets are sealed in the database, with a card on which
    /// bitcoin came by Lightning.
    async fn for_real(mut self) -> (Self, Chip) {
        let now = pos_server::domain::time::SystemClock.now();
        self.later((now.0 - self.app().now().0) / 1_000);
        self.store.money = "real".into();
        let id = ConnectionId::new();
        let open = serde_json::to_vec(&secrets(&variable("SHOP_LND_ADDRESS"))).unwrap();
        let row = Connection {
            id: id.clone(),
            merchant_id: self.store.merchant_id.clone(),
            store_id: self.store.id.clone(),
            rail: "lnd".into(),
            place: 1,
            money: "real".into(),
            secrets: Some(self.app().seal.seal(&secrets_purpose(&id), &open).unwrap()),
            label: "LND".into(),
            add_index: 0,
            settle_index: 0,
        };
        let mut tx = self.app().db.begin().await.unwrap();
        tx.remove_connection(&self.connection.id).await.unwrap();
        tx.set_store_money(&self.store.id, "real").await.unwrap();
        tx.add_connection(&row, self.app().now()).await.unwrap();
        tx.commit().await.unwrap();
        worker::connect_rails(self.app()).await.unwrap();
        let mut chip = self.limited(HIGH, HIGH).await;
        // Its first tap makes it a card in use.
        self.shown_away(&chip.tap()).await;
        let link = card::pay_link(self.app(), &self.card().await.id).await.unwrap();
        let said = self.lnurl(&link.replace("lnurlp://", "http://")).await;
        let callback = said["callback"].as_str().unwrap();
        let drawn = self.lnurl(&format!("{callback}?amount=2000000")).await;
        let offer = pos_server::rail::Offer {
            reference: String::new(),
            request: drawn["pr"].as_str().map(str::to_owned),
            expires_at: self.app().now(),
            priced: None,
            confirmations: None,
        };
        crate::rail::stack::pay(&offer).await.unwrap();
        self.later(31);
        worker::look_at_top_ups(self.app()).await.unwrap();
        assert_eq!(self.card().await.balance_msat, 2_000_000);
        (self, chip)
    }
}

on_both! {
    async fn a_node_that_goes_away_in_the_middle_is_asked_when_it_is_back(fresh: Fresh) {
        let shop = opened(fresh).await;
        let way = Way::open().await;
        let lnd = Lnd::new(&secrets(&way.address)).unwrap();
        shop.pays_by(Arc::new(lnd.with_patience(Duration::from_secs(2))));
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let (preimage, hash, request) = held(60_000).await;
        let said = shop.shown_away(&chip.tap()).await;
        let (answer, ()) = tokio::join!(shop.come_with(&said, &request), async {
            accepted(&hash).await;
            way.open.send_replace(false);
        });
        ok(&answer);
        for _ in 0..3 {
            shop.later(120);
            shop.look_at_payouts().await;
            assert_eq!(shop.payouts().await[0].state, "unknown", "silence proves nothing");
        }
        assert_eq!(before - shop.card().await.balance_msat, 65_000, "it stays reserved");
        shop.cards_are_right().await;
        let settle = SettleInvoiceMsg { preimage };
        admin("CUSTOMER").await.invoices().settle_invoice(settle).await.unwrap();
        way.open.send_replace(true);
        assert_eq!(resolved(&shop).await, "paid");
        assert_eq!(before - shop.card().await.balance_msat, 60_000);
        shop.cards_are_right().await;
    }

    async fn a_server_that_is_killed_in_the_middle_of_a_payment_resolves_it_once(fresh: Fresh) {
        let (shop, mut chip) = Shop::open(fresh).await.for_real().await;
        let server = Server::start(&shop).await;
        let (preimage, hash, request) = held(70_000).await;
        let link = chip.tap().replace("lnurlw://", "http://");
        let said = server.get(&link).await;
        let [callback, k1] = ["callback", "k1"].map(|name| said[name].as_str().unwrap());
        let address = format!("{callback}?k1={k1}&pr={request}");
        // The other till never hears an answer: the server dies while it pays.
        tokio::select! {
            _ = server.get(&address) => {}
            () = accepted(&hash) => {}
        }
        server.kill();
        let payout = shop.payouts().await.remove(0);
        assert_eq!(payout.state, "sent");
        assert_eq!(shop.card().await.balance_msat, 2_000_000 - 75_000);
        shop.cards_are_right().await;
        let settle = SettleInvoiceMsg { preimage };
        admin("CUSTOMER").await.invoices().settle_invoice(settle).await.unwrap();
        let server = Server::start(&shop).await;
        // The till asks again, and hears the same as at first.
        ok(&server.get(&address).await);
        for _ in 0..1_200 {
            if !shop.payouts().await[0].under_way() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(shop.payouts().await.remove(0).state, "paid");
        assert_eq!(shop.card().await.balance_msat, 2_000_000 - 70_000);
        let kinds: Vec<String> = shop.moves().await.into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds.len(), 3, "{kinds:?}");
        ok(&server.get(&address).await);
        shop.cards_are_right().await;
    }
}
