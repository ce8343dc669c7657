//! Points as money at the till, and as balance.

use pos_server::domain::points::{Rules, Worth};
use pos_server::till::card;
use pos_server::till::once::Once;

use super::hands::tenth;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

on_both! {
    async fn they_pay_the_whole_and_earn_nothing(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 200_000).await;
        let sale = shop.charge(12_050).await;
        let offer = shop.shown(&sale).await;
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        assert_eq!((shop.sale(&sale).await.state.as_str(), shop.held().await), ("paid", (79, 0)));
        let [payment] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!((payment.rail.as_str(), payment.credited, payment.msat), ("points", 12_050, 0));
        assert_eq!(payment.reference, format!("{}:1:2", shop.points().await.card_id));
        assert_eq!(shop.earning(&sale).await.all(), 0);
        assert_eq!(shop.used(&programme).await, (0, 200));
        let books = shop.books().await;
        assert_eq!(books.balance("rewards", "JMD"), 12_050);
        assert_eq!(books.balance("points-spent", "points"), -121);
        assert_eq!(shop.node.truth(&offer), pos_server::rail::Status::Closed);
        shop.points_are_right().await;
    }

    async fn they_pay_a_part_and_the_rest_earns_its_share(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 250_000).await;
        let sale = shop.charge(100_000).await;
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        let open = shop.sale(&sale).await;
        assert_eq!((open.state.as_str(), open.credited, shop.held().await), ("open", 25_000, (0, 0)));
        assert_eq!(shop.last_lightning(&sale).await.amount, 75_000, "a code for the rest");
        shop.cash(&sale, 75_000).await.unwrap();
        let earning = shop.earning(&sale).await;
        assert_eq!((earning.points, earning.net, earning.by_points), (75, 75_000, 25_000));
        assert_eq!(shop.held().await, (75, 0));
        shop.points_are_right().await;
    }

    async fn a_promise_shrinks_by_what_points_pay(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(1_000)).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 250_000).await;
        let sale = shop.charge(100_000).await;
        shop.collects(&sale, &chip.tap()).await.unwrap();
        assert_eq!(shop.used(&programme).await, (100, 250));
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        shop.cash(&sale, 75_000).await.unwrap();
        assert_eq!((shop.held().await, shop.used(&programme).await), ((75, 0), (0, 325)));
        shop.points_are_right().await;
    }

    async fn points_that_paid_a_part_go_back_onto_the_card_not_out_of_the_drawer(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 250_000).await;
        let sale = shop.charge(100_000).await;
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        let payment = shop.payments(&sale).await.remove(0);
        shop.give_back(&sale, &payment).await.unwrap();
        shop.give_back(&sale, &payment).await.expect_err("once");
        assert_eq!((shop.sale(&sale).await.credited, shop.held().await), (0, (250, 0)));
        let books = shop.books().await;
        assert_eq!((books.balance("rewards", "JMD"), books.balance("drawer", "JMD")), (0, 250_000));
        shop.void(&sale).await.unwrap();
        shop.points_are_right().await;
    }

    async fn a_tap_spends_once_and_a_repeat_gets_the_first_answer(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 250_000).await;
        let (sale, link) = (shop.charge(100_000).await, chip.tap());
        let once = Once::new("tap", &key(), &[&link]).unwrap();
        for _ in 0..3 {
            card::pay_by_points(shop.app(), &shop.at(0), &sale, &link, &once).await.unwrap();
        }
        let words = shop.by_points(&sale, &link).await.unwrap_err().to_string();
        assert!(words.starts_with("Tapped twice") || words.starts_with("There are no points"), "{words}");
        let other = shop.charge(1_000).await;
        shop.buys(&mut chip, 250_000).await;
        let words = shop.by_points(&other, &link).await.unwrap_err().to_string();
        assert!(words.starts_with("Tapped twice"), "{words}");
        assert_eq!((shop.payments(&sale).await.len(), shop.payments(&other).await.len()), (1, 0));
        shop.points_are_right().await;
    }

    async fn too_few_points_leave_the_code_on_the_screen(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(100_000).await;
        let words = shop.by_points(&sale, &chip.tap()).await.unwrap_err().to_string();
        assert_eq!(words, "There are no points on this card.");
        assert_eq!(shop.last_offer(&sale).await.state, "offered");
        assert_eq!(shop.card().await.counter, 1, "the tap is used up");
    }

    async fn worth_satoshi_they_want_a_fresh_price(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let rules = Rules { rate_bp: 1_000, worth: Worth::Sat(1), ..Rules::default() };
        shop.programme(rules, None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 10_000_000).await;
        let held = shop.held().await.0;
        let sale = shop.charge(50_000).await;
        let asked = shop.last_offer(&sale).await.asked_msat;
        shop.by_points(&sale, &chip.tap()).await.unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
        assert_eq!(shop.held().await.0, held - asked / 1_000);
        shop.points_are_right().await;
    }

    async fn points_become_balance_once_and_both_books_say_so(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 1_000_000).await;
        let quote = shop.app().quote(&shop.store).unwrap();
        let dollars = pos_server::domain::money::Money::new(100_000, shop.store.currency().unwrap());
        let worth = quote.gives(dollars).unwrap().to_db();
        let link = chip.tap();
        let once = Once::new("convert", &key(), &[&link]).unwrap();
        let first = card::convert(shop.app(), &shop.at(0), &link, &once).await.unwrap();
        let again = card::convert(shop.app(), &shop.at(0), &link, &once).await.unwrap();
        assert!(matches!(first, card::Converted::Now(_)));
        assert_eq!(first, again);
        assert_eq!((shop.card().await.balance_msat, shop.held().await), (worth, (0, 0)));
        let next = Once::new("convert", &key(), &["x"]).unwrap();
        let words = card::convert(shop.app(), &shop.at(0), &chip.tap(), &next).await.unwrap_err();
        assert!(words.to_string().starts_with("There are no points"), "{words}");
        assert_eq!(shop.moves().await.len(), 1);
        assert_eq!(shop.books().await.balance("rewards", "msat"), i128::from(worth));
        shop.points_are_right().await;
        shop.cards_are_right().await;
    }
}
