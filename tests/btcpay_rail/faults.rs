//! BTCPay fails in every way there is: one invoice for each try, never two, and words at the till.

use std::time::Duration;

use btcpay_bridge::{Methods, NewInvoice, SYSTEM};
use btcpay_stand_in::{Btcpay as StandIn, Fault, Options, Pay, Switches};
use pos_server::domain::id::{ConnectionId, SaleId};
use pos_server::rail::btcpay::desk;
use pos_server::worker;
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;

use super::bar::{Bar, secrets};
use crate::on_both;
use crate::sale::shop::House;

impl Bar {
    pub(super) fn silence(&self) {
        self.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
    }

    /// Why there was no offer, in words for the till.
    async fn words(&self, sale: &SaleId) -> String {
        let events = self.app().db.events(sale).await.unwrap();
        let none = events.into_iter().rev().find(|event| event.kind == "offer.none");
        none.map(|event| event.body).unwrap_or_default()
    }

    /// What BTCPay made for our order, after we looked for it in vain.
    pub(super) async fn made_late(&self, order: &str) -> String {
        let secrets = secrets(&self.btcpay, &self.key);
        let there = desk(&secrets.address, &secrets.store, &secrets.key, true).unwrap();
        let new = NewInvoice {
            order: order.to_owned(),
            amount: Decimal::from(1_000),
            currency: "JMD".into(),
            description: SYSTEM.into(),
            articles: Vec::new(),
            minutes: 10,
            methods: Methods::Both,
            speed: None,
        };
        there.make(&new).await.unwrap().id
    }
}

on_both! {
    async fn whatever_becomes_of_a_create_there_is_never_a_second_invoice(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let elsewhere = "http://127.0.0.1:9/".to_owned();
        for (fault, made, words) in [
            (Fault::Status(500), 0, "not answering"),
            (Fault::Status(503), 0, "not answering"),
            (Fault::TooMany(5), 0, "wait a moment"),
            (Fault::Garbage, 0, "not answering"),
            (Fault::Down, 0, "not answering"),
            (Fault::Redirect(elsewhere), 0, "BTCPay"),
            (Fault::Lost, 1, ""),
            (Fault::Half, 1, ""),
            (Fault::Slow(700), 1, ""),
        ] {
            let before = bar.btcpay.invoices().len();
            let named = format!("{fault:?}");
            bar.btcpay.fail("POST */invoices", fault, Some(1));
            let sale = bar.charge(100_000).await;
            assert_eq!(bar.btcpay.invoices().len() - before, made, "{named}");
            if made == 1 {
                bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
                bar.later(4);
                bar.look().await;
                assert_eq!(bar.sale(&sale).await.state, "paid", "{named}");
            } else {
                let said = bar.words(&sale).await;
                assert!(said.contains(words), "{named}: {said}");
                bar.later(11);
                bar.look().await;
                let live = bar.attempts(&sale).await.iter().any(|one| one.live());
                assert!(!live, "{named}: it is known that there is none");
                bar.cash(&sale, 100_000).await.unwrap();
            }
        }
        bar.all_is_right().await;
    }

    async fn an_invoice_whose_answers_were_all_lost_is_cancelled_later(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.btcpay.fail("POST */invoices", Fault::Lost, Some(1));
        bar.btcpay.fail("GET */invoices", Fault::Status(500), Some(1));
        let sale = bar.charge(100_000).await;
        let lost = bar.last(&sale).await;
        assert_eq!((lost.state.as_str(), lost.reference.starts_with("order:")), ("lost", true));
        let id = bar.btcpay.invoices()[0]["id"].as_str().unwrap().to_owned();
        bar.later(11);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "cancelled");
        assert_eq!(bar.btcpay.invoice(&id).unwrap()["status"], "Invalid");
        bar.renew(&sale, None).await.unwrap();
        assert_eq!(bar.btcpay.invoices().len(), 2);
        bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
        bar.round().await;
        assert_eq!(bar.sale(&sale).await.state, "paid");
        bar.all_is_right().await;
    }

    async fn a_lost_one_whose_btcpay_is_not_ours_any_more_is_looked_for_no_longer(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let lose = async || {
            bar.btcpay.fail("POST */invoices", Fault::Lost, Some(1));
            bar.btcpay.fail("GET */invoices", Fault::Status(500), Some(1));
            let sale = bar.charge(100_000).await;
            assert_eq!(bar.last(&sale).await.state, "lost");
            sale
        };
        let ends = async |sale: &SaleId| {
            bar.later(11);
            bar.look().await;
            assert_eq!(bar.last(sale).await.state, "cancelled");
            assert_eq!(bar.story(sale).await.last().unwrap(), "lost.ended");
        };
        let disconnect = async || {
            let mut tx = bar.app().db.begin().await.unwrap();
            tx.remove_connection(&bar.connection).await.unwrap();
            tx.commit().await.unwrap();
            bar.app().rails.retain(&[]);
        };
        // A replica that has just started has not connected it yet: that proves nothing.
        let sale = lose().await;
        bar.app().rails.retain(&[]);
        bar.later(11);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "lost");
        disconnect().await;
        ends(&sale).await;
        // Nor does another server know it.
        bar.connect_as(&bar.connection, &secrets(&bar.btcpay, &bar.key), 1).await;
        let sale = lose().await;
        disconnect().await;
        let other = StandIn::start(Options::default()).await.unwrap();
        let anew = secrets(&other, &other.owner_key());
        bar.connect_as(&ConnectionId::new(), &anew, 1).await;
        ends(&sale).await;
        bar.all_is_right().await;
    }

    async fn the_codes_of_an_invoice_that_cannot_be_had_make_it_lost_too(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.btcpay.fail("GET */payment-methods", Fault::Status(500), Some(1));
        let sale = bar.charge(100_000).await;
        assert_eq!(bar.last(&sale).await.state, "lost");
        bar.later(11);
        bar.look().await;
        assert_eq!(bar.btcpay.invoices()[0]["status"], "Invalid");
        bar.all_is_right().await;
    }

    async fn an_invoice_that_is_made_after_we_looked_is_cancelled_and_its_money_kept(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.btcpay.fail("POST */invoices", Fault::Status(503), Some(1));
        let sale = bar.charge(100_000).await;
        let order = bar.last(&sale).await.id.to_string();
        bar.later(11);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "cancelled");
        let id = bar.made_late(&order).await;
        bar.round().await;
        assert_eq!(bar.btcpay.invoice(&id).unwrap()["status"], "Invalid");
        bar.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
        bar.round().await;
        let payments = bar.payments(&sale).await;
        assert_eq!((payments.len(), payments[0].kind.as_str()), (1, "late"));
        assert_eq!(bar.sale(&sale).await.state, "open");
        bar.all_is_right().await;
    }

    async fn a_key_that_is_taken_back_is_said_at_the_till_and_of_the_connection(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let before = bar.charge(100_000).await;
        bar.btcpay.revoke(&bar.key);
        let sale = bar.charge(100_000).await;
        let words = "no longer accepts this shop’s key";
        assert!(bar.words(&sale).await.contains(words), "{}", bar.words(&sale).await);
        bar.later(601);
        bar.look().await;
        assert_eq!(bar.last(&before).await.state, "unknown", "nobody guesses");
        let stop = CancellationToken::new();
        let mut workers = worker::start(&bar.house.app, &stop);
        let trouble = async {
            loop {
                if let Some(trouble) = bar.app().rails.trouble(&bar.connection, bar.app().now()) {
                    return trouble.why;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let trouble = tokio::time::timeout(Duration::from_secs(10), trouble).await.unwrap();
        assert!(trouble.contains(words), "{trouble}");
        stop.cancel();
        while workers.join_next().await.is_some() {}
    }

    async fn a_store_that_is_gone_proves_nothing_and_its_money_is_found_when_it_is_back(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        let sale = bar.charge(100_000).await;
        let invoice = bar.shown(&sale).await;
        bar.btcpay.store_gone(&bar.btcpay.store_id(), true).unwrap();
        let other = bar.charge(100_000).await;
        assert!(bar.words(&other).await.contains("pair it again"), "{}", bar.words(&other).await);
        bar.later(601);
        bar.look().await;
        assert_eq!(bar.last(&sale).await.state, "unknown");
        bar.btcpay.store_gone(&bar.btcpay.store_id(), false).unwrap();
        bar.later(11);
        bar.btcpay.pay_lightning(&invoice, Pay::Exact).unwrap();
        bar.look().await;
        assert_eq!(bar.payments(&sale).await[0].kind, "late");
        bar.all_is_right().await;
    }

    async fn clocks_that_are_ten_minutes_apart_cost_nobody_anything(fresh: Fresh) {
        let house = House::open(fresh).await;
        for off in [-600, 600] {
            let bar = Bar::of(&house).await;
            bar.silence();
            bar.btcpay.advance(off);
            let (sale, left) = (bar.charge(100_000).await, bar.charge(50_000).await);
            bar.look().await;
            bar.later(5);
            bar.look().await;
            bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
            bar.later(5);
            bar.look().await;
            assert_eq!(bar.sale(&sale).await.state, "paid", "{off} seconds");
            for _ in 0..3 {
                bar.later(610);
                bar.look().await;
            }
            assert!(!bar.last(&left).await.live(), "{off} seconds");
            bar.all_is_right().await;
        }
    }
}
