//! Expiry, the most that may be on a card, freezing, and a look at it.

use pos_server::db::card::Card;
use pos_server::till::card;

use super::hands::HIGH;
use crate::on_both;
use crate::sale::shop::Shop;

impl Shop {
    /// The owner changes the merchant's only card.
    async fn change(&self, how: impl FnOnce(&mut Card)) {
        let mut card = self.card().await;
        how(&mut card);
        let mut tx = self.app().db.begin().await.unwrap();
        tx.save_card(&card).await.unwrap();
        tx.commit().await.unwrap();
    }
}

on_both! {
    async fn a_card_past_its_end_pays_nothing_can_be_looked_at_and_be_extended(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let end = shop.app().now().0 + 60_000;
        shop.change(|card| card.expires_ms = Some(end)).await;
        let (first, second) = (shop.charge(10_000).await, shop.charge(10_000).await);
        shop.tap(&first, &chip.tap()).await.unwrap();
        shop.later(60);
        let over = "This card’s time is over. It does not pay any more.";
        assert_eq!(shop.refused(&second, &chip.tap()).await, over);
        assert_eq!(shop.put(10_000, &chip.tap()).await.unwrap_err().to_string(), over);
        card::look_at_card(shop.app(), &shop.at(0), &chip.tap()).await.unwrap();
        shop.change(|card| card.expires_ms = Some(end + 3_600_000)).await;
        shop.tap(&second, &chip.tap()).await.unwrap();
        shop.cards_are_right().await;
    }

    async fn no_more_goes_onto_a_card_than_may_be_on_it(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(100_000).await;
        let most = shop.card().await.balance_msat * 2;
        shop.change(|card| card.balance_limit_msat = Some(most)).await;
        let words = shop.put(100_100, &chip.tap()).await.unwrap_err().to_string();
        assert!(words.starts_with("Too much for this card: J$1,000."), "{words}");
        shop.put(100_000, &chip.tap()).await.unwrap();
        assert_eq!(shop.card().await.balance_msat, most);
        shop.put(100, &chip.tap()).await.unwrap_err();
        shop.cards_are_right().await;
    }

    async fn anybody_at_the_till_freezes_and_a_manager_alone_thaws(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (id, sale) = (shop.card().await.id, shop.charge(10_000).await);
        card::freeze(shop.app(), &shop.cashier(), &id).await.unwrap();
        assert_eq!(shop.refused(&sale, &chip.tap()).await, "This card is frozen. Nothing was taken.");
        assert!(card::thaw(shop.app(), &shop.cashier(), &id).await.is_err());
        card::thaw(shop.app(), &shop.manager(), &id).await.unwrap();
        shop.tap(&sale, &chip.tap()).await.unwrap();
        let log = shop.logged().await;
        assert!(log.contains(&"card.frozen".into()) && log.contains(&"card.thawed".into()));
        let neighbour = shop.neighbour().await;
        assert!(card::freeze(shop.app(), &neighbour.at(0), &id).await.is_err(), "a wall");
    }

    async fn a_look_uses_its_tap_up_and_moves_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (before, link) = (shop.card().await, chip.tap());
        let seen = card::look_at_card(shop.app(), &shop.at(0), &link).await.unwrap();
        assert_eq!(seen.shown.counter, 2);
        let after = shop.card().await;
        assert_eq!((after.counter, after.balance_msat), (2, before.balance_msat));
        assert!(card::look_at_card(shop.app(), &shop.at(0), &link).await.is_err());
        let sale = shop.charge(10_000).await;
        assert!(shop.refused(&sale, &link).await.starts_with("Tapped twice"));
        let neighbour = shop.neighbour().await;
        assert!(card::look_at_card(shop.app(), &neighbour.at(0), &chip.tap()).await.is_err());
    }

    async fn a_limit_that_its_holder_lowered_stays_low_when_the_merchant_saves(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let _chip = shop.limited(HIGH, HIGH).await;
        let id = shop.card().await.id;
        let mut tx = shop.app().db.begin().await.unwrap();
        assert!(tx.set_holder_limits(&shop.store.merchant_id, &id, (5_000, HIGH), None).await.unwrap());
        assert!(!tx.set_holder_limits(&shop.store.merchant_id, &id, (HIGH + 1, 1), None).await.unwrap(), "never above");
        tx.commit().await.unwrap();
        shop.change(|card| card.label = "Marcia B".into()).await;
        let card = shop.card().await;
        assert_eq!((card.tap_limit_msat, card.tap_most_msat, card.day_limit_msat), (5_000, HIGH, HIGH));
        shop.change(|card| card.tap_most_msat = 1_000).await;
        assert_eq!(shop.card().await.tap_limit_msat, 1_000);
    }
}
