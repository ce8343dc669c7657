//! One schedule: a shop, its BTCPay, two servers of ours, and what happened.

use std::time::Duration;

use btcpay_stand_in::Switches;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use pos_server::db::attempt::Attempt;
use pos_server::domain::id::SaleId;
use pos_server::rail::{Cursor, Notice, RailError, Told};
use pos_server::till::TillError;
use pos_server::worker;

use super::super::bar::Bar;
use crate::sale::dice::Dice;
use crate::sale::schedules::request::{Answer, Request, Verb};
use crate::sale::shop::{House, Shop};

pub(super) struct World {
    pub(super) bar: Bar,
    /// The server that answers the door, and another on the same database.
    pub(super) lives: [House; 2],
    pub(super) dice: Dice,
    pub(super) sales: Vec<SaleId>,
    pub(super) requests: Vec<Request>,
    pub(super) chain: Vec<String>,
    pub(super) faults: Vec<String>,
    pub(super) told: Vec<String>,
    /// The first server listens, and knows what it told before.
    listening: Option<BoxStream<'static, Result<Told, RailError>>>,
}

impl World {
    pub(super) async fn new(house: &House, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let bar = Bar::loose(house, dice.chance(25)).await;
        bar.listens_closely(&bar.house.app);
        let lives = [bar.house.clone(), house.another_quickly()];
        worker::connect_rails(&lives[1].app).await.unwrap();
        Self {
            bar,
            lives,
            dice,
            sales: Vec::new(),
            requests: Vec::new(),
            chain: Vec::new(),
            faults: Vec::new(),
            told: Vec::new(),
            listening: None,
        }
    }

    /// The first server hears what changed since its last round; where that breaks off it begins
    /// anew the next time.
    pub(super) async fn listen(&mut self, patience: Duration) -> String {
        let app = &self.lives[0].app;
        let connected = app.rails.get(self.bar.connection.as_str()).expect("it is connected");
        let anew = || connected.rail.notices(Cursor::default());
        let mut stream = self.listening.take().unwrap_or_else(anew);
        let mut heard = 0;
        loop {
            let told = match tokio::time::timeout(patience, stream.next()).await {
                Err(_) => break,
                Ok(Some(Ok(told))) => told,
                Ok(end) => return format!("{end:?}"),
            };
            if let Err(error) = worker::take(&self.lives[0].app, &connected, &told).await {
                return format!("{error:?}");
            }
            heard += 1;
            if told.notice == Notice::CaughtUp {
                break;
            }
        }
        self.listening = Some(stream);
        format!("{heard} lines")
    }

    pub(super) fn tell(&mut self, what: impl Into<String>) {
        self.told.push(what.into());
    }

    /// Charges first, then whatever the dice say, and the end of it.
    pub(super) async fn play(&mut self) -> Vec<String> {
        let turns = self.dice.between(5, 14);
        self.charge().await;
        for _ in 0..turns {
            self.turn().await;
        }
        self.come_to_rest().await;
        self.check().await
    }

    /// The shop at one of the servers.
    pub(super) fn shop(&self, life: usize) -> Shop {
        Shop { house: self.lives[life].clone(), ..self.bar.shop.clone() }
    }

    /// Sends a request, perhaps to a server that dies over it, and keeps the answer.
    pub(super) async fn send(&mut self, request: Request) {
        let life = self.dice.below(2);
        let sending = request.clone().send(self.shop(life));
        let done = if self.dice.chance(10) {
            let lives = Duration::from_micros(self.dice.between(100, 12_000).unsigned_abs());
            tokio::time::timeout(lives, sending).await
        } else {
            Ok(sending.await)
        };
        match done {
            Ok(done) => self.answered(request, done).await,
            Err(_) => {
                self.tell(format!(
                    "{:?} of {:?} died with server {life}",
                    request.verb, request.sale
                ));
                self.requests.push(request);
                self.crash(life).await;
            }
        }
    }

    pub(super) async fn answered(&mut self, mut request: Request, done: Result<Answer, TillError>) {
        self.tell(format!("{:?} of {:?}: {done:?}", request.verb, request.sale));
        match done {
            Ok(answer) => {
                if let Answer::Done(Some(sale)) = &answer
                    && !self.sales.contains(sale)
                {
                    self.sales.push(sale.clone());
                }
                request.answer = Some(answer);
            }
            Err(error @ (TillError::Ledger(_) | TillError::KeyReused)) => {
                self.faults.push(format!("{error:?}"));
            }
            Err(_) => {}
        }
        self.requests.push(request);
    }

    pub(super) async fn charge(&mut self) {
        let verb = Verb::Charge { minor: self.dice.between(1_000, 300_000), tip: 0 };
        let request = self.request(None, verb);
        self.send(request).await;
    }

    pub(super) fn request(&mut self, sale: Option<SaleId>, verb: Verb) -> Request {
        let key = format!("{:016x}", self.dice.throw());
        Request { key, till: self.dice.below(2), sale, verb, answer: None }
    }

    /// A server dies with all it knew, and another takes its place.
    pub(super) async fn crash(&mut self, life: usize) {
        self.tell(format!("server {life} dies"));
        let house = self.lives[life].another_quickly();
        worker::connect_rails(&house.app).await.unwrap();
        if life == 0 {
            self.listening = None;
            self.bar.listens_closely(&house.app);
            self.bar.door.lead_to(&house);
        }
        self.lives[life] = house;
    }

    /// An offer of a sale, whether the till shows it or not.
    pub(super) async fn offer(&mut self) -> Option<Attempt> {
        let sale = self.dice.pick(&self.sales)?.clone();
        let mut offers = self.shop(0).attempts(&sale).await;
        offers.retain(|one| one.rail == "btcpay");
        self.dice.pick(&offers).cloned()
    }

    /// BTCPay's number of an offer, also of one that was lost.
    pub(super) fn invoice(&self, offer: &Attempt) -> Option<String> {
        if self.bar.btcpay.invoice(&offer.reference).is_some() {
            return Some(offer.reference.clone());
        }
        let all = self.bar.btcpay.invoices();
        let made = all.iter().find(|one| one["metadata"]["orderId"] == offer.id.as_str())?;
        Some(made["id"].as_str().unwrap().to_owned())
    }

    /// A moment in which messages travel.
    pub(super) async fn moment(&mut self) {
        let span = Duration::from_micros(self.dice.between(0, 2_000).unsigned_abs());
        tokio::time::sleep(span).await;
    }

    pub(super) async fn leave(self) {
        let before = Switches { hold: true, ..Switches::default() };
        self.bar.btcpay.webhooks(before);
        let mut tx = self.bar.app().db.begin().await.unwrap();
        tx.remove_connection(&self.bar.connection).await.unwrap();
        tx.commit().await.unwrap();
    }
}
