//! A real shop that sells through a BTCPay: its store there, its webhook to a door of ours, and two
//! clocks that go together.

use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use btcpay_bridge::{Secret, SpeedPolicy};
use btcpay_stand_in::{Btcpay as StandIn, Options};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use pos_server::app::App;
use pos_server::db::attempt::Attempt;
use pos_server::db::connection::Connection;
use pos_server::db::delivery::Delivery;
use pos_server::domain::id::{ConnectionId, MerchantId, SaleId};
use pos_server::rail::btcpay::{Btcpay, BtcpayChoices, BtcpaySecrets, desk};
use pos_server::rail::{Cursor, Notice, RailError, Told};
use pos_server::rails::{Connected, secrets_purpose};
use pos_server::rate::StoreRateSettings;
use pos_server::till::TillError;
use pos_server::{web, worker};
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::sale::shop::{House, Shop};
use crate::support::db::Fresh;

/// What signs the webhook's deliveries.
pub(crate) const HOOK_SECRET: &str = "only BTCPay and we know";
/// Longer than anything here takes that is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// The shop, and the BTCPay behind it.
pub(crate) struct Bar {
    pub(crate) shop: Shop,
    pub(crate) btcpay: Arc<StandIn>,
    pub(crate) key: String,
    pub(crate) connection: ConnectionId,
    pub(crate) door: Door,
    choices: BtcpayChoices,
}

/// Where webhooks arrive: always at the server that lives.
pub(crate) struct Door {
    pub(crate) url: String,
    site: Arc<Mutex<Router>>,
    serving: JoinHandle<()>,
}

impl Door {
    pub(crate) async fn open(house: &House) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let site = Arc::new(Mutex::new(web::site(&house.app)));
        let lives = site.clone();
        let to_it = Router::new().fallback(async move |request: Request| -> Response {
            let site = lives.lock().unwrap().clone();
            let Ok(answer) = site.oneshot(request).await;
            answer
        });
        let serving = tokio::spawn(async move { axum::serve(listener, to_it).await.unwrap() });
        Self { url, site, serving }
    }

    /// From now on it leads to this server.
    pub(crate) fn lead_to(&self, house: &House) {
        *self.site.lock().unwrap() = web::site(&house.app);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The stream of one worker.
pub(crate) struct Rounds {
    told: tokio::sync::Mutex<BoxStream<'static, Result<Told, RailError>>>,
    connected: Connected,
}

impl Rounds {
    /// Takes what is told until so many rounds are over, or for a while if nothing is.
    pub(crate) async fn go(&self, bar: &Bar, rounds: u32) {
        let mut told = self.told.lock().await;
        for _ in 0..rounds {
            let round = async {
                while let Some(line) = told.next().await {
                    let line = line.unwrap();
                    worker::take(bar.app(), &self.connected, &line).await.unwrap();
                    if line.notice == Notice::CaughtUp {
                        return;
                    }
                }
            };
            let _ = tokio::time::timeout(Duration::from_millis(1_500), round).await;
        }
    }
}

impl Deref for Bar {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.shop
    }
}

/// What a shop keeps of the first store of a BTCPay.
pub(crate) fn secrets(btcpay: &StandIn, key: &str) -> BtcpaySecrets {
    BtcpaySecrets {
        address: btcpay.url(),
        store: btcpay.store_id(),
        key: Secret::new(key),
        webhook: None,
        hook_secrets: vec![Secret::new(HOOK_SECRET)],
        choices: BtcpayChoices::default(),
    }
}

impl Bar {
    /// A shop in Jamaica with one rail, its BTCPay, whose webhook is set up.
    pub(crate) async fn open(fresh: Fresh) -> Self {
        Self::of(&House::open(fresh).await).await
    }

    /// One where a payment on the chain is final when it is seen.
    pub(crate) async fn quick(fresh: Fresh) -> Self {
        let choices = BtcpayChoices { speed: Some(SpeedPolicy::HighSpeed), ..Default::default() };
        Self::with(&House::open(fresh).await, choices).await
    }

    /// One for schedules, where on some a payment on the chain is final when it is seen.
    pub(crate) async fn loose(house: &House, quick: bool) -> Self {
        let speed = quick.then_some(SpeedPolicy::HighSpeed);
        Self::with(house, BtcpayChoices { speed, ..Default::default() }).await
    }

    pub(crate) async fn of(house: &House) -> Self {
        Self::with(house, BtcpayChoices::default()).await
    }

    pub(crate) async fn with(house: &House, choices: BtcpayChoices) -> Self {
        let options = Options {
            clock: Some(house.app.now().0 / 1000),
            webhook_pace: 0.000_1,
            ..Options::default()
        };
        let btcpay = Arc::new(StandIn::start(options).await.unwrap());
        let mut shop = Shop::of(house, &MerchantId::new(), "JMD").await;
        let money = StoreRateSettings::market("JMD".parse().unwrap()).write().unwrap();
        (shop.store.money, shop.store.rate_settings) = ("real".into(), money);
        let db = &house.app.db;
        let mut tx = db.begin().await.unwrap();
        tx.remove_connection(&shop.connection.id).await.unwrap();
        tx.set_store_money(&shop.store.id, "real").await.unwrap();
        tx.save_store(&shop.store).await.unwrap();
        tx.commit().await.unwrap();
        let key = btcpay.owner_key();
        let connection = ConnectionId::new();
        let door = Door::open(house).await;
        let bar = Self { shop, btcpay, key, connection, door, choices: choices.clone() };
        let secrets = BtcpaySecrets { choices, ..secrets(&bar.btcpay, &bar.key) };
        bar.connect_as(&bar.connection, &secrets, 1).await;
        let there = desk(&secrets.address, &secrets.store, &secrets.key, true).unwrap();
        let (address, secret) = (bar.hook(), Secret::new(HOOK_SECRET));
        there.install_webhook(&address, &secret).await.unwrap();
        bar
    }

    /// Where the webhook leads.
    pub(crate) fn hook(&self) -> String {
        format!("{}/hooks/btcpay/{}", self.door.url, self.connection)
    }

    /// Connects a store at a BTCPay in this place, as the dashboard does.
    pub(crate) async fn connect_as(&self, id: &ConnectionId, secrets: &BtcpaySecrets, place: i64) {
        let open = serde_json::to_vec(secrets).unwrap();
        let row = Connection {
            id: id.clone(),
            merchant_id: self.store.merchant_id.clone(),
            store_id: self.store.id.clone(),
            rail: "btcpay".into(),
            place,
            money: "real".into(),
            secrets: Some(self.app().seal.seal(&secrets_purpose(id), &open).unwrap()),
            label: "BTCPay".into(),
            add_index: 0,
            settle_index: 0,
        };
        let mut tx = self.app().db.begin().await.unwrap();
        tx.add_connection(&row, self.app().now()).await.unwrap();
        tx.commit().await.unwrap();
        worker::connect_rails(self.app()).await.unwrap();
    }

    /// The rail, as a worker holds it.
    pub(crate) fn connected(&self) -> Connected {
        self.app().rails.get(self.connection.as_str()).expect("it is connected")
    }

    /// Puts a rail into a server whose rounds follow each other at once.
    pub(crate) fn listens_closely(&self, app: &App) {
        let connected = app.rails.get(self.connection.as_str()).expect("it is connected");
        let (secrets, every) = (secrets(&self.btcpay, &self.key), Duration::from_millis(1));
        let secrets = BtcpaySecrets { choices: self.choices.clone(), ..secrets };
        let rail = Btcpay::new(&secrets, true, every, app.clock.clone()).unwrap();
        app.rails.put(Connected { rail: Arc::new(rail), ..connected });
    }

    /// Time goes by, here and there.
    pub(crate) fn later(&self, seconds: i64) {
        self.shop.later(seconds);
        self.btcpay.advance(seconds);
    }

    /// The server stops without a word, and another starts on the same database.
    pub(crate) async fn restart(&mut self) {
        self.shop.house = self.shop.house.another().await;
        worker::connect_rails(self.app()).await.unwrap();
        self.door.lead_to(&self.shop.house);
    }

    /// The offer that the till shows: BTCPay's number of it.
    pub(crate) async fn shown(&self, sale: &SaleId) -> String {
        let offer = self.last(sale).await;
        assert_eq!(offer.state, "offered", "{offer:?}");
        offer.reference
    }

    pub(crate) async fn last(&self, sale: &SaleId) -> Attempt {
        self.shop.last_offer(sale).await
    }

    /// Reads what the webhook brought, until the sale is as it should be.
    #[track_caller]
    pub(crate) fn hears(&self, sale: &SaleId, state: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let heard = async {
                loop {
                    worker::read_deliveries(self.app()).await.unwrap();
                    if self.sale(sale).await.state == state {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            if tokio::time::timeout(PATIENCE, heard).await.is_err() {
                let (sale, story) = (self.sale(sale).await, self.story(sale).await);
                panic!("{caller}: not {state}: {sale:?} {story:?}");
            }
        }
    }

    /// Waits until BTCPay has delivered `count` messages that we keep, and reads them.
    pub(crate) async fn deliveries(&self, count: usize) -> Vec<Delivery> {
        let came = async {
            loop {
                let all = self.app().db.deliveries(&self.connection, 500).await.unwrap();
                if all.len() >= count {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, came).await.expect("webhooks arrive");
        worker::read_deliveries(self.app()).await.unwrap();
        self.app().db.deliveries(&self.connection, 500).await.unwrap()
    }

    /// A whole round through BTCPay's invoices, without a webhook: what a restart does.
    pub(crate) async fn round(&self) {
        self.round_at(self.app()).await.unwrap();
    }

    /// The same at another server; what breaks off begins anew with the next.
    pub(crate) async fn round_at(&self, app: &App) -> Result<(), TillError> {
        let connected = app.rails.get(self.connection.as_str()).expect("it is connected");
        let mut notices = connected.rail.notices(Cursor::default());
        while let Some(told) = notices.next().await {
            let told = told.map_err(|error| TillError::Refused(error.to_string()))?;
            worker::take(app, &connected, &told).await?;
            if told.notice == Notice::CaughtUp {
                break;
            }
        }
        Ok(())
    }

    /// A worker that listens all the while, and remembers what it told.
    pub(crate) fn rounds(&self) -> Rounds {
        let connected = self.connected();
        let told = connected.rail.notices(Cursor::default());
        Rounds { told: tokio::sync::Mutex::new(told), connected }
    }

    /// Fails unless BTCPay has no complaint about what it was asked.
    #[track_caller]
    pub(crate) fn contract_was_kept(&self) {
        assert_eq!(self.btcpay.faults(), Vec::<String>::new());
    }

    /// Fails unless the books are right and the contract was kept.
    #[track_caller]
    pub(crate) fn all_is_right(&self) -> impl Future<Output = ()> {
        self.contract_was_kept();
        self.books_are_right()
    }
}
