//! What went wrong in another point of sale on top of BTCPay, held against ours.

use btcpay_stand_in::Pay;
use serde_json::json;

use super::bar::Bar;
use crate::on_both;

on_both! {
    async fn no_sale_is_paid_by_an_amount_like_its_own(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let (one, other) = (bar.charge(1_000).await, bar.charge(1_000).await);
        bar.btcpay.pay_lightning(&bar.shown(&one).await, Pay::Exact).unwrap();
        bar.round().await;
        assert_eq!(bar.sale(&one).await.state, "paid");
        assert_eq!((bar.sale(&other).await.state, bar.payments(&other).await.len()), ("open".into(), 0));
        bar.all_is_right().await;
    }

    async fn nothing_is_matched_by_memo_or_time(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let sale = bar.charge(100_000).await;
        // The same store sells the same for the same in the same second, not by us.
        let stranger = bar.made_late("an order of somebody else").await;
        bar.btcpay.pay_lightning(&stranger, Pay::Exact).unwrap();
        bar.round().await;
        bar.look().await;
        assert_eq!((bar.sale(&sale).await.state, bar.payments(&sale).await.len()), ("open".into(), 0));
        bar.all_is_right().await;
    }

    async fn what_is_sold_stands_on_the_invoice(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let sale = bar.charge(240_550).await;
        let made = bar.btcpay.invoice(&bar.shown(&sale).await).unwrap();
        let cart = &made["metadata"]["posData"]["cart"];
        assert_eq!(cart[0]["count"], 1);
        assert_eq!(cart[0]["price"], "2405.50");
        assert_eq!(made["metadata"]["posData"]["total"], json!("2405.50"));
        assert_eq!(made["metadata"]["itemDesc"], "Blue Mahoe");
    }

    async fn without_a_rate_nothing_is_asked_for_and_it_is_said(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.btcpay.set_rate(&bar.btcpay.store_id(), "JMD", None).unwrap();
        let sale = bar.charge(100_000).await;
        assert!(bar.attempts(&sale).await.iter().all(|one| one.request.is_none()));
        let events = bar.app().db.events(&sale).await.unwrap();
        let none = events.iter().find(|event| event.kind == "offer.none").expect("words");
        assert!(none.body.contains("BTCPay"), "{}", none.body);
        let left = bar.btcpay.invoices();
        assert!(left.iter().all(|one| one["status"] == "Invalid"), "{left:?}");
        bar.cash(&sale, 100_000).await.unwrap();
        bar.all_is_right().await;
    }

    async fn a_few_satoshi_are_a_sale_like_any_other(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        for minor in [100, 1_000, 19_500_000] {
            let sale = bar.charge(minor).await;
            let asked = bar.last(&sale).await.asked_msat;
            assert!((asked - minor * 1_000 * 1_000 / 19_500).abs() < 1_000, "{asked} for {minor}");
            bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
            bar.round().await;
            assert_eq!(bar.sale(&sale).await.credited, minor);
        }
        bar.all_is_right().await;
    }

    async fn one_that_nobody_paid_is_never_called_paid(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let sale = bar.charge(100_000).await;
        let invoice = bar.shown(&sale).await;
        for _ in 0..4 {
            bar.later(300);
            bar.look().await;
            bar.round().await;
        }
        assert_eq!(bar.btcpay.invoice(&invoice).unwrap()["status"], "Expired");
        assert_eq!(bar.last(&sale).await.state, "expired");
        assert!(bar.payments(&sale).await.is_empty());
        bar.all_is_right().await;
    }
}
