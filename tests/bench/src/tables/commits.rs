//! Sales per second beside what the database can commit durably, and how many commits a sale costs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use pos_server::app::App;
use pos_server::db::Db;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::SaleId;
use pos_server::rail::sandbox::{How, Sandbox};
use pos_server::till::cart::CartRequest;
use pos_server::till::once::Once;
use pos_server::till::{Actor, open};

use crate::database::Database;
use crate::house::House;
use crate::measure::{Client, together};
use crate::sheet::{Figure, Place, Sheet, Target, Via};
use crate::shop::{Shop, now};

const TITLE: &str = "Commits and sales";
pub(crate) const SPAN: Duration = Duration::from_secs(3);
const MANY: usize = 16;

/// One small row in a transaction of its own.
pub(crate) struct Raw(pub(crate) Db);

impl Client for Raw {
    async fn act(&mut self) -> Result<()> {
        let mut tx = self.0.begin().await?;
        let key = uuid::Uuid::now_v7().to_string();
        let answer = pos_server::db::idempotency::FirstAnswer {
            body_hash: String::new(),
            answer: String::new(),
        };
        tx.keep_answer("bench", &key, &answer, now()).await?;
        Ok(tx.commit().await?)
    }
}

/// A cashier who presses Charge.
pub(crate) struct Cashier {
    app: Arc<App>,
    actor: Actor,
    cart: CartRequest,
}

impl Cashier {
    pub(crate) fn new(house: &House, shop: &Shop, place: usize) -> Self {
        Self { app: house.app.clone(), actor: shop.actors[place].clone(), cart: shop.cart.clone() }
    }

    pub(crate) async fn open(&self) -> Result<SaleId> {
        let key = uuid::Uuid::now_v7().to_string();
        let once = Once::new(&format!("{}/charge", self.actor.till.id), &key, &["bench"])?;
        Ok(open::open(&self.app, &self.actor, &self.cart, Tip::None, &once).await?)
    }

    /// What the sale's code holds.
    pub(crate) async fn invoice(&self, sale: &SaleId) -> Result<String> {
        let attempt = self.app.db.attempts(sale).await?.pop().context("an offer")?;
        attempt.request.context("an invoice")
    }
}

impl Client for Cashier {
    async fn act(&mut self) -> Result<()> {
        self.open().await.map(|_| ())
    }
}

/// A cashier whose customers pay at once.
struct Seller(Cashier, Arc<Sandbox>);

impl Client for Seller {
    async fn act(&mut self) -> Result<()> {
        let Self(cashier, node) = self;
        let sale = cashier.open().await?;
        let invoice = cashier.invoice(&sale).await?;
        let mut hints = cashier.app.live.listen();
        node.pay(&invoice, How::Exact)?;
        loop {
            // A lagging listener looks for itself.
            let mine = hints.recv().await.map_or(true, |changed| changed == sale);
            if mine
                && cashier.app.db.sale(&cashier.actor.store.merchant_id, &sale).await?.state
                    == "paid"
            {
                return Ok(());
            }
        }
    }
}

/// Fills the table for one database.
pub(crate) async fn fill(
    sheet: &mut Sheet,
    database: &Database,
    house: &House,
    shop: &Shop,
) -> Result<()> {
    let (node, at) = (house.node()?, database.column);
    let cashiers = |count| (0..count).map(|place| Cashier::new(house, shop, place));
    for count in [1, MANY] {
        let line = |what| (format!("{what}, {}", clients(count)), Target::None);
        let raws = (0..count).map(|_| Raw(house.app.db.clone())).collect();
        let (done, _) = together(raws, SPAN, usize::MAX).await?;
        put(sheet, at, line("small durable commits"), Figure::rate(done.per_second()));
        let sellers = cashiers(count).map(|cashier| Seller(cashier, node.clone())).collect();
        let before = database.commits().await?;
        let (done, _) = together(sellers, SPAN, usize::MAX).await?;
        let each = (database.commits().await? - before) as f64 / done.count as f64;
        put(sheet, at, line("whole sales"), Figure::rate(done.per_second()));
        let (what, _) = line("durable commits for a whole sale");
        put(sheet, at, (what, Target::Most(2.0)), Figure::number(each, ""));
    }
    // Last: these sales stay open, and the worker looks after their offers.
    for count in [1, MANY] {
        let (done, _) = together(cashiers(count).collect(), SPAN, usize::MAX).await?;
        let line = (format!("sales opened, {}", clients(count)), Target::None);
        put(sheet, at, line, Figure::rate(done.per_second()));
    }
    Ok(())
}

fn clients(count: usize) -> String {
    if count == 1 { "1 client".into() } else { format!("{count} clients") }
}

fn put(
    sheet: &mut Sheet,
    column: usize,
    (what, target): (String, Target),
    figure: (Figure, &'static str),
) {
    sheet.put(Place { table: TITLE, what: &what, via: Via::Parts, target }, column, figure);
}
