//! A card of another merchant on this server: asked in process, paid over Lightning as any.

use std::sync::Arc;

use pos_server::card::pin;
use pos_server::rail::sandbox::Sandbox;
use pos_server::rails::Connected;
use pos_server::till::{TillError, watch};

use crate::on_both;
use crate::sale::shop::Shop;

impl Shop {
    /// Puts a practice node into the server that knows the others of it.
    pub(crate) fn practises(&self) -> Arc<Sandbox> {
        let clock = self.house.clock.clone();
        let node = Sandbox::open(&rand::random(), None, clock).unwrap();
        node.join(&self.app().town);
        let node = Arc::new(node);
        self.app().rails.put(Connected { rail: node.clone(), ..self.connected() });
        node
    }

    /// Looks at the code on the screen.
    pub(crate) async fn look_at_code(&self, sale: &pos_server::domain::id::SaleId) {
        let offer = self.last_offer(sale).await;
        watch::look(self.app(), &offer, false).await.unwrap();
    }
}

on_both! {
    async fn a_practice_card_pays_at_another_practice_shop(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        shop.practises();
        other.practises();
        let mut chip = other.card_with(500_000).await;
        let before = other.card().await.balance_msat;
        shop.later(7_200);
        let sale = shop.charge(100_000).await;
        let link = chip.tap();
        shop.tap(&sale, &link).await.unwrap();
        shop.look_at_code(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        let asked = shop.last_offer(&sale).await.asked_msat;
        assert_eq!(before - other.card().await.balance_msat, asked, "practice ways cost nothing");
        let [payment] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!(payment.rail, "sandbox");
        other.cards_are_right().await;
        shop.books_are_right().await;
        // The same tap for another sale.
        let next = shop.charge(100_000).await;
        let words = shop.refused(&next, &link).await;
        assert_eq!(words, "This tap was used. Tap the card again.");
    }

    async fn one_invoice_is_paid_by_one_card_whoever_issued_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        let payers = [shop.payer(), other.payer()];
        let (mut mine, mut theirs) =
            (shop.card_with(500_000).await, other.card_with(500_000).await);
        let pr = crate::card::away::rig::invoice(&shop, 1_000_000);
        crate::card::away::rig::ok(&shop.away(&mine.tap(), &pr).await);
        let again = other.away(&theirs.tap(), &pr).await;
        let words = "This invoice was shown to a card before. Make a new one.";
        assert_eq!(crate::card::away::rig::no(&again), words);
        assert_eq!(payers.map(|payer| payer.orders().len()), [1, 0]);
        other.cards_are_right().await;
    }

    async fn its_pin_is_asked_and_the_same_tap_comes_again_with_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        shop.practises();
        other.practises();
        let mut chip = other.card_with(500_000).await;
        let hash = pin::hash(&other.app().seal, "2468").await.unwrap();
        let mut tx = other.app().db.begin().await.unwrap();
        let (merchant, card) = (&other.store.merchant_id, other.card().await.id);
        assert!(tx.set_card_pin(merchant, &card, Some(&hash), 0).await.unwrap());
        tx.commit().await.unwrap();
        shop.later(7_200);
        let sale = shop.charge(100_000).await;
        let link = chip.tap();
        assert!(matches!(shop.tap(&sale, &link).await, Err(TillError::PinNeeded)));
        shop.tap_with(&sale, &link, "2468").await.unwrap();
        shop.look_at_code(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        let sale = shop.charge(100_000).await;
        let link = chip.tap();
        shop.tap(&sale, &link).await.expect_err("a PIN is needed");
        let wrong = shop.tap_with(&sale, &link, "1111").await.expect_err("wrong").to_string();
        assert_eq!(wrong, "Wrong PIN. Tap the card again.");
        let again = shop.tap_with(&sale, &link, "2468").await.expect_err("one try").to_string();
        assert_eq!(again, "Wrong PIN. Tap the card again.");
        other.cards_are_right().await;
    }

    async fn what_its_card_is_refused_for_is_said_and_nothing_moves(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let other = shop.neighbour().await;
        shop.practises();
        other.practises();
        let mut chip = other.card_with(50_000).await;
        let before = other.card().await.balance_msat;
        shop.later(7_200);
        let sale = shop.charge(100_000).await;
        let words = shop.refused(&sale, &chip.tap()).await;
        assert_eq!(words, "Not enough on the card for this and the fee of the way.");
        assert_eq!(other.card().await.balance_msat, before);
        assert_eq!(shop.sale(&sale).await.state, "open");
        assert_eq!(shop.story(&sale).await.last().unwrap(), "card.refused");
        other.cards_are_right().await;
    }
}
