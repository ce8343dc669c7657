//! One thing that happens, by the dice.

use pos_server::db::attempt::NextLook;
use pos_server::domain::time::Time;

use super::super::node::{Call, Fault, How, Line};
use super::request::{Request, Verb};
use super::world::{Who, World, short};

/// How likely each is, in the order of the arms below.
const WEIGHTS: [usize; 16] = [10, 5, 26, 5, 12, 22, 8, 16, 2, 5, 2, 6, 4, 7, 1, 2];

impl World<'_> {
    pub(crate) async fn act(&mut self) {
        match self.dice.weighed(&WEIGHTS) {
            0 => self.charge().await,
            1 => self.ask_again().await,
            2 => self.ask_something().await,
            3 => self.find_money().await,
            4 => self.pay().await,
            5 => self.listen().await,
            6 => self.look_round().await,
            7 => self.step().await,
            8 => {
                self.tell("the server dies");
                self.crash().await;
            }
            9 => self.plan_a_fault().await,
            10 => self.cut_a_stream(),
            11 => self.pass_time(),
            12 => self.move_a_payment().await,
            13 => self.sabotage().await,
            14 => {
                let there = self.dice.chance(50);
                self.tell(format!("the price is there: {there}"));
                self.set_rate(there);
            }
            _ => {
                let down = self.dice.chance(40);
                self.tell(format!("the node is down: {down}"));
                self.shop.node.set_down(down);
            }
        }
    }

    /// Sends a request, once or twice in the same moment.
    pub(crate) async fn send(&mut self, request: Request) {
        let twice = self.dice.chance(12);
        let free = !twice && self.dice.chance(55);
        let place = self.requests.len();
        self.tell(format!("request {place}: {:?} on {:?}", request.verb, request.sale));
        self.requests.push(request);
        self.start(Who::Tablet(place), free).await;
        if twice {
            self.tell(format!("request {place} once more"));
            let free = self.dice.chance(50);
            self.start(Who::Tablet(place), free).await;
        }
    }

    pub(crate) fn new_request(&mut self, sale: Option<usize>, verb: Verb) -> Request {
        let key = format!("{:016x}", self.dice.throw());
        let sale = sale.map(|place| self.sales[place].clone());
        Request { key, till: self.dice.below(2), sale, verb, answer: None }
    }

    async fn charge(&mut self) {
        let minor = match self.dice.below(4) {
            0 => self.dice.between(1, 300),
            1 => 1_000 * self.dice.between(1, 300),
            _ => self.dice.between(300, 500_000),
        };
        let tip = if self.dice.chance(20) { self.dice.between(0, minor) } else { 0 };
        let request = self.new_request(None, Verb::Charge { minor, tip });
        self.send(request).await;
    }

    /// A reload, a lost answer, an impatient finger.
    async fn ask_again(&mut self) {
        if self.requests.is_empty() {
            return self.charge().await;
        }
        let place = self.dice.below(self.requests.len());
        self.tell(format!("request {place} again"));
        let free = self.dice.chance(50);
        self.start(Who::Tablet(place), free).await;
    }

    async fn ask_something(&mut self) {
        if self.sales.is_empty() {
            return self.charge().await;
        }
        let place = self.dice.below(self.sales.len());
        let sale = self.shop.sale(&self.sales[place]).await;
        let due = sale.due().max(1);
        let verb = match self.dice.weighed(&[8, 6, 4, 5, 5]) {
            0 => Verb::Cash { received: self.some_of(due + 60) },
            1 if self.dice.chance(50) => Verb::Renew { part: None },
            1 => Verb::Renew { part: Some(self.some_of(due)) },
            2 => Verb::Void,
            kind => {
                let payments = self.shop.payments(&sale.id).await;
                let Some(payment) = self.dice.pick(&payments) else { return };
                let payment = payment.id.to_string();
                if kind == 3 { Verb::Add { payment } } else { Verb::GiveBack { payment } }
            }
        };
        let request = self.new_request(Some(place), verb);
        self.send(request).await;
    }

    /// All of it, a part, or more.
    fn some_of(&mut self, whole: i64) -> i64 {
        match self.dice.below(5) {
            0 | 1 => whole,
            2 => whole + self.dice.between(1, 100_000),
            _ => self.dice.between(1, whole),
        }
    }

    /// Of money for nobody, a strict node tells only once its stream has told something.
    async fn find_money(&mut self) {
        let told = !self.shop.node.is_strict() || self.shop.cursor().await.settle > 0;
        if told && self.dice.chance(30) {
            let sats = self.dice.between(1, 1_000).unsigned_abs();
            let paid = self.shop.node.receive(sats);
            self.tell(format!("money for nobody: {}", short(&paid.reference)));
        } else {
            self.pay().await;
        }
    }

    /// True for an offer that came to a tablet's screen; nobody can have seen another.
    async fn was_shown(&self, offer: &str) -> bool {
        let db = &self.shop.app().db;
        let merchant = &self.shop.store.merchant_id;
        db.find_attempt(merchant, "sandbox", offer).await.unwrap().is_some()
    }

    async fn pay(&mut self) {
        let node = self.shop.node.clone();
        let offers = if self.dice.chance(70) { node.payable() } else { node.offers() };
        let Some(offer) = self.dice.pick(&offers).cloned() else { return };
        if !self.was_shown(&offer).await {
            return;
        }
        let how = match self.dice.weighed(&[10, 3, 3, 3, 3, 1]) {
            0 => How::Exact,
            1 => How::Msat(self.dice.between(1, 20_000_000).unsigned_abs()),
            2 => How::Msat(self.dice.between(1_000, 2_000_000_000).unsigned_abs()),
            3 => How::Late,
            4 => How::Again,
            _ => How::Msat(1),
        };
        let paid = node.try_pay(&offer, how);
        if let Some(paid) = paid {
            self.tell(format!("{how:?} paid: {} {}", short(&paid.reference), paid.amount));
        }
    }

    /// A slow payment sets out, arrives or goes back.
    async fn move_a_payment(&mut self) {
        let node = self.shop.node.clone();
        let moving = node.on_their_way();
        match self.dice.pick(&moving).cloned() {
            Some(offer) if self.dice.chance(70) => {
                if self.dice.chance(80) {
                    node.arrive(&offer);
                    self.tell(format!("arrived: {}", short(&offer)));
                } else {
                    node.turn_back(&offer);
                    self.tell(format!("went back: {}", short(&offer)));
                }
            }
            _ => {
                let payable = node.payable();
                let Some(offer) = self.dice.pick(&payable) else { return };
                if !self.was_shown(offer).await {
                    return;
                }
                if node.set_out(offer) {
                    self.tell(format!("set out: {}", short(offer)));
                }
            }
        }
    }

    async fn listen(&mut self) {
        let at = self.dice.below(2);
        if self.is_listening(at) {
            return;
        }
        if self.lines[at].is_none() {
            let cursor = self.shop.cursor().await;
            self.tell(format!("worker {at} listens from {}", cursor.settle));
            self.lines[at] = Some(Line::open(&self.shop.node, cursor));
        }
        let told = self.lines[at].as_mut().and_then(|line| line.next(&mut self.dice));
        if let Some(told) = told {
            let free = self.dice.chance(70);
            self.start(Who::Listener(at, Box::new(told)), free).await;
        }
    }

    fn cut_a_stream(&mut self) {
        let at = self.dice.below(2);
        if !self.is_listening(at) && self.lines[at].take().is_some() {
            self.tell(format!("the stream of worker {at} breaks off"));
        }
    }

    /// A worker takes what is due for a look; both may look at one offer.
    async fn look_round(&mut self) {
        let now = self.shop.app().now();
        let again = Time(now.0 + 10_000);
        let Ok(claimed) = self
            .shop
            .app()
            .db
            .claim_checks(now, NextLook { usual: again, btcpay: again }, 50)
            .await
        else {
            return;
        };
        for offer in claimed {
            let free = self.dice.chance(60);
            self.start(Who::Look(Box::new(offer)), free).await;
        }
    }

    async fn step(&mut self) {
        if self.running.is_empty() {
            return;
        }
        let place = self.dice.below(self.running.len());
        let free = self.dice.chance(30);
        self.go_on(place, free).await;
    }

    async fn plan_a_fault(&mut self) {
        let payable = self.shop.node.payable();
        if let Some(offer) = self.dice.pick(&payable).cloned()
            && self.dice.chance(25)
            && self.was_shown(&offer).await
        {
            self.tell(format!("when it is cancelled, {} is paid", short(&offer)));
            return self.shop.node.pay_when_cancelled(&offer);
        }
        let call = [Call::Offer, Call::Status, Call::Cancel][self.dice.below(3)];
        let fault = match self.dice.below(4) {
            0 => Fault::Break,
            1 => Fault::Refuse("not just now"),
            _ => Fault::Lose,
        };
        self.tell(format!("next {call:?}: {fault:?}"));
        self.shop.node.next(call, fault);
    }

    fn pass_time(&mut self) {
        let seconds = match self.dice.below(8) {
            0 => self.dice.between(500, 700),
            1 => -self.dice.between(1, 20),
            2 | 3 => self.dice.between(10, 60),
            _ => self.dice.between(1, 11),
        };
        self.tell(format!("{seconds} s go by"));
        self.shop.later(seconds);
    }

    /// Something happens while a write of it fails; the server may die of that.
    async fn sabotage(&mut self) {
        let nth = self.dice.between(1, 14);
        self.tell(format!("write {nth} from now fails:"));
        self.saboteur.arm(nth).await;
        match self.dice.below(6) {
            0 => self.charge().await,
            1 | 2 => self.ask_something().await,
            3 => self.listen().await,
            4 => self.look_round().await,
            _ => self.step().await,
        }
        self.saboteur.disarm().await;
        if self.dice.chance(50) {
            self.tell("and the server dies of it");
            self.crash().await;
        }
    }
}
