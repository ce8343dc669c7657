//! The end of a schedule: nothing goes wrong any more, and everything comes to rest by itself.

use super::request::{Answer, Verb};
use super::world::{Who, World};

/// So often may a tablet have to ask.
const PATIENCE: usize = 12;

impl World<'_> {
    pub(crate) async fn rest(&mut self) {
        self.tell("and then everything comes to rest");
        self.saboteur.disarm().await;
        self.shop.node.behave();
        self.set_rate(true);
        self.shop.later(30);
        self.finish_what_runs().await;
        self.answer_everybody().await;
        for offer in self.shop.node.on_their_way() {
            self.shop.node.arrive(&offer);
        }
        self.shop.settle_down().await;
        self.check_at_rest().await;
        if self.faults.is_empty() && self.dice.chance(25) {
            self.close_every_sale().await;
        }
    }

    async fn finish_what_runs(&mut self) {
        while !self.running.is_empty() {
            self.go_on(0, true).await;
        }
    }

    async fn answer_everybody(&mut self) {
        for place in 0..self.requests.len() {
            for _ in 0..PATIENCE {
                if self.requests[place].answer.is_none() {
                    self.start(Who::Tablet(place), true).await;
                }
            }
            if self.requests[place].answer.is_none() {
                self.faults.push(format!("never answered: {:?}", self.requests[place]));
            }
        }
    }

    async fn check_at_rest(&mut self) {
        let books = self.check().await;
        self.faults.extend(books.faults_at_rest(&[&self.shop.node]));
        let charges = self.requests.iter().filter(|request| {
            let charge = matches!(request.verb, Verb::Charge { .. });
            charge && matches!(request.answer, Some(Answer::Done(_)))
        });
        let charges = charges.count();
        if books.sales.len() != charges {
            self.faults.push(format!("{} sales of {charges} charges", books.sales.len()));
        }
    }

    /// Nothing holds up an open sale: its cash is taken.
    async fn close_every_sale(&mut self) {
        for place in 0..self.sales.len() {
            let sale = self.shop.sale(&self.sales[place]).await;
            if sale.state == "open" {
                let received = sale.due() + 100;
                let request = self.new_request(Some(place), Verb::Cash { received });
                let mine = self.requests.len();
                self.send(request).await;
                self.finish_what_runs().await;
                if self.requests[mine].answer != Some(Answer::Done(None)) {
                    self.faults.push(format!("cannot be closed: {:?}", self.requests[mine]));
                }
            }
        }
        self.shop.settle_down().await;
        self.check_at_rest().await;
    }
}
