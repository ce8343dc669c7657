//! A request that comes twice: double taps, reloads, lost answers, two tablets.

use std::sync::Arc;

use futures_util::future::join_all;
use pos_server::domain::cart::Tip;
use pos_server::domain::id::SaleId;
use pos_server::till::once::Once;
use pos_server::till::{TillError, cash, late, offer, open, void};

use super::acts::{Done, key, keypad};
use super::node::{Call, Fault, How, Ticket, gated};
use super::shop::Shop;
use crate::on_both;

fn once(key: &str, body: &[&str]) -> Once {
    Once::new("a till", key, body).unwrap()
}

/// The same verb by two taps: the first is held at the node until the second is through.
async fn tapped_twice(verb: impl AsyncFn() -> Done) -> (Done, Done) {
    let ticket = Arc::new(Ticket::default());
    let mut first = Box::pin(gated(ticket.clone(), verb()));
    tokio::select! {
        biased;
        done = &mut first => panic!("it never came to the node: {done:?}"),
        () = ticket.held() => {}
    }
    let second = verb().await;
    ticket.free();
    (first.await, second)
}

on_both! {
    async fn the_same_key_gives_the_first_answer_and_another_body_is_refused(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let key = key();
        let charge = async |minor: i64| {
            let once = once(&key, &[&minor.to_string()]);
            open::open(shop.app(), &shop.at(0), &keypad(minor), Tip::None, &once).await
        };
        let first = charge(50_000).await.unwrap();
        assert_eq!(charge(50_000).await.unwrap(), first);
        assert!(matches!(charge(60_000).await, Err(TillError::KeyReused)));
        assert_eq!(shop.node.count(Call::Offer), 1);
        assert_eq!(shop.books().await.sales.len(), 1);
        shop.all_is_settled().await;
    }

    async fn charges_at_once_give_one_sale_and_the_losers_offers_are_cancelled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let key = key();
        let charge = async || {
            let once = once(&key, &["50000"]);
            open::open(shop.app(), &shop.at(0), &keypad(50_000), Tip::None, &once).await.unwrap()
        };
        let sales: Vec<SaleId> = join_all((0..8).map(|_| charge())).await;
        assert!(sales.iter().all(|sale| *sale == sales[0]), "{sales:?}");
        assert_eq!(shop.node.payable(), [shop.shown(&sales[0]).await]);
        assert_eq!(shop.books().await.sales.len(), 1);
        shop.collect(&sales[0]).await;
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_cash_takes_it_once_and_says_so_twice(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (sale, key) = (shop.charge(50_000).await, key());
        let (first, second) = tapped_twice(async || {
            cash::take(shop.app(), &shop.at(0), &sale, 60_000, &once(&key, &["60000"])).await
        })
        .await;
        second.unwrap();
        first.expect("the same key gives the first answer");
        let other = once(&key, &["70000"]);
        let other = cash::take(shop.app(), &shop.at(0), &sale, 70_000, &other).await;
        assert!(matches!(other, Err(TillError::KeyReused)));
        assert_eq!(shop.sale(&sale).await.change_given, 10_000);
        shop.all_is_settled().await;
    }

    async fn another_body_under_a_key_in_use_is_refused_also_in_the_same_moment(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (sale, key) = (shop.charge(50_000).await, key());
        let bodies = ["10000", "20000"].map(String::from);
        let mut bodies = bodies.iter();
        let mut bodies = std::iter::from_fn(|| bodies.next());
        let bodies = std::cell::RefCell::new(&mut bodies);
        let (first, second) = tapped_twice(|| {
            let body = bodies.borrow_mut().next().unwrap().clone();
            let (shop, sale, key) = (&shop, &sale, &key);
            async move {
                let received = body.parse().unwrap();
                cash::take(shop.app(), &shop.at(0), sale, received, &once(key, &[&body])).await
            }
        })
        .await;
        second.unwrap();
        assert!(matches!(first, Err(TillError::KeyReused)), "{first:?}");
        assert_eq!(shop.sale(&sale).await.credited, 20_000);
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_cancel_cancels_once_and_says_so_twice(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (sale, key) = (shop.charge(50_000).await, key());
        let (first, second) = tapped_twice(async || {
            void::void(shop.app(), &shop.at(0), &sale, &once(&key, &[])).await
        })
        .await;
        second.unwrap();
        first.unwrap();
        let told = shop.story(&sale).await;
        assert_eq!(told, ["sale.opened", "offer.made", "offer.cancelled", "sale.voided"]);
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_add_adds_once_and_says_so_twice(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        shop.renew(&sale, None).await.unwrap();
        let (late, key) = (shop.payments(&sale).await[0].id.to_string(), key());
        let (first, second) = tapped_twice(async || {
            late::add(shop.app(), &shop.at(0), &sale, &late, &once(&key, &[])).await
        })
        .await;
        second.unwrap();
        first.expect("the same key gives the first answer");
        assert_eq!(shop.sale(&sale).await.credited, 50_000);
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_give_back_gives_back_once_and_says_so_twice(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let shown = shop.shown(&sale).await;
        shop.later(601);
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        shop.renew(&sale, None).await.unwrap();
        let (late, key) = (shop.payments(&sale).await[0].id.to_string(), key());
        let (first, second) = tapped_twice(async || {
            late::give_back(shop.app(), &shop.at(0), &sale, &late, &once(&key, &[])).await
        })
        .await;
        second.unwrap();
        first.expect("the same key gives the first answer");
        assert_eq!(shop.books().await.balance("drawer", "JMD"), -50_000);
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_a_new_offer_shows_one(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (sale, key) = (shop.charge(50_000).await, key());
        let (first, second) = tapped_twice(async || {
            offer::renew(shop.app(), &shop.at(0), &sale, None, &once(&key, &[])).await
        })
        .await;
        second.unwrap();
        first.unwrap();
        assert_eq!(shop.node.payable(), [shop.shown(&sale).await]);
        shop.collect(&sale).await;
        shop.all_is_settled().await;
    }

    async fn a_double_tap_on_a_part_that_is_paid_at_once_is_not_told_off(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (sale, key) = (shop.charge(50_000).await, key());
        let ticket = Arc::new(Ticket::default());
        let (once, actor) = (once(&key, &[]), shop.at(0));
        let tap = || offer::renew(shop.app(), &actor, &sale, Some(30_000), &once);
        let mut first = Box::pin(gated(ticket.clone(), tap()));
        tokio::select! { biased; _ = &mut first => panic!(), () = ticket.held() => {} }
        tap().await.unwrap();
        shop.collect(&sale).await;
        ticket.free();
        first.await.unwrap();
        assert_eq!(shop.sale(&sale).await.due(), 20_000);
        shop.all_is_settled().await;
    }

    async fn two_tablets_on_one_sale_take_its_cash_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(50_000).await;
        let take = async |till: usize| {
            let once = Once::new(&till.to_string(), &key(), &[]).unwrap();
            cash::take(shop.app(), &shop.at(till), &sale, 50_000, &once).await
        };
        let (one, two) = tokio::join!(take(0), take(1));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(shop.books().await.balance("drawer", "JMD"), 50_000);
        shop.all_is_settled().await;
    }

    async fn cancel_on_one_tablet_and_cash_on_the_other_end_in_one_of_them(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        for _ in 0..10 {
            let sale = shop.charge(50_000).await;
            let (voided, taken) = tokio::join!(shop.void(&sale), shop.cash(&sale, 50_000));
            let state = shop.sale(&sale).await.state;
            assert_eq!(taken.is_ok(), state == "paid", "{taken:?} {voided:?}");
            assert!(state != "open", "{taken:?} {voided:?}");
        }
        shop.all_is_settled().await;
    }

    async fn a_server_that_dies_in_charge_leaves_no_sale_and_the_next_one_answers(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let key = key();
        let ticket = Arc::new(Ticket::default());
        {
            let (once, actor) = (once(&key, &[]), shop.at(0));
            let cart = keypad(50_000);
            let charge = open::open(shop.app(), &actor, &cart, Tip::None, &once);
            let mut charge = Box::pin(gated(ticket.clone(), charge));
            tokio::select! { biased; _ = &mut charge => panic!(), () = ticket.held() => {} }
            ticket.let_through();
            tokio::select! { biased; _ = &mut charge => panic!(), () = ticket.held() => {} }
        }
        assert_eq!(shop.node.offers().len(), 1, "made, and its answer lost with the server");
        shop.restart().await;
        assert!(shop.books().await.sales.is_empty());
        let charge = async || {
            let once = once(&key, &[]);
            open::open(shop.app(), &shop.at(0), &keypad(50_000), Tip::None, &once).await.unwrap()
        };
        let sale = charge().await;
        assert_eq!(charge().await, sale);
        shop.collect(&sale).await;
        shop.all_is_settled().await;
    }

    async fn a_payment_while_the_server_is_down_is_settled_by_the_next(fresh: Fresh) {
        let mut shop = Shop::open(fresh).await;
        let (first, second) = (shop.charge(50_000).await, shop.charge(60_000).await);
        shop.collect(&first).await;
        let cursor = shop.cursor().await;
        shop.node.pay(&shop.shown(&second).await);
        shop.node.next(Call::Status, Fault::Break);
        shop.restart().await;
        assert_eq!(shop.cursor().await, cursor);
        shop.hear().await;
        assert_eq!(shop.sale(&second).await.receipt_number, Some(2));
        shop.all_is_settled().await;
    }
}
