//! The sample café with as many tills as there are clients, each with a tablet that somebody
//! unlocked: through the database, as the doors would do it.

use anyhow::{Context, Result, ensure};
use pos_server::access::{open, token};
use pos_server::app::App;
use pos_server::db::Db;
use pos_server::db::connection::Connection;
use pos_server::db::session::Session;
use pos_server::db::store::Store;
use pos_server::domain::time::{Clock, SystemClock, Time};
use pos_server::rate::StoreRateSettings;
use pos_server::till::Actor;
use pos_server::till::cart::{CartRequest, LineRequest};
use rust_decimal::Decimal;
use std::time::Duration;

/// What the stand-in BTCPay says a bitcoin costs, Jamaican dollars.
const PER_BTC: i64 = 19_500_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A shop to sell in.
pub(crate) struct Shop {
    pub(crate) store: Store,
    /// One person, at a till of its own each.
    pub(crate) actors: Vec<Actor>,
    /// What everybody sells.
    pub(crate) cart: CartRequest,
}

impl Shop {
    /// The sample café that the server made, with `tills` tills.
    pub(crate) async fn find(db: &Db, tills: usize) -> Result<Self> {
        let owner = db.first_owner().await?.context("a sample owner")?;
        let store = db.stores(&owner.merchant_id).await?.pop().context("a sample store")?;
        let staff = db.staff_of(&store.id).await?.pop().context("sample staff")?;
        let mut tx = db.begin().await?;
        for number in 2..=tills {
            let till = open::till(&store, &format!("Counter {number}"), &format!("C{number}"));
            tx.add_till(&till, now()).await?;
        }
        tx.commit().await?;
        let tills = db.tills(&store.id).await?;
        let actor = |till| Actor { store: store.clone(), till, staff: staff.clone() };
        let actors = tills.into_iter().map(actor).collect();
        let cart = cart(db, &store).await?;
        Ok(Self { store, actors, cart })
    }

    /// Puts a real rail in the place of what the shop collects by.
    pub(crate) async fn connect(&mut self, app: &App, connection: &Connection) -> Result<()> {
        let mut tx = app.db.begin().await?;
        for before in tx.connections_of(&self.store.id).await? {
            tx.remove_connection(&before.id).await?;
        }
        tx.set_store_money(&self.store.id, "real").await?;
        // No price stands still for real money: a BTCPay's word is one, and no exchange is asked.
        self.store.rate_settings = StoreRateSettings::market(self.store.currency()?).write()?;
        tx.save_store(&self.store).await?;
        tx.add_connection(connection, now()).await?;
        tx.commit().await?;
        pos_server::worker::connect_rails(app).await?;
        app.connections_changed.notify_one();
        ensure!(app.rails.get(connection.id.as_str()).is_some(), "the rail is not connected");
        self.store.money = "real".into();
        app.note_btcpay_price(&self.store.id, Decimal::from(PER_BTC));
        self.actors.iter_mut().for_each(|actor| actor.store = self.store.clone());
        Ok(())
    }

    /// A cookie for each till's tablet.
    pub(crate) async fn tablets(&self, db: &Db) -> Result<Vec<(String, String)>> {
        let mut tablets = Vec::new();
        for actor in &self.actors {
            let token = token::random();
            let session = Session {
                token_hash: token::hash(&token),
                kind: "till".into(),
                subject: actor.till.id.to_string(),
                merchant_id: actor.store.merchant_id.clone(),
                staff_id: None,
                staff_until_ms: 0,
                csrf: token::random(),
                expires_ms: now().after(DAY).0,
            };
            let mut tx = db.begin().await?;
            tx.add_session(&session, now()).await?;
            let until = now().after(DAY / 2);
            tx.set_session_staff(&session.token_hash, Some(&actor.staff.id), until).await?;
            tx.commit().await?;
            tablets.push((format!("pos-till={token}"), session.csrf));
        }
        Ok(tablets)
    }
}

/// The first two things on the shelf, one of them twice, and an amount from the keypad.
async fn cart(db: &Db, store: &Store) -> Result<CartRequest> {
    let line = |item, unit, quantity| LineRequest {
        item,
        name: String::new(),
        unit,
        quantity,
        note: String::new(),
    };
    let shelf = db.items(&store.id).await?;
    let mut lines: Vec<LineRequest> = shelf
        .iter()
        .zip([2, 1])
        .map(|(item, quantity)| line(Some(item.id.to_string()), item.price, quantity))
        .collect();
    lines.push(line(None, 25_050, 1));
    let expected_total = lines.iter().map(|line| line.unit * line.quantity).sum();
    Ok(CartRequest { lines, discount: None, name: String::new(), expected_total })
}

pub(crate) fn now() -> Time {
    SystemClock.now()
}
