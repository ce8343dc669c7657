//! Storms: the same as the schedules, but truly at once and in no order that repeats. Cashiers and
//! customers at two servers with all their workers, a node with moods, and servers that are killed
//! at any instruction. `STORMS=50` weathers more of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_server::db::Kind;
use pos_server::domain::id::{MerchantId, SaleId};
use pos_server::till::TillError;
use pos_server::worker;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::books::{Books, look_in};
use super::dice::Dice;
use super::node::{Call, Fault, How};
use super::schedules::request::{Answer, Request, Verb};
use super::shop::{House, Shop};
use crate::support::db::Fresh;

const CASHIERS: usize = 4;
const REQUESTS: usize = 30;

/// A server with its workers; killed by dropping what it does, wherever that is.
struct Life {
    shop: Shop,
    killed: CancellationToken,
    _workers: JoinSet<()>,
}

struct Storm {
    shop: Shop,
    lives: [Mutex<Life>; 2],
    sales: Mutex<Vec<SaleId>>,
    requests: Mutex<Vec<Request>>,
    faults: Mutex<Vec<String>>,
    over: AtomicBool,
}

fn live(house: House, shop: &Shop, dice: &mut Dice) -> Life {
    let shop = Shop { house, ..shop.clone() };
    shop.connect(Some(Dice::new(dice.throw())));
    let workers = worker::start(&shop.house.app, &CancellationToken::new());
    Life { shop, killed: CancellationToken::new(), _workers: workers }
}

async fn pause(dice: &mut Dice, most_ms: i64) {
    tokio::time::sleep(Duration::from_millis(dice.between(0, most_ms).unsigned_abs())).await;
}

impl Storm {
    fn life(&self, dice: &mut Dice) -> (Shop, CancellationToken) {
        let life = self.lives[dice.below(2)].lock().unwrap();
        (life.shop.clone(), life.killed.clone())
    }

    /// A cashier at work: each request is sent until it is answered, by whichever server lives.
    async fn cashier(self: Arc<Self>, mut dice: Dice) {
        for _ in 0..REQUESTS {
            let mut request = self.think(&mut dice).await;
            while request.answer.is_none() {
                let (shop, killed) = self.life(&mut dice);
                let twin = dice.chance(15).then(|| request.clone().send(shop.clone()));
                let sent = request.clone().send(shop);
                let sent = async {
                    match twin {
                        Some(twin) => tokio::join!(sent, twin).0,
                        None => sent.await,
                    }
                };
                tokio::select! {
                    () = killed.cancelled() => {}
                    answer = sent => match answer {
                        Ok(answer) => request.answer = Some(answer),
                        Err(error) => self.judge(&error),
                    }
                }
            }
            if let Some(Answer::Done(Some(sale))) = &request.answer {
                self.sales.lock().unwrap().push(sale.clone());
            }
            self.requests.lock().unwrap().push(request);
            pause(&mut dice, 4).await;
        }
    }

    /// A database may be away, but nobody may hold up another for good.
    fn judge(&self, error: &TillError) {
        let words = format!("{error:?}");
        if words.contains("deadlock") || !matches!(error, TillError::Db(_)) {
            self.faults.lock().unwrap().push(words);
        }
    }

    async fn think(&self, dice: &mut Dice) -> Request {
        let sale = dice.pick(&self.sales.lock().unwrap()).cloned();
        let due = |sale: &SaleId| {
            let (shop, sale) = (self.shop.clone(), sale.clone());
            async move { shop.sale(&sale).await.due().max(1) }
        };
        let verb = match (dice.weighed(&[5, 4, 2, 2, 2, 2]), &sale) {
            (1, Some(sale)) => Verb::Cash { received: dice.between(1, 2 * due(sale).await) },
            (2, Some(sale)) => Verb::Renew { part: Some(dice.between(1, due(sale).await)) },
            (3, Some(_)) => Verb::Void,
            (kind @ (4 | 5), Some(sale)) => {
                let payments = self.shop.payments(sale).await;
                let payment = dice.pick(&payments).map_or("none".into(), |one| one.id.to_string());
                if kind == 4 { Verb::Add { payment } } else { Verb::GiveBack { payment } }
            }
            _ => Verb::Charge { minor: dice.between(1, 300_000), tip: 0 },
        };
        let sale = sale.filter(|_| !matches!(verb, Verb::Charge { .. }));
        let key = format!("{:016x}", dice.throw());
        Request { key, till: dice.below(2), sale, verb, answer: None }
    }

    /// Customers pay what they can see, in all the ways there are.
    async fn customer(self: Arc<Self>, mut dice: Dice) {
        let (db, node) = (&self.shop.app().db, &self.shop.node);
        while !self.over.load(Ordering::SeqCst) {
            pause(&mut dice, 8).await;
            let offers = if dice.chance(80) { node.payable() } else { node.offers() };
            let Some(offer) = dice.pick(&offers) else { continue };
            let seen = db.find_attempt(&self.shop.store.merchant_id, "sandbox", offer).await;
            if !matches!(seen, Ok(Some(_))) {
                continue;
            }
            match dice.weighed(&[10, 3, 2, 3, 3, 3, 2]) {
                0 => drop(node.try_pay(offer, How::Exact)),
                1 => {
                    drop(node.try_pay(offer, How::Msat(dice.between(1, 40_000_000).unsigned_abs())))
                }
                2 => drop(node.try_pay(offer, How::Late)),
                3 => drop(node.try_pay(offer, How::Again)),
                4 => node.pay_when_cancelled(offer),
                5 => drop(node.set_out(offer)),
                _ => drop(node.receive(1)),
            }
            for moving in node.on_their_way() {
                if dice.chance(40) {
                    node.arrive(&moving);
                }
            }
        }
    }

    /// Time, the node's moods, and death.
    async fn weather(self: Arc<Self>, mut dice: Dice) {
        let (mut house, node) = (self.shop.house.clone(), &self.shop.node);
        while !self.over.load(Ordering::SeqCst) {
            pause(&mut dice, 25).await;
            match dice.weighed(&[6, 3, 2, 2, 1]) {
                0 => self.shop.later(dice.between(1, 15)),
                1 => {
                    let call = [Call::Offer, Call::Status, Call::Cancel][dice.below(3)];
                    let fault =
                        [Fault::Lose, Fault::Break, Fault::Refuse("no")][dice.below(3)].clone();
                    node.next(call, fault);
                }
                2 => node.set_down(dice.chance(30)),
                3 => {
                    let at = dice.below(2);
                    house = house.another().await;
                    let new = live(house.clone(), &self.shop, &mut dice);
                    let old = std::mem::replace(&mut *self.lives[at].lock().unwrap(), new);
                    old.killed.cancel();
                }
                _ => self.shop.later(dice.between(300, 700)),
            }
        }
    }

    /// Everything ends: what is wrong then.
    async fn calm(&self, shop: &Shop) -> Vec<String> {
        self.shop.node.behave();
        for offer in self.shop.node.on_their_way() {
            self.shop.node.arrive(&offer);
        }
        shop.settle_down().await;
        let mut desk = look_in(&shop.house.fresh.url).await;
        let books = Books::read(&mut desk, &shop.store.merchant_id).await;
        let mut faults = std::mem::take(&mut *self.faults.lock().unwrap());
        faults.extend([books.faults(), books.faults_at_rest(&[&shop.node])].concat());
        let requests = std::mem::take(&mut *self.requests.lock().unwrap());
        for request in &requests {
            let answer = request.answer.as_ref().unwrap();
            if matches!(answer, Answer::Done(_)) {
                faults.extend(request.lie(answer, shop, &mut desk).await);
            }
        }
        let opened = |one: &&Request| matches!(one.answer, Some(Answer::Done(Some(_))));
        let opened = requests.iter().filter(opened).count();
        if shop.app().db.kind() == Kind::Postgres {
            let sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
            let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&mut desk).await.unwrap();
            faults.extend((count > 0).then(|| format!("{count} deadlocks")));
        }
        if opened != books.sales.len() {
            faults.push(format!("{} sales of {opened} charges", books.sales.len()));
        }
        faults
    }
}

async fn weather_one(house: &House, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let shop = Shop::of(house, &MerchantId::new(), "JMD").await;
    // SQLite has one server, with two of each worker; PostgreSQL has two.
    let second = match house.app.db.kind() {
        Kind::Sqlite => house.clone(),
        Kind::Postgres => house.another().await,
    };
    let lives = [house.clone(), second].map(|house| Mutex::new(live(house, &shop, &mut dice)));
    let storm = Arc::new(Storm {
        shop: shop.clone(),
        lives,
        sales: Mutex::default(),
        requests: Mutex::default(),
        faults: Mutex::default(),
        over: AtomicBool::new(false),
    });
    let mut others = JoinSet::new();
    others.spawn(storm.clone().customer(Dice::new(dice.throw())));
    others.spawn(storm.clone().customer(Dice::new(dice.throw())));
    others.spawn(storm.clone().weather(Dice::new(dice.throw())));
    let mut cashiers = JoinSet::new();
    for _ in 0..CASHIERS {
        cashiers.spawn(storm.clone().cashier(Dice::new(dice.throw())));
    }
    while let Some(done) = cashiers.join_next().await {
        done.unwrap();
    }
    storm.over.store(true, Ordering::SeqCst);
    while let Some(done) = others.join_next().await {
        done.unwrap();
    }
    // Both servers die, and one opens again.
    let survivor = house.another().await;
    for life in &storm.lives {
        let dead = live(survivor.clone(), &shop, &mut dice);
        drop(std::mem::replace(&mut *life.lock().unwrap(), dead));
    }
    let shop = Shop { house: survivor, ..shop };
    storm.calm(&shop).await
}

async fn weather(fresh: Fresh) {
    let house = House::open(fresh).await;
    let count = std::env::var("STORMS").map_or(3, |text| text.parse().expect("a number"));
    for seed in 0..count {
        let faults = weather_one(&house, seed).await;
        assert!(faults.is_empty(), "\nstorm {seed}:\n  {}\n", faults.join("\n  "));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn storms_on_sqlite_lose_and_double_nothing() {
    weather(Fresh::sqlite_in_memory_of_the_machine().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn storms_on_postgres_lose_and_double_nothing() {
    weather(Fresh::postgres().await).await;
}
