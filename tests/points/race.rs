//! Many at once.

use futures_util::future::join_all;
use pos_server::till::once::Once;
use pos_server::till::settle::settle;

use super::hands::tenth;
use crate::on_both;
use crate::sale::acts::key;
use crate::sale::shop::Shop;

const RACERS: usize = 32;

on_both! {
    async fn of_many_settles_and_taps_of_one_sale_there_is_one_earning(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(1_000)).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(100_000).await;
        shop.node.pay(&shop.shown(&sale).await);
        let paid = shop.node.settled().remove(0);
        let connected = shop.connected();
        let links: Vec<String> = (0..RACERS / 2).map(|_| chip.tap()).collect();
        let settles = (0..RACERS / 2).map(|_| async {
            settle(shop.app(), &connected, &paid, None).await.unwrap();
        });
        let taps = links.iter().map(|link| async {
            // A tap that another overtook was used before it came.
            let _ = shop.collects(&sale, link).await;
        });
        tokio::join!(join_all(settles), join_all(taps));
        assert_eq!((shop.held().await, shop.used(&programme).await), ((100, 0), (0, 100)));
        assert_eq!(shop.points_moves().await.len(), 1);
        shop.points_are_right().await;
    }

    async fn the_budget_of_an_event_is_never_overdrawn(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let event = shop.event(2_000, 1_000, |event| event.most_cards = Some(7)).await;
        let mut sales = Vec::new();
        for _ in 0..RACERS {
            let mut chip = shop.chip().await;
            sales.push((shop.charge(100_000).await, chip.tap()));
        }
        join_all(sales.iter().map(|(sale, link)| async {
            shop.collects(sale, link).await.unwrap();
            shop.cash(sale, 100_000).await.unwrap();
        }))
        .await;
        // 200 points each: five fit. The others have the programme’s 100.
        assert_eq!(shop.used(&event).await, (0, 1_000));
        assert_eq!(shop.used(&programme).await, (0, 27 * 100));
        shop.points_are_right().await;
    }

    async fn an_event_for_so_many_customers_has_no_more(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let event = shop.event(2_000, 100_000, |event| event.most_cards = Some(7)).await;
        let mut sales = Vec::new();
        for _ in 0..RACERS {
            let mut chip = shop.chip().await;
            sales.push((shop.charge(100_000).await, chip.tap()));
        }
        join_all(sales.iter().map(|(sale, link)| async {
            shop.collects(sale, link).await.unwrap();
        }))
        .await;
        assert_eq!(shop.app().db.event_cards(&event).await.unwrap(), 7);
        assert_eq!(shop.used(&event).await, (1_400, 0));
        shop.points_are_right().await;
    }

    async fn many_taps_at_once_never_spend_more_points_than_there_are(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.programme(tenth(), None).await;
        let mut chip = shop.chip().await;
        shop.buys(&mut chip, 1_000_000).await;
        let mut sales = Vec::new();
        for _ in 0..RACERS {
            sales.push((shop.charge(15_000).await, chip.tap()));
        }
        let tries = sales.iter().map(|(sale, link)| shop.by_points(sale, link));
        let won = join_all(tries).await.into_iter().filter(Result::is_ok).count();
        assert!((1..=7).contains(&won), "{won} taps of 150 points from 1,000");
        let credited: i64 = {
            let mut sum = 0;
            for (sale, _) in &sales {
                sum += shop.sale(sale).await.credited;
            }
            sum
        };
        assert_eq!(shop.held().await.0, 1_000 - credited / 100);
        shop.points_are_right().await;
    }

    async fn one_sale_is_collected_by_one_of_many_cards(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), None).await;
        let mut links = Vec::new();
        for _ in 0..8 {
            links.push(shop.chip().await.tap());
        }
        let sale = shop.charge(100_000).await;
        let won = join_all(links.iter().map(|link| shop.collects(&sale, link))).await;
        assert_eq!(won.into_iter().filter(Result::is_ok).count(), 1);
        shop.cash(&sale, 100_000).await.unwrap();
        assert_eq!(shop.used(&programme).await, (0, 100));
        shop.points_are_right().await;
    }

    async fn a_server_that_dies_before_it_commits_gave_nothing_and_the_next_one_does(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let programme = shop.programme(tenth(), Some(1_000)).await;
        let mut chip = shop.chip().await;
        let sale = shop.charge(100_000).await;
        // Everything that the settling transaction does for points, and then no commit.
        {
            let (mut tx, now) = (shop.app().db.begin().await.unwrap(), shop.app().now());
            let card = tx.card(&shop.last_card().await).await.unwrap().unwrap();
            let mut row = tx.lock_sale(&sale).await.unwrap();
            row.card_id = Some(card.id);
            let earned = pos_server::points::earn(&mut tx, &row, None, now).await.unwrap();
            assert_eq!(earned.unwrap().points, 100);
        }
        shop.restart().await;
        assert!(shop.app().db.earning(&sale).await.unwrap().is_none());
        assert_eq!(shop.used(&programme).await, (0, 0));
        let (link, once) = (chip.tap(), Once::new("tap", &key(), &["x"]).unwrap());
        let keisha = shop.at(0);
        for _ in 0..2 {
            pos_server::till::card::collect(shop.app(), &keisha, &sale, &link, &once).await.unwrap();
        }
        shop.cash(&sale, 100_000).await.unwrap();
        assert_eq!((shop.held().await, shop.used(&programme).await), ((100, 0), (0, 100)));
        shop.points_are_right().await;
    }
}
