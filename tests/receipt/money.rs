//! Money that is the payer's, and amounts of any size.

use super::slip::{address, all_say, forms, get, letters, none_says};
use super::words::cafe;
use crate::on_both;
use crate::sale::acts::{key, keypad};
use crate::sale::node::How;
use crate::sale::shop::Shop;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::MerchantId;
use pos_server::till::once::Once;
use pos_server::till::open;

on_both! {
    async fn what_was_too_much_is_said_to_be_the_payers_until_it_is_given_back(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(50_000).await;
        let offer = shop.last_offer(&sale).await;
        let asked = u64::try_from(offer.asked_msat).unwrap();
        shop.node.pay_as(&offer.reference, How::Msat(asked + 405_000));
        shop.hear().await;
        let over = shop.payments(&sale).await.remove(0);
        let amount = format!("{}.{:02}", over.owed / 100, over.owed % 100);
        all_say(&forms(&shop, &sale).await, &["Paid", "Still yours: 405 sats paid", &amount]);
        shop.give_back(&sale, &over).await.unwrap();
        let coins = format!("Given back in cash {}.00", (over.owed + 50) / 100);
        let given = forms(&shop, &sale).await;
        all_say(&given, &["405 sats paid too much", &amount, &coins]);
        none_says(&given, "Still yours");
    }

    async fn a_late_payment_is_proved_and_the_payers(fresh: Fresh) {
        let shop = cafe(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.look().await;
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        shop.cash(&sale, 50_000).await.unwrap();
        let forms = forms(&shop, &sale).await;
        all_say(&forms, &["Still yours: 4,057 sats", "paid late", "Cash 500.00"]);
        for (name, text) in &forms {
            assert!(text.replace(' ', "").contains(&shown), "{name}: {text}");
        }
    }

    async fn the_largest_sale_of_each_currency_is_written_whole(fresh: Fresh) {
        let home = Shop::open(fresh).await;
        for code in ["JMD", "NGN", "CRC", "HTG", "COP", "XOF", "KWD", "JPY"] {
            let shop = Shop::of(&home.house, &MerchantId::new(), code).await;
            let mut cart = keypad(shop.store.sale_cap / 9_999);
            cart.lines[0].quantity = 9_999;
            cart.lines[0].name = "Sweeping the whole yard, and then everybody else's".into();
            cart.expected_total = cart.lines[0].unit * 9_999;
            let once = Once::new("charge", &key(), &[]).unwrap();
            let opened = open::open(shop.app(), &shop.at(0), &cart, Tip::None, &once).await;
            let sale = opened.unwrap();
            let total = shop.store.currency().unwrap().write(cart.expected_total);
            let page = get(&shop, &address(&shop, &sale).await).await.text();
            assert!(page.contains(&total), "{total}");
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            for paper in ["58", "80", "a4"] {
                let path = format!("{}/receipt.pdf?paper={paper}", address(&shop, &sale).await);
                let text = letters(&get(&shop, &path).await.bytes);
                let line = text.lines().find(|line| line.starts_with("TOTAL")).unwrap();
                assert_eq!(digits(line), digits(&total), "{paper}: {text}");
                assert!(!line.contains('?'), "{line}");
            }
        }
    }
}
