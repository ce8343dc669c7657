//! The overview adds up what was really taken.

use std::time::Duration;

use pos_server::db::payment::Payment;
use pos_server::db::report::{Hour, Span, Tender};
use pos_server::db::sale::Sale;
use pos_server::domain::id::{PaymentId, SaleId};

use crate::on_both;
use crate::support::shop::{NOON, Shop};
use pos_server::access::sample::Sample;

const HOUR: i64 = 3_600_000;

/// A paid sale of the sample café, closed at an instant; half a tip of ten dollars.
async fn sold(
    server: &Shop,
    sample: &Sample,
    total: i64,
    closed: i64,
    number: i64,
    rail: &str,
) -> Sale {
    let staff = &server.app.db.staff_of(&sample.store.id).await.unwrap()[0];
    let sale = Sale {
        id: SaleId::new(),
        merchant_id: sample.store.merchant_id.clone(),
        store_id: sample.store.id.clone(),
        till_id: sample.till.id.clone(),
        staff_id: staff.id.clone(),
        staff_name: staff.name.clone(),
        name: String::new(),
        state: "open".into(),
        money: sample.store.money.clone(),
        currency: "JMD".into(),
        exponent: 2,
        cart: r#"{"lines":[],"discount":null,"gross":0,"discounted":0,"taxes":[],"bill":0}"#.into(),
        bill: total - 1_000,
        tip: 1_000,
        total,
        rounding: 0,
        credited: 0,
        tendered: 0,
        change_given: 0,
        receipt_number: None,
        receipt_token: pos_server::access::token::random(),
        opened_ms: closed - 60_000,
        closed_ms: None,
        card_id: None,
    };
    let payment = Payment {
        id: PaymentId::new(),
        rail: rail.into(),
        reference: sale.id.to_string(),
        offer: sale.id.to_string(),
        merchant_id: sale.merchant_id.clone(),
        store_id: sale.store_id.clone(),
        connection_id: None,
        sale_id: Some(sale.id.to_string()),
        attempt_id: None,
        kind: "due".into(),
        msat: 0,
        currency: Some("JMD".into()),
        credited: total,
        owed: 0,
        owed_msat: 0,
        given_back_ms: None,
        gone_ms: None,
        returned: 0,
        paid_ms: closed,
        received_ms: closed,
    };
    let mut tx = server.app.db.begin().await.unwrap();
    tx.add_sale(&sale).await.unwrap();
    let paid = Sale {
        state: "paid".into(),
        credited: total,
        receipt_number: Some(number),
        closed_ms: Some(closed),
        card_id: None,
        ..sale
    };
    tx.update_sale("open", &paid).await.unwrap();
    assert!(tx.add_payment(&payment).await.unwrap());
    tx.commit().await.unwrap();
    paid
}

on_both! {
    async fn today_is_the_shops_own_day_and_last_week_is_compared_to_the_hour(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}", sample.store.id);
        owner.get(&path).await.is(200).says("J$0.00").says("No sales yet");
        // Noon is 12:44 in Kingston; midnight there was 12 h 44 min before.
        sold(&server, &sample, 100_000, NOON.0 - HOUR, 1, "cash").await;
        sold(&server, &sample, 300_000, NOON.0 - 12 * HOUR, 2, "sandbox").await;
        sold(&server, &sample, 999_900, NOON.0 - 13 * HOUR, 3, "cash").await;
        let week = 7 * 24 * HOUR;
        sold(&server, &sample, 150_000, NOON.0 - week - 2 * HOUR, 4, "cash").await;
        sold(&server, &sample, 777_700, NOON.0 - week + 2 * HOUR, 5, "cash").await;
        let home = owner.get(&path).await;
        home.is(200).says("J$4,000.00").says("2 sales, J$2,000.00 each");
        home.says("J$2,500.00 ahead").says("of last Saturday").says("Last Saturday");
        home.says("J$3,000.00").says("value=\"75\"").says("value=\"25\"");
        home.says("J$20.00");
        assert!(!home.body.contains("9,999"), "yesterday is not today");
    }

    async fn what_was_taken_back_and_cancelled_was_not_taken(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let db = &server.app.db;
        let gone = sold(&server, &sample, 100_000, NOON.0 - HOUR, 1, "cash").await;
        sold(&server, &sample, 300_000, NOON.0 - HOUR, 2, "cash").await;
        let part = sold(&server, &sample, 200_000, NOON.0 - HOUR, 3, "cash").await;
        let mut tx = db.begin().await.unwrap();
        // It keeps its receipt number.
        let cancelled = Sale { state: "voided".into(), credited: 0, ..gone };
        tx.update_sale("paid", &cancelled).await.unwrap();
        tx.update_sale("paid", &Sale { state: "part_refunded".into(), ..part }).await.unwrap();
        tx.commit().await.unwrap();
        let (store, money) = (&sample.store.id, sample.store.money.as_str());
        let span = Span { from: NOON.before(Duration::from_secs(7_200)), until: NOON };
        let hours = db.taken_by_hour(store, money, span).await.unwrap();
        assert_eq!(hours, [Hour { hour: 1, sales: 2, taken: 500_000 }]);
        let rails = db.taken_by_rail(store, money, span).await.unwrap();
        assert_eq!(rails, [Tender { rail: "cash".into(), taken: 500_000 }]);
        let tips = db.tips_by_staff(store, money, span).await.unwrap();
        assert_eq!(tips.iter().map(|one| one.tips).collect::<Vec<_>>(), [2_000]);
        assert_eq!(db.usual_sale(store, money, span).await.unwrap(), Some(250_000));
    }

    async fn money_that_waits_for_a_decision_stands_there_until_it_is_made(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        let mut owner = server.owner(&sample).await;
        let found = Payment {
            id: PaymentId::new(),
            rail: "sandbox".into(),
            reference: "aa".into(),
            offer: "aa".into(),
            merchant_id: sample.store.merchant_id.clone(),
            store_id: sample.store.id.clone(),
            connection_id: None,
            sale_id: None,
            attempt_id: None,
            kind: "found".into(),
            msat: 21_000_000,
            currency: None,
            credited: 0,
            owed: 0,
            owed_msat: 0,
            given_back_ms: None,
            gone_ms: None,
            returned: 0,
            paid_ms: NOON.0,
            received_ms: NOON.0,
        };
        let mut tx = server.app.db.begin().await.unwrap();
        assert!(tx.add_payment(&found).await.unwrap());
        tx.commit().await.unwrap();
        let home = owner.get(&format!("/dashboard/{}", sample.store.id)).await;
        home.is(200).says("21,000 sats found").says("for no sale of ours");
        let page = owner.get(&format!("/dashboard/{}/lightning", sample.store.id)).await;
        page.says("Money for no sale").says("21,000 sats found");
    }

    async fn practice_takings_are_not_counted_as_real_ones(fresh: Fresh) {
        let server = Shop::empty(fresh).await;
        let sample = server.sample().await;
        sold(&server, &sample, 100_000, NOON.0 - HOUR, 1, "cash").await;
        let mut owner = server.owner(&sample).await;
        let path = format!("/dashboard/{}", sample.store.id);
        owner.get(&path).await.says("J$1,000.00");
        let money = format!("{path}/lightning/money");
        owner.get(&format!("{path}/lightning")).await;
        owner.post(&money, &[("to", "real"), ("sure", "on")]).await.is(303);
        owner.get(&path).await.says("J$0.00").says("No sales yet");
    }
}
