//! A tap pays: in the books, in one transaction with the sale, once.

use pos_server::till::card::{self, Tapped};
use pos_server::till::once::Once;

use super::hands::HIGH;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

on_both! {
    async fn a_tap_pays_all_that_is_due_and_the_books_say_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await;
        let sale = shop.charge(120_050).await;
        let offer = shop.last_offer(&sale).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.credited), ("paid", 120_050));
        assert_eq!(paid.receipt_number, Some(1));
        let [payment] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        let card = shop.card().await;
        assert_eq!(payment.rail, "card");
        assert_eq!(payment.reference, format!("{}:1:2", card.id));
        assert_eq!(payment.msat, offer.asked_msat, "at the price on the screen");
        assert_eq!(before.balance_msat - card.balance_msat, payment.msat);
        assert_eq!((card.counter, card.spent_msat), (2, payment.msat));
        let books = shop.books().await;
        assert_eq!(books.balance("sales", "JMD"), -120_050);
        assert_eq!(books.balance("customer", "JMD"), 0);
        assert_eq!(books.balance("drawer", "JMD"), 500_000);
        let story = shop.story(&sale).await;
        assert!(story.ends_with(&["payment.arrived".into(), "sale.paid".into()]), "{story:?}");
        assert_eq!(shop.moves().await[0].sale_id.as_deref(), Some(sale.as_str()));
        shop.cards_are_right().await;
    }

    async fn the_code_on_the_screen_cannot_be_paid_after_the_card(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let sale = shop.charge(100_000).await;
        let offer = shop.shown(&sale).await;
        shop.tap(&sale, &chip.tap()).await.unwrap();
        assert_eq!(shop.last_lightning(&sale).await.state, "cancelled");
        let truth = shop.node.truth(&offer);
        assert_eq!(truth, pos_server::rail::Status::Closed, "closed at the node too");
    }

    async fn a_code_that_was_paid_first_leaves_the_card_alone(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let sale = shop.charge(100_000).await;
        shop.node.pay(&shop.shown(&sale).await);
        let words = shop.refused(&sale, &chip.tap()).await;
        assert!(words.starts_with("Money came another way"), "{words}");
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.card().await.balance_msat, before);
        assert_eq!(shop.payments(&sale).await.len(), 1);
    }

    async fn the_rest_after_cash_is_paid_by_card(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let sale = shop.charge(100_000).await;
        shop.cash(&sale, 40_000).await.unwrap();
        shop.tap(&sale, &chip.tap()).await.unwrap();
        let credited: Vec<_> =
            shop.payments(&sale).await.into_iter().map(|one| (one.rail, one.credited)).collect();
        assert_eq!(credited, [("cash".into(), 40_000), ("card".into(), 60_000)]);
        shop.cards_are_right().await;
    }

    async fn the_same_request_again_is_the_same_answer(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(500_000).await;
        let (sale, link) = (shop.charge(100_000).await, chip.tap());
        let once = Once::new("tap", &key(), &[&link]).unwrap();
        for _ in 0..3 {
            card::pay(shop.app(), &shop.at(0), &sale, Tapped { link: &link, pin: None }, &once).await.unwrap();
        }
        assert_eq!(shop.payments(&sale).await.len(), 1);
        let other = Once::new("tap", &key(), &[&link]).unwrap();
        card::pay(shop.app(), &shop.at(0), &sale, Tapped { link: &link, pin: None }, &other).await.expect_err("another request");
        shop.cards_are_right().await;
    }

    async fn a_refusal_is_repeated_in_the_same_words(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.limited(HIGH, HIGH).await;
        let (sale, link) = (shop.charge(100_000).await, chip.tap());
        let once = Once::new("tap", &key(), &[&link]).unwrap();
        for _ in 0..3 {
            let no = card::pay(shop.app(), &shop.at(0), &sale, Tapped { link: &link, pin: None }, &once).await.unwrap_err();
            assert_eq!(no.to_string(), "Not enough on the card: J$0.00 is left.");
        }
        assert_eq!(shop.sale(&sale).await.state, "open");
        assert_eq!(shop.last_offer(&sale).await.state, "offered", "the code stays");
    }
}
