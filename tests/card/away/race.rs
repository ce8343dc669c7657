//! Many at once: never more than is on the card, never one thing twice.

use futures_util::future::join_all;

use super::rig::{Goes, invoice};
use crate::on_both;
use crate::sale::shop::Shop;

const RACERS: usize = 32;

on_both! {
    async fn many_callbacks_at_once_never_overdraw(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let has = u64::try_from(shop.card().await.balance_msat).unwrap();
        let each = has / 6;
        let mut tickets = Vec::new();
        for at in 0..RACERS {
            payer.next([Goes::Well(1), Goes::Silently, Goes::Slowly][at % 3]);
            tickets.push((shop.shown_away(&chip.tap()).await, invoice(&shop, each)));
        }
        let tries = tickets.iter().map(|(said, pr)| shop.come_with(said, pr));
        let won = join_all(tries).await.into_iter().filter(|said| said["status"] == "OK").count();
        assert_eq!((won, payer.orders().len()), (5, 5), "with the fees, five sixths fit");
        assert!(shop.card().await.balance_msat >= 0);
        shop.later(6);
        shop.look_at_payouts().await;
        shop.cards_are_right().await;
    }

    async fn one_ticket_and_one_invoice_in_a_race_are_one_payment(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let payer = shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let before = shop.card().await.balance_msat;
        let (said, pr) = (shop.shown_away(&chip.tap()).await, invoice(&shop, 1_000_000));
        join_all((0..RACERS).map(|_| shop.come_with(&said, &pr))).await;
        assert_eq!((payer.orders().len(), shop.payouts().await.len()), (1, 1));
        let (said, pr) = (shop.shown_away(&chip.tap()).await, invoice(&shop, 1_000_000));
        let others: Vec<String> = (1..RACERS).map(|_| invoice(&shop, 1_000_000)).collect();
        join_all(others.iter().chain([&pr]).map(|pr| shop.come_with(&said, pr))).await;
        assert_eq!((payer.orders().len(), shop.payouts().await.len()), (2, 2));
        let mut tickets = Vec::new();
        for _ in 0..RACERS {
            tickets.push(shop.shown_away(&chip.tap()).await);
        }
        let pr = invoice(&shop, 1_000_000);
        join_all(tickets.iter().map(|said| shop.come_with(said, &pr))).await;
        assert_eq!((payer.orders().len(), shop.payouts().await.len()), (3, 3));
        assert_eq!(before - shop.card().await.balance_msat, 3_000_000);
        shop.cards_are_right().await;
    }

    async fn a_repeat_of_one_tap_in_a_race_gives_one_ticket(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        shop.payer();
        let mut chip = shop.card_with(500_000).await;
        let link = chip.tap();
        let said = join_all((0..RACERS).map(|_| shop.shown_away(&link))).await;
        assert_eq!(said.iter().filter(|said| said["k1"].is_string()).count(), 1);
    }
}
