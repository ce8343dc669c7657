//! Two rails of one store: the second is asked when the first is silent, and money on either is
//! found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use btcpay_stand_in::{Fault, Pay};
use pos_server::db::connection::Connection;
use pos_server::domain::id::ConnectionId;
use pos_server::domain::money::Msat;
use pos_server::domain::time::Time;
use pos_server::rail::{Paid, Standing};
use pos_server::rails::Connected;
use pos_server::till::settle::{Settled, settle};
use rust_decimal::Decimal;

use super::bar::Bar;
use crate::on_both;
use crate::sale::node::Wire;

impl Bar {
    /// A node of its own stands in for BTCPay.
    pub(crate) async fn second(&self) {
        let row = Connection {
            id: ConnectionId::new(),
            rail: "lnd".into(),
            place: 2,
            money: "real".into(),
            secrets: None,
            ..self.shop.connection.clone()
        };
        let mut tx = self.app().db.begin().await.unwrap();
        tx.add_connection(&row, self.app().now()).await.unwrap();
        tx.commit().await.unwrap();
        let wire = Wire { node: self.node.clone(), dice: None };
        let (place, id, rail) = (2, row.id, Arc::new(wire));
        self.app().rails.put(Connected { place, id, rail, ..self.connected() });
        self.app().note_btcpay_price(&self.store.id, Decimal::from(19_500_000));
    }
}

on_both! {
    async fn when_the_first_is_silent_the_second_offers_and_money_on_either_is_found(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.second().await;
        bar.btcpay.fail("POST */invoices", Fault::Hang, Some(1));
        let since = Instant::now();
        let sale = bar.charge(100_000).await;
        let took = since.elapsed();
        // Three seconds, and what a busy machine adds; alone a rail is given ten.
        assert!((Duration::from_secs(3)..Duration::from_secs(9)).contains(&took), "{took:?}");
        let attempts = bar.attempts(&sale).await;
        let of = |rail: &str| attempts.iter().find(|one| one.rail == rail).cloned().unwrap();
        let (first, second) = (of("btcpay"), of("sandbox"));
        assert_eq!((first.state.as_str(), second.state.as_str()), ("lost", "offered"));
        let events = bar.app().db.events(&sale).await.unwrap();
        let made = events.iter().find(|event| event.kind == "offer.made").unwrap();
        assert!(made.body.contains("BTCPay is not answering"), "{}", made.body);

        // BTCPay made it in the end, and it is paid on BTCPay's own page.
        let id = bar.made_late(first.id.as_str()).await;
        bar.btcpay.pay_lightning(&id, Pay::Exact).unwrap();
        bar.node.pay(&second.reference);
        bar.later(11);
        bar.look().await;
        bar.round().await;
        assert_eq!(bar.sale(&sale).await.state, "paid");
        let mut kinds: Vec<_> =
            bar.payments(&sale).await.into_iter().map(|one| (one.rail, one.kind)).collect();
        kinds.sort();
        let first = &kinds[0];
        assert_eq!(first.0, "btcpay");
        assert!(matches!(first.1.as_str(), "late" | "extra"), "{first:?}");
        assert_eq!(kinds[1], ("sandbox".into(), "due".into()));
        bar.contract_was_kept();
    }

    async fn one_node_behind_both_tells_of_a_payment_that_counts_once(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.second().await;
        let node = bar.app().rails.of_store(&bar.store.id).into_iter().find(|one| one.place == 2);
        let node = node.unwrap();
        for node_is_first in [true, false] {
            let sale = bar.charge(100_000).await;
            let offer = bar.last(&sale).await;
            assert_eq!(offer.rail, "btcpay");
            let (hash, _) = bar.btcpay.pay_lightning(&offer.reference, Pay::Exact).unwrap();
            if !node_is_first {
                bar.round().await;
            }
            // What LND's stream says of an invoice that BTCPay made there: its hash, and no order.
            let paid = Paid {
                offer: hash.clone(),
                reference: hash,
                amount: Msat::from_db(offer.asked_msat).unwrap(),
                at: bar.app().now(),
                standing: Standing::Settled,
            };
            let heard = settle(bar.app(), &node, &paid, None).await.unwrap();
            let expected = if node_is_first { Settled::Found } else { Settled::Before };
            assert_eq!(heard, expected);
            bar.round().await;
            assert_eq!(settle(bar.app(), &node, &paid, None).await.unwrap(), Settled::Before);
            assert_eq!(bar.sale(&sale).await.state, "paid");
            let found = bar.app().db.found_money(&bar.store.id, Time(0), 9).await.unwrap();
            assert_eq!(found, [], "nothing was found");
            let books = bar.books().await;
            assert_eq!(books.balance("found", "msat"), 0);
        }
        let sales = bar.books().await.payments;
        let came: i64 = sales.iter().filter(|one| one.gone_ms.is_none()).map(|one| one.msat).sum();
        assert_eq!(bar.books().await.balance("lightning", "msat"), i128::from(came));
        bar.all_is_right().await;
    }

    async fn when_the_first_refuses_the_second_is_asked_at_once(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.silence();
        bar.second().await;
        bar.btcpay.revoke(&bar.key);
        let since = Instant::now();
        let sale = bar.charge(100_000).await;
        assert!(since.elapsed() < Duration::from_secs(3), "it waited for the first");
        let offer = bar.last(&sale).await;
        assert_eq!((offer.rail.as_str(), offer.state.as_str()), ("sandbox", "offered"));
        assert_eq!(bar.attempts(&sale).await.len(), 1, "nothing was lost");
    }
}
