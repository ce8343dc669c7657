//! A shop in the middle of things: what runs, what waits for an answer, what was told.

use std::pin::Pin;
use std::sync::Arc;

use pos_server::db::attempt::Attempt;
use pos_server::domain::id::{MerchantId, SaleId};
use pos_server::rail::{Cursor, Told};
use pos_server::till::{TillError, watch};
use pos_server::worker;

use super::super::books::Books;
use super::super::dice::Dice;
use super::super::node::{Line, Ticket, gated};
use super::super::shop::{House, Shop};
use super::request::{Answer, Request};
use super::sabotage::Saboteur;

/// Who runs, and for what.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// A tablet's request, by its place.
    Tablet(usize),
    /// A worker's look at one offer.
    Look(Box<Attempt>),
    /// One of two workers, with a line of its stream.
    Listener(usize, Box<Told>),
}

pub(crate) struct Running {
    pub(crate) who: Who,
    ticket: Arc<Ticket>,
    verb: Pin<Box<dyn Future<Output = Result<Option<Answer>, TillError>>>>,
}

pub(crate) struct World<'a> {
    pub(crate) shop: Shop,
    pub(crate) dice: Dice,
    pub(crate) saboteur: &'a mut Saboteur,
    pub(crate) running: Vec<Running>,
    pub(crate) requests: Vec<Request>,
    pub(crate) sales: Vec<SaleId>,
    /// The streams of two workers.
    pub(crate) lines: [Option<Line>; 2],
    pub(crate) told: Vec<String>,
    pub(crate) faults: Vec<String>,
    practice_rate: String,
}

impl<'a> World<'a> {
    pub(crate) async fn new(house: House, saboteur: &'a mut Saboteur, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let shop = Shop::of(&house, &MerchantId::new(), "JMD").await;
        if dice.chance(50) {
            shop.node.be_strict();
        }
        Self {
            practice_rate: shop.store.rate_settings.clone(),
            shop,
            dice,
            saboteur,
            running: Vec::new(),
            requests: Vec::new(),
            sales: Vec::new(),
            lines: [None, None],
            told: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Plays the schedule to its end; what is wrong then.
    pub(crate) async fn play(&mut self) -> Vec<String> {
        for _ in 0..self.dice.between(12, 36) {
            self.act().await;
            if self.dice.chance(4) {
                self.check().await;
            }
            if !self.faults.is_empty() {
                return std::mem::take(&mut self.faults);
            }
        }
        self.rest().await;
        std::mem::take(&mut self.faults)
    }

    /// The server that runs at the end, for the next schedule.
    pub(crate) fn leave(self) -> House {
        self.shop.house
    }

    pub(crate) fn tell(&mut self, what: impl Into<String>) {
        self.told.push(what.into());
    }

    pub(crate) fn set_rate(&mut self, there: bool) {
        let rate = if there { self.practice_rate.clone() } else { "{}".into() };
        self.shop.store.rate_settings = rate;
    }

    /// Starts something; free to run through, or held at each gate of the node.
    pub(crate) async fn start(&mut self, who: Who, free: bool) {
        let (ticket, shop) = (Arc::new(Ticket::default()), self.shop.clone());
        if free {
            ticket.free();
        }
        let doing = who.clone();
        let request = match &who {
            Who::Tablet(place) => Some(self.requests[*place].clone()),
            _ => None,
        };
        let verb = async move {
            match (doing, request) {
                (Who::Tablet(_), request) => request.unwrap().send(shop).await.map(Some),
                (Who::Look(offer), _) => watch::look(shop.app(), &offer, false).await.map(|_| None),
                (Who::Listener(_, told), _) => {
                    worker::take(shop.app(), &shop.connected(), &told).await.map(|()| None)
                }
            }
        };
        let verb = Box::pin(gated(ticket.clone(), verb));
        self.running.push(Running { who, ticket, verb });
        self.drive(self.running.len() - 1).await;
    }

    /// Lets a held verb through its gate, up to the next one or its end.
    pub(crate) async fn go_on(&mut self, place: usize, free: bool) {
        let ticket = &self.running[place].ticket;
        if free {
            ticket.free();
        } else {
            ticket.let_through();
        }
        self.drive(place).await;
    }

    async fn drive(&mut self, place: usize) {
        let running = &mut self.running[place];
        let done = tokio::select! {
            biased;
            done = &mut running.verb => done,
            () = running.ticket.held() => {
                let who = format!("  … {} is held at the node", running.who.words());
                self.tell(who);
                return;
            }
        };
        let who = self.running.swap_remove(place).who;
        self.tell(format!("  {} → {done:?}", who.words()));
        match (who, done) {
            (Who::Tablet(place), Ok(Some(answer))) => self.answered(place, answer).await,
            // A stream that cannot be settled ends; the next begins where the database says.
            (Who::Listener(line, _), Err(_)) => self.lines[line] = None,
            (_, Err(error @ (TillError::Ledger(_) | TillError::KeyReused))) => {
                self.faults.push(format!("{error:?}"));
            }
            _ => {}
        }
    }

    async fn answered(&mut self, place: usize, answer: Answer) {
        if let Answer::Done(Some(sale)) = &answer
            && !self.sales.contains(sale)
        {
            self.sales.push(sale.clone());
        }
        let request = &mut self.requests[place];
        let fault = request.hear(answer, &self.shop, &mut self.saboteur.desk).await;
        self.faults.extend(fault);
    }

    /// True while a worker has a line of its stream in hand.
    pub(crate) fn is_listening(&self, line: usize) -> bool {
        self.running.iter().any(|one| matches!(one.who, Who::Listener(busy, _) if busy == line))
    }

    /// The server dies, with all that runs and all that it knew; another opens on its database.
    pub(crate) async fn crash(&mut self) {
        self.saboteur.disarm().await;
        self.running.clear();
        self.lines = [None, None];
        let anew = self.dice.chance(10);
        let house = &self.shop.house;
        self.shop.house = if anew { house.another().await } else { house.another_quickly() };
        self.shop.connect(None);
    }

    /// What must be right at every moment.
    pub(crate) async fn check(&mut self) -> Books {
        let books = self.books().await;
        self.faults.extend(books.faults());
        let cursor = self.shop.cursor().await;
        self.faults.extend(self.ahead(&books, cursor));
        books
    }

    async fn books(&mut self) -> Books {
        Books::read(&mut self.saboteur.desk, &self.shop.store.merchant_id).await
    }

    /// Payments that the stream will not tell again and that are not kept. A strict node is asked
    /// about those of before its stream began, so they may come later.
    fn ahead(&self, books: &Books, cursor: Cursor) -> Option<String> {
        let settled = self.shop.node.settled();
        let passed = settled.iter().take(usize::try_from(cursor.settle).unwrap());
        let kept =
            |reference: &String| books.payments.iter().any(|one| one.reference == *reference);
        let mut lost = passed.filter(|paid| !kept(&paid.reference));
        let lost = if self.shop.node.is_strict() { None } else { lost.next() };
        lost.map(|paid| format!("the cursor is at {}, past {paid:?}", cursor.settle))
    }
}

impl Who {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Tablet(place) => format!("request {place}"),
            Self::Look(offer) => format!("look at {}", short(&offer.reference)),
            Self::Listener(line, told) => format!("worker {line} hears {:?}", told.notice),
        }
    }
}

/// The end of a reference, where they differ.
pub(crate) fn short(reference: &str) -> &str {
    let (head, tail) = reference.split_at(reference.len().saturating_sub(5));
    if head.is_empty() { reference } else { tail }
}
