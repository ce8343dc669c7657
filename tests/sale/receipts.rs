//! Receipt numbers, and the trail of who did what.

use futures_util::future::join_all;
use pos_server::domain::cart::Tip;
use pos_server::till::once::Once;
use pos_server::till::{Actor, cash, open};

use super::acts::{key, keypad};
use super::shop::Shop;
use crate::on_both;
use crate::support::shop::Shop as Server;

on_both! {
    async fn a_receipt_number_is_its_own_tills_on_every_tablet(fresh: Fresh) {
        let server = Server::empty(fresh).await;
        let sample = server.sample().await;
        let db = &server.app.db;
        let second = pos_server::access::open::till(&sample.store, "Counter 2", "C2");
        let mut tx = db.begin().await.unwrap();
        assert!(tx.add_till(&second, server.app.now()).await.unwrap());
        tx.commit().await.unwrap();
        let staff = db.staff_of(&sample.store.id).await.unwrap().remove(0);
        let at = Actor { store: sample.store.clone(), till: second, staff };
        let once = |verb| Once::new(verb, &key(), &[]).unwrap();
        let cart = keypad(10_000);
        let sale = open::open(&server.app, &at, &cart, Tip::None, &once("charge")).await.unwrap();
        cash::take(&server.app, &at, &sale, 10_000, &once("cash")).await.unwrap();
        let mut tablet = server.tablet(&sample).await;
        let keisha = server.staff_id(&sample, "Keisha").await;
        tablet.post("/till/unlock", &[("staff", &keisha), ("pin", "2468")]).await.is(303);
        tablet.get(&format!("/till/sales/{sale}")).await.is(200).says("C2-00001");
    }

    async fn receipt_numbers_have_no_gaps_though_many_close_at_once(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let mut sales = Vec::new();
        for place in 0..24 {
            let once = Once::new("charge", &key(), &[]).unwrap();
            let actor = shop.at(place % 2);
            let cart = keypad(10_000);
            sales.push(open::open(shop.app(), &actor, &cart, Tip::None, &once).await.unwrap());
        }
        let close = async |place: usize| {
            let sale = &sales[place];
            match place % 3 {
                0 => shop.collect(sale).await,
                1 => shop.cash(sale, 10_000).await.unwrap(),
                _ => shop.void(sale).await.unwrap(),
            }
        };
        join_all((0..24).map(close)).await;
        let mut numbers = [Vec::new(), Vec::new()];
        for (place, sale) in sales.iter().enumerate() {
            numbers[place % 2].extend(shop.sale(sale).await.receipt_number);
        }
        for numbers in &mut numbers {
            numbers.sort_unstable();
            assert_eq!(*numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
        }
        shop.all_is_settled().await;
    }

    async fn a_number_is_not_used_up_by_a_sale_that_did_not_close(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (first, second) = (shop.charge(10_000).await, shop.charge(10_000).await);
        shop.void(&first).await.unwrap();
        shop.collect(&second).await;
        assert_eq!(shop.sale(&first).await.receipt_number, None);
        assert_eq!(shop.sale(&second).await.receipt_number, Some(1));
        shop.all_is_settled().await;
    }

    async fn what_was_cancelled_or_given_back_stands_in_the_audit_log_in_a_chain(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (first, second) = (shop.charge(10_000).await, shop.charge(10_000).await);
        shop.void(&first).await.unwrap();
        shop.cash(&second, 5_000).await.unwrap();
        let part = &shop.payments(&second).await[0];
        shop.give_back(&second, part).await.unwrap();
        join_all((0..6).map(async |_| {
            let sale = shop.charge(10_000).await;
            shop.void(&sale).await.unwrap();
        }))
        .await;
        let mut rows = shop.app().db.audit_rows(&shop.store.merchant_id, i64::MAX, 99).await.unwrap();
        rows.reverse();
        assert_eq!(rows.len(), 8);
        assert_eq!(rows[0].detail, format!("sale {first} of J$100.00"));
        assert_eq!((rows[1].what.as_str(), rows[1].who.as_str()), ("payment.given-back", "Keisha"));
        let mut before = "";
        for row in &rows {
            assert_eq!(row.hash, row.expected_hash(before));
            before = &row.hash;
        }
        let mut forged = rows[3].clone();
        forged.detail = "nothing to see".into();
        assert_ne!(forged.hash, forged.expected_hash(&rows[2].hash));
        shop.all_is_settled().await;
    }
}
