//! A node that is connected anew: what it knows is resolved, and what nobody can tell any more is
//! given up by the owner.

use pos_server::domain::id::{ConnectionId, SaleId};
use pos_server::till::watch;

use super::node::{Call, How, Node};
use super::shop::Shop;
use crate::on_both;

impl Shop {
    /// The owner connects a node in the place of the one that was there, as the dashboard does.
    pub(crate) async fn connect_anew(&mut self, node: &Node) {
        let before = std::mem::replace(&mut self.connection.id, ConnectionId::new());
        let mut tx = self.app().db.begin().await.unwrap();
        tx.remove_connection(&before).await.unwrap();
        tx.add_connection(&self.connection, self.app().now()).await.unwrap();
        tx.commit().await.unwrap();
        self.node = node.clone();
        self.app().rails.retain(&[]);
        self.connect(None);
    }

    /// The owner gives up what a sale offered last.
    async fn give_up(&self, sale: &SaleId) {
        let offer = self.last_offer(sale).await;
        watch::give_up(self.app(), "Ada", &offer).await.unwrap();
    }

    async fn audited(&self, what: &str) -> usize {
        let log = self.app().db.audit_rows(&self.store.merchant_id, i64::MAX, 50).await.unwrap();
        log.iter().filter(|row| row.what == what && row.who == "Ada").count()
    }
}

on_both! {
    async fn the_same_node_connected_anew_tells_what_became_of_its_offers(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let (paid, left) = (shop.charge(50_000).await, shop.charge(60_000).await);
        shop.node.pay(&shop.shown(&paid).await);
        shop.node.set_down(true);
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&paid).await.state, "unknown");
        shop.node.set_down(false);
        shop.connect_anew(&shop.node.clone()).await;
        shop.later(11);
        shop.look().await;
        assert_eq!(shop.sale(&paid).await.state, "paid");
        assert_eq!(shop.last_offer(&left).await.state, "expired");
        shop.all_is_settled().await;
    }

    async fn what_another_node_does_not_know_is_given_up_and_its_money_kept(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let (gone, other) = (shop.node.clone(), Node::new(&shop.house.clock));
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.connect_anew(&other).await;
        shop.give_up(&sale).await;
        assert_eq!(shop.last_offer(&sale).await.state, "offered", "it may be paid yet");
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "unknown");
        assert!(shop.cash(&sale, 50_000).await.is_err() && shop.void(&sale).await.is_err());
        shop.give_up(&sale).await;
        shop.give_up(&sale).await;
        let offer = shop.last_offer(&sale).await;
        assert_eq!((offer.state.as_str(), offer.ended_ms), ("expired", Some(shop.app().now().0)));
        assert_eq!(shop.audited("attempt.given_up").await, 1);
        let story = shop.story(&sale).await;
        assert_eq!(story, ["sale.opened", "offer.made", "offer.unknown", "offer.given-up"]);
        let asked = other.count(Call::Status);
        shop.later(11);
        shop.look().await;
        assert_eq!(other.count(Call::Status), asked, "nobody looks for it any more");
        shop.cash(&sale, 50_000).await.unwrap();
        // The first node comes back after all, and was paid.
        shop.connect_anew(&gone).await;
        gone.pay_as(&shown, How::Late);
        shop.hear().await;
        let payments = shop.payments(&sale).await;
        let late = payments.iter().find(|one| one.reference == shown).unwrap();
        assert_eq!((late.kind.as_str(), late.credited, late.owed), ("extra", 0, 50_000));
        shop.give_back(&sale, late).await.unwrap();
        shop.all_is_settled().await;
    }

    async fn what_is_given_up_is_asked_for_once_more(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.node.pay(&shop.shown(&sale).await);
        shop.node.set_down(true);
        shop.later(601);
        shop.look().await;
        assert_eq!(shop.last_offer(&sale).await.state, "unknown");
        shop.node.set_down(false);
        shop.give_up(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.audited("attempt.given_up").await, 0);
        shop.all_is_settled().await;
    }

    async fn an_offer_of_a_node_that_was_replaced_meanwhile_is_not_shown(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        shop.later(601);
        shop.look().await;
        // The replica still sells through the node that the owner took away on another one.
        let mut tx = shop.app().db.begin().await.unwrap();
        tx.remove_connection(&shop.connection.id).await.unwrap();
        tx.commit().await.unwrap();
        let no = shop.renew(&sale, None).await.unwrap_err().to_string();
        assert!(no.contains("changed how money comes in"), "{no}");
        assert_eq!(shop.attempts(&sale).await.len(), 1);
        assert!(shop.node.payable().is_empty(), "and it is cancelled");
    }
}
