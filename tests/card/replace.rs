//! A lost card, and the one that takes its place.

use futures_util::future::join_all;
use pos_server::till::card;
use pos_server::till::once::Once;

use super::hands::HIGH;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

on_both! {
    async fn all_that_was_on_a_lost_card_is_on_the_new_one_and_the_books_stand(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut lost = shop.card_with(500_000).await;
        shop.give_pin("2580", 1_000).await;
        let old = shop.card().await;
        let before = shop.books().await.balance("cards", "msat");
        let mut new = shop.limited(HIGH, HIGH).await;
        let (link, id) = (new.tap(), old.id.clone());
        let once = Once::new("replace", &key(), &[&id, &link]).unwrap();
        let cashier = card::replace(shop.app(), &shop.cashier(), &id, &link, &once).await;
        assert!(cashier.unwrap_err().to_string().starts_with("A manager must allow this"));
        let tries = (0..4).map(|_| {
            let (shop, id, link, once) = (&shop, &id, &link, &once);
            async move { card::replace(shop.app(), &shop.manager(), id, link, once).await.unwrap() }
        });
        let mut answers = join_all(tries).await;
        answers.dedup();
        let now = shop.card_of(&new).await;
        assert_eq!(answers, std::slice::from_ref(&now.id), "one answer for one request");
        assert_eq!((now.balance_msat, now.pin_hash), (old.balance_msat, old.pin_hash.clone()));
        let gone = shop.card_of(&lost).await;
        assert_eq!((gone.state.as_str(), gone.balance_msat), ("gone", 0));
        assert_eq!(gone.replaced_by, Some(now.id.clone()));
        assert_eq!(shop.books().await.balance("cards", "msat"), before);
        let sale = shop.charge(10_000).await;
        assert_eq!(shop.refused(&sale, &lost.tap()).await, "This card is not in use any more.");
        shop.tap_with(&sale, &new.tap(), "2580").await.unwrap();
        assert!(shop.logged().await.contains(&"card.replaced".into()));
        shop.cards_are_right().await;
    }

    async fn a_card_in_use_or_the_lost_one_itself_takes_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut lost = shop.card_with(500_000).await;
        let id = shop.card().await.id;
        let mut used = shop.card_with(100_000).await;
        for (link, words) in [
            (lost.tap(), "This is the lost card itself. Tap the new one."),
            (used.tap(), "That card has money of its own on it. Take a new card."),
        ] {
            let once = Once::new("replace", &key(), &[&id, &link]).unwrap();
            let no = card::replace(shop.app(), &shop.manager(), &id, &link, &once).await;
            assert_eq!(no.unwrap_err().to_string(), words);
        }
        assert_eq!(shop.card_of(&lost).await.state, "active");
        shop.cards_are_right().await;
        let neighbour = shop.neighbour().await;
        let link = shop.limited(HIGH, HIGH).await.tap();
        let once = Once::new("replace", &key(), &[&id, &link]).unwrap();
        let no = card::replace(shop.app(), &neighbour.manager(), &id, &link, &once).await;
        assert!(no.is_err(), "another merchant's till");
    }

    async fn a_lost_card_that_pays_in_that_moment_loses_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut lost = shop.card_with(500_000).await;
        let old = shop.card().await;
        let mut new = shop.limited(HIGH, HIGH).await;
        let (sale, tap, link) = (shop.charge(10_000).await, lost.tap(), new.tap());
        let once = Once::new("replace", &key(), &[&old.id, &link]).unwrap();
        let manager = shop.manager();
        let (paid, moved) = tokio::join!(
            shop.tap(&sale, &tap),
            card::replace(shop.app(), &manager, &old.id, &link, &once),
        );
        assert!(paid.is_ok() || moved.is_ok());
        shop.cards_are_right().await;
    }
}
