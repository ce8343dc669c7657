//! A shop on a server of its own: store, tills, staff, a clock in our hand, a node that we script.

use std::sync::Arc;

use pos_server::access::open::{practice_store, till};
use pos_server::access::practice;
use pos_server::app::App;
use pos_server::config::Settings;
use pos_server::db::Db;
use pos_server::db::connection::Connection;
use pos_server::db::staff::Staff;
use pos_server::db::store::Store;
use pos_server::db::till::Till;
use pos_server::domain::currency::Currency;
use pos_server::domain::id::{MerchantId, StaffId};
use pos_server::domain::time::Clock;
use pos_server::rails::Connected;
use pos_server::rate::{RateSettings, Rates};
use pos_server::seal::Seal;
use pos_server::till::Actor;

use super::clock::Hand;
use super::dice::Dice;
use super::node::{Node, Wire};
use crate::support::db::Fresh;

/// A server's process, with nothing in it that matters.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) fresh: Arc<Fresh>,
    pub(crate) clock: Arc<Hand>,
    pub(crate) app: Arc<App>,
    rates: Arc<Rates>,
}

/// A merchant's shop in the house.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) house: House,
    pub(crate) store: Store,
    pub(crate) tills: [Till; 2],
    pub(crate) staff: Staff,
    pub(crate) connection: Connection,
    pub(crate) node: Node,
}

impl House {
    pub(crate) async fn open(fresh: Fresh) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Arc::new(Hand::at_noon());
        let settings = RateSettings::default();
        let rates = Rates::open(settings, fresh.db.clone(), clock.clone()).await.unwrap();
        let app = app(&fresh, fresh.db.clone(), &clock, &rates);
        Self { fresh: Arc::new(fresh), clock, app, rates }
    }

    /// Another server on the same database; what the first had in memory it does not have.
    pub(crate) async fn another(&self) -> Self {
        let db = Db::open(&self.fresh.url).await.unwrap();
        let app = app(&self.fresh, db, &self.clock, &self.rates);
        Self { app, ..self.clone() }
    }

    /// The same, over connections to the database that are there already.
    pub(crate) fn another_quickly(&self) -> Self {
        let app = app(&self.fresh, self.app.db.clone(), &self.clock, &self.rates);
        Self { app, ..self.clone() }
    }
}

fn app(fresh: &Fresh, db: Db, clock: &Arc<Hand>, rates: &Arc<Rates>) -> Arc<App> {
    let settings = Settings {
        data_dir: Some(fresh.folder.path().to_owned()),
        database_url: Some(fresh.url.clone()),
        sandbox: Some(true),
        btcpay_local: Some(true),
        cards_local: Some(true),
        btcpay_round_seconds: Some(1),
        ..Settings::default()
    };
    let clock: Arc<dyn Clock> = clock.clone();
    Arc::new(App::new(settings.check().unwrap(), db, clock, Seal::new(&[7; 32]), rates.clone()))
}

impl Shop {
    /// A shop in Jamaica on a new server: no tax, coins of one dollar, offers for ten minutes.
    pub(crate) async fn open(fresh: Fresh) -> Self {
        Self::of(&House::open(fresh).await, &MerchantId::new(), "JMD").await
    }

    /// A shop of a merchant, who may be new.
    pub(crate) async fn of(house: &House, merchant: &MerchantId, currency: &str) -> Self {
        let currency: Currency = currency.parse().unwrap();
        let store = practice_store(merchant, "Blue Mahoe".into(), currency).unwrap();
        let tills = [till(&store, "Counter 1", "C1"), till(&store, "Counter 2", "C2")];
        let staff = Staff {
            id: StaffId::new(),
            merchant_id: merchant.clone(),
            store_id: store.id.clone(),
            name: "Keisha".into(),
            role: "manager".into(),
            pin_hash: "none".into(),
            failed: 0,
            locked_until_ms: 0,
            retired: 0,
        };
        let (connection, node) = (practice::connection(&store), Node::new(&house.clock));
        let now = house.app.now();
        let new = house.app.db.merchant_name(merchant).await.is_err();
        let mut tx = house.app.db.begin().await.unwrap();
        if new {
            tx.add_merchant(merchant, "Blue Mahoe", now).await.unwrap();
        }
        tx.add_store(&store, now).await.unwrap();
        for till in &tills {
            assert!(tx.add_till(till, now).await.unwrap());
        }
        tx.add_staff(&staff, now).await.unwrap();
        tx.add_connection(&connection, now).await.unwrap();
        tx.commit().await.unwrap();
        let shop = Self { house: house.clone(), store, tills, staff, connection, node };
        shop.connect(None);
        shop
    }

    /// Another merchant on the same server.
    pub(crate) async fn neighbour(&self) -> Self {
        Self::of(&self.house, &MerchantId::new(), "JMD").await
    }

    /// Another store of the same merchant, with a node of its own.
    pub(crate) async fn branch(&self) -> Self {
        Self::of(&self.house, &self.store.merchant_id, "JMD").await
    }

    /// The server stops without a word, and another starts on the same database.
    pub(crate) async fn restart(&mut self) {
        self.house = self.house.another().await;
        self.connect(None);
    }

    /// Puts the way to the node into the server. With dice its stream misbehaves.
    pub(crate) fn connect(&self, dice: Option<Dice>) {
        let rail = Arc::new(Wire { node: self.node.clone(), dice });
        self.house.app.rails.put(Connected { rail, ..self.connected_by(&self.node) });
    }

    /// The connection, as a worker holds it.
    pub(crate) fn connected(&self) -> Connected {
        self.connected_by(&self.node)
    }

    /// This merchant's connection, leading to a node that may be somebody else's.
    pub(crate) fn connected_by(&self, node: &Node) -> Connected {
        Connected {
            place: 1,
            made_of: String::new(),
            id: self.connection.id.clone(),
            merchant_id: self.store.merchant_id.clone(),
            store_id: self.store.id.clone(),
            rail: Arc::new(Wire { node: node.clone(), dice: None }),
        }
    }

    /// Keisha at the first till, or the second.
    pub(crate) fn at(&self, till: usize) -> Actor {
        let (store, staff) = (self.store.clone(), self.staff.clone());
        Actor { store, till: self.tills[till].clone(), staff }
    }

    pub(crate) fn app(&self) -> &App {
        &self.house.app
    }

    /// Time goes by.
    pub(crate) fn later(&self, seconds: i64) {
        self.house.clock.seconds(seconds);
    }
}
