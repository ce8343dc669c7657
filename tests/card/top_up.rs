//! Cash onto a card.

use pos_server::till::card;
use pos_server::till::once::Once;

use super::hands::HIGH;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

on_both! {
    async fn cash_goes_into_the_drawer_and_its_worth_onto_the_card_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let (link, probe) = (chip.tap(), shop.charge(250_000).await);
        let once = Once::new("top-up", &key(), &[&link]).unwrap();
        let mut answers = Vec::new();
        for _ in 0..3 {
            let done = card::top_up(shop.app(), &shop.at(0), 250_000, &link, &once).await;
            answers.push(done.unwrap());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "the first answer");
        let worth = shop.last_offer(&probe).await.asked_msat;
        assert_eq!(shop.card().await.balance_msat, worth);
        assert_eq!(shop.books().await.balance("drawer", "JMD"), 250_000);
        let log = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 9).await.unwrap();
        assert!(log.iter().any(|row| row.what == "card.topped_up" && row.who == "Keisha"));
        shop.cards_are_right().await;
    }

    async fn what_is_no_cash_or_no_new_tap_puts_nothing_on(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        for (cash, words) in [
            (0, "That is not an amount of cash."),
            (-100, "That is not an amount of cash."),
            (i64::MAX, "That is not an amount of cash."),
            (50, "There are no coins for that amount."),
        ] {
            assert_eq!(shop.put(cash, &chip.tap()).await.unwrap_err().to_string(), words);
        }
        let link = chip.tap();
        shop.put(100_000, &link).await.unwrap();
        let twice = shop.put(100_000, &link).await.unwrap_err().to_string();
        assert_eq!(twice, "Tapped twice. Take the card away, and tap it again.");
        assert_eq!(shop.moves().await.len(), 1);
        shop.cards_are_right().await;
    }
}
