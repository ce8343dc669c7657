//! What another issuer's server says, and does not say: once each, in words a cashier can say.

use pos_server::till::TillError;
use serde_json::json;

use super::issuer::{Answers, Issuer, Pays};
use crate::on_both;
use crate::sale::shop::Shop;

on_both! {
    async fn a_pin_is_asked_from_its_limit_up_and_sent_with_the_invoice(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        let issuer = Issuer::open(Pays::Sandbox(node)).await;
        let sale = shop.charge(100_000).await;
        let asked = u64::try_from(shop.last_offer(&sale).await.asked_msat).unwrap();
        issuer.wants_pin(asked, "1357");
        let link = issuer.tap();
        for _ in 0..2 {
            assert!(matches!(shop.tap(&sale, &link).await, Err(TillError::PinNeeded)));
        }
        assert_eq!(issuer.asked(), (1, 0), "the tap is asked once, whatever is asked of us");
        shop.tap_with(&sale, &link, "1357").await.unwrap();
        assert_eq!(issuer.told()["pin"], "1357");
        // A repeat of the request hears the same, and nothing is sent again.
        shop.tap_with(&sale, &link, "1357").await.unwrap();
        assert_eq!(issuer.asked(), (1, 1));
        shop.look_at_code(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        // Below its limit no PIN is asked.
        issuer.wants_pin(asked + 1, "1357");
        let sale = shop.charge(100_000).await;
        let words = shop.refused(&sale, &issuer.tap()).await;
        assert_eq!(words, "The card’s server says: wrong pin", "as the stand-in wants one anyway");
        assert!(!issuer.told().contains_key("pin"));
    }

    async fn refusals_are_shown_in_its_words_and_the_tap_is_over(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.practises();
        let issuer = Issuer::open(Pays::Never).await;
        let sale = shop.charge(100_000).await;
        let no = |reason: &str| Answers::With(json!({ "status": "ERROR", "reason": reason }));
        issuer.first(no("Card is disabled"));
        let link = issuer.tap();
        let words = shop.refused(&sale, &link).await;
        assert_eq!(words, "The card’s server says: Card is disabled");
        assert_eq!(shop.refused(&sale, &link).await, words, "and again the same, unasked");
        assert_eq!(issuer.asked(), (1, 0));
        issuer.first(Answers::Well);
        issuer.second(no("Daily limit\u{202e} reached"));
        let words = shop.refused(&sale, &issuer.tap()).await;
        assert_eq!(words, "The card’s server says: Daily limit reached");
        issuer.allows(1_000);
        let words = shop.refused(&sale, &issuer.tap()).await;
        assert_eq!(words, "The card does not allow this amount.");
        assert_eq!(issuer.asked(), (3, 1));
        assert_eq!(shop.sale(&sale).await.state, "open");
        shop.books_are_right().await;
    }

    async fn servers_that_misbehave_are_given_up_on(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.practises();
        let issuer = Issuer::open(Pays::Never).await;
        let sale = shop.charge(100_000).await;
        for (answers, said) in [
            (Answers::Elsewhere, "its server answered with status 307"),
            (Answers::Endlessly, "its server sends too much"),
            (Answers::Hanging, "its server did not answer"),
            (Answers::With(json!({ "tag": "payRequest" })), "no card’s"),
        ] {
            issuer.first(answers);
            let since = std::time::Instant::now();
            let words = shop.refused(&sale, &issuer.tap()).await;
            assert!(words.contains(said), "{words}");
            assert!(since.elapsed().as_secs() < 7);
        }
        let tap = format!("p={}&c={}", "0".repeat(32), "0".repeat(16));
        let words = shop.refused(&sale, &format!("lnurlw://127.0.0.1:1/card?{tap}")).await;
        assert!(words.contains("its server cannot be reached"), "{words}");
        let words = shop.refused(&sale, &format!("lnurlw://10.1.2.3/card?{tap}")).await;
        assert!(words.contains("this address is not a public one"), "{words}");
        let own = shop.refused(&sale, &format!("lnurlw://127.0.0.1:8080/card?{tap}")).await;
        assert_eq!(own, "This is not our card.", "we do not ask ourselves");
        assert_eq!(issuer.asked(), (4, 0));
    }

    async fn an_invoice_whose_answer_is_lost_is_not_sent_again(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        let issuer = Issuer::open(Pays::Sandbox(node)).await;
        let sale = shop.charge(100_000).await;
        issuer.second(Answers::Hanging);
        let link = issuer.tap();
        shop.tap(&sale, &link).await.unwrap();
        assert_eq!(shop.story(&sale).await.last().unwrap(), "card.unknown");
        shop.tap(&sale, &link).await.unwrap();
        assert_eq!(issuer.asked(), (1, 1));
        // It had paid all the same.
        shop.look_at_code(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.books_are_right().await;
    }

    async fn one_tap_in_a_race_is_asked_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        let issuer = Issuer::open(Pays::Sandbox(node)).await;
        let sale = shop.charge(100_000).await;
        let link = issuer.tap();
        futures_util::future::join_all((0..16).map(|_| shop.tap(&sale, &link))).await;
        assert_eq!(issuer.asked(), (1, 1));
        shop.look_at_code(&sale).await;
        assert_eq!(shop.payments(&sale).await.len(), 1);
        shop.books_are_right().await;
    }

    async fn a_code_is_made_where_none_stands(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let node = shop.practises();
        let issuer = Issuer::open(Pays::Sandbox(node)).await;
        let sale = shop.charge(100_000).await;
        shop.later(601);
        shop.tap(&sale, &issuer.tap()).await.unwrap();
        shop.look_at_code(&sale).await;
        assert_eq!(shop.sale(&sale).await.state, "paid");
        shop.books_are_right().await;
    }
}
