//! What people and workers do in a shop, each as one call.

use pos_server::db::attempt::Attempt;
use pos_server::db::payment::Payment;
use pos_server::db::sale::Sale;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::{PaymentId, SaleId};
use pos_server::rail::{Cursor, Told};
use pos_server::till::cart::{CartRequest, LineRequest};
use pos_server::till::once::Once;
use pos_server::till::{TillError, cash, late, offer, open, void, watch};
use pos_server::worker;

use super::node::Line;
use super::shop::Shop;

/// A cart of one amount from the keypad.
pub(crate) fn keypad(minor: i64) -> CartRequest {
    let line = LineRequest {
        item: None,
        name: String::new(),
        unit: minor,
        quantity: 1,
        note: String::new(),
    };
    let name = String::new();
    CartRequest { lines: vec![line], discount: None, name, expected_total: minor }
}

/// A key that was never used.
pub(crate) fn key() -> String {
    PaymentId::new().to_string()
}

fn once(verb: &str) -> Once {
    Once::new(verb, &key(), &[]).unwrap()
}

pub(crate) type Done = Result<(), TillError>;

impl Shop {
    /// Charges an amount at the first till.
    pub(crate) async fn charge(&self, minor: i64) -> SaleId {
        let once = once("charge");
        open::open(self.app(), &self.at(0), &keypad(minor), Tip::None, &once).await.unwrap()
    }

    pub(crate) async fn cash(&self, sale: &SaleId, received: i64) -> Done {
        cash::take(self.app(), &self.at(0), sale, received, &once("cash")).await
    }

    /// A new offer for all that is due, or for a part.
    pub(crate) async fn renew(&self, sale: &SaleId, part: Option<i64>) -> Done {
        offer::renew(self.app(), &self.at(0), sale, part, &once("offer")).await
    }

    pub(crate) async fn void(&self, sale: &SaleId) -> Done {
        void::void(self.app(), &self.at(0), sale, &once("cancel")).await
    }

    pub(crate) async fn add(&self, sale: &SaleId, payment: &Payment) -> Done {
        late::add(self.app(), &self.at(0), sale, payment.id.as_str(), &once("add")).await
    }

    pub(crate) async fn give_back(&self, sale: &SaleId, payment: &Payment) -> Done {
        let once = once("give-back");
        late::give_back(self.app(), &self.at(0), sale, payment.id.as_str(), &once).await
    }

    pub(crate) async fn sale(&self, id: &SaleId) -> Sale {
        self.app().db.sale(&self.store.merchant_id, id).await.unwrap()
    }

    pub(crate) async fn attempts(&self, id: &SaleId) -> Vec<Attempt> {
        self.app().db.attempts(id).await.unwrap()
    }

    pub(crate) async fn payments(&self, id: &SaleId) -> Vec<Payment> {
        self.app().db.payments(id).await.unwrap()
    }

    /// The last attempt over the node.
    pub(crate) async fn last_offer(&self, id: &SaleId) -> Attempt {
        let attempts = self.attempts(id).await;
        attempts.into_iter().rev().find(|one| one.rail != "cash").expect("an offer")
    }

    /// The reference of the offer that the till shows.
    pub(crate) async fn shown(&self, id: &SaleId) -> String {
        let offer = self.last_offer(id).await;
        assert_eq!(offer.state, "offered");
        offer.reference
    }

    /// What happened to a sale, in order, in dotted words.
    pub(crate) async fn story(&self, id: &SaleId) -> Vec<String> {
        let events = self.app().db.events(id).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// The place in the node's stream, as the database has it.
    pub(crate) async fn cursor(&self) -> Cursor {
        let rows = self.app().db.connections(&self.store.id).await.unwrap();
        let row = rows.into_iter().find(|row| row.id == self.connection.id).unwrap();
        let index = |value: i64| u64::try_from(value).unwrap();
        Cursor { add: index(row.add_index), settle: index(row.settle_index) }
    }

    /// Hears one line of the stream.
    pub(crate) async fn take(&self, told: &Told) -> Done {
        worker::take(self.app(), &self.connected(), told).await
    }

    /// Listens from where the database says, until the node has no more to tell.
    pub(crate) async fn hear(&self) {
        let mut line = Line::open(&self.node, self.cursor().await);
        while let Some(told) = line.next_in_order() {
            self.take(&told).await.unwrap();
        }
    }

    /// The worker looks at every offer that is due for it.
    pub(crate) async fn look(&self) {
        worker::round(self.app()).await.unwrap();
    }

    /// A worker connects anew, hears and looks until every offer is over.
    pub(crate) async fn settle_down(&self) {
        for _ in 0..12 {
            let mut line = Line::open(&self.node, self.cursor().await);
            let live = self.app().db.live_attempts(&self.connection.id).await.unwrap();
            for offer in &live {
                watch::look(self.app(), offer, false).await.unwrap();
            }
            while let Some(told) = line.next_in_order() {
                self.take(&told).await.unwrap();
            }
            if live.is_empty() {
                return;
            }
            self.look().await;
            self.later(601);
        }
    }

    /// Pays what the till shows, and listens.
    pub(crate) async fn collect(&self, id: &SaleId) {
        self.node.pay(&self.shown(id).await);
        self.hear().await;
    }
}
