//! Many taps at once.

use futures_util::future::join_all;

use crate::on_both;
use crate::sale::shop::Shop;

const RACERS: usize = 32;

on_both! {
    async fn of_many_taps_with_one_counter_exactly_one_pays(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(5_000_000).await;
        let mut sales = Vec::new();
        for _ in 0..RACERS {
            sales.push(shop.charge(100_000).await);
        }
        let counter = 2;
        let links: Vec<String> = sales.iter().map(|_| chip.at(counter)).collect();
        let tries = sales.iter().zip(&links).map(|(sale, link)| shop.tap(sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(won, 1);
        let mut paid = 0;
        for sale in &sales {
            paid += usize::from(shop.sale(sale).await.state == "paid");
        }
        assert_eq!((paid, shop.moves().await.len()), (1, 2));
        shop.cards_are_right().await;
        chip.tap();
    }

    async fn many_taps_at_once_never_take_more_than_is_there(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut chip = shop.card_with(1_000_000).await;
        let mut sales = Vec::new();
        for _ in 0..RACERS {
            sales.push((shop.charge(150_000).await, chip.tap()));
        }
        let tries = sales.iter().map(|(sale, link)| shop.tap(sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert!((1..=6).contains(&won), "{won} taps of 1,500 from 10,000");
        assert!(shop.card().await.balance_msat >= 0);
        assert_eq!(shop.moves().await.len(), won + 1);
        shop.cards_are_right().await;
    }

    async fn one_sale_is_paid_by_one_of_many_cards(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut links = Vec::new();
        for _ in 0..8 {
            links.push(shop.card_with(500_000).await.tap());
        }
        let sale = shop.charge(100_000).await;
        let tries = links.iter().map(|link| shop.tap(&sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert_eq!((won, shop.payments(&sale).await.len()), (1, 1));
        shop.cards_are_right().await;
    }
}
