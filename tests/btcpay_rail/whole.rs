//! A whole sale through BTCPay: by its webhook, by asking alone, and after a day of silence.

use btcpay_stand_in::{Pay, Switches};
use pos_server::rail::bolt11;

use super::bar::Bar;
use crate::on_both;

on_both! {
    async fn a_sale_is_paid_by_webhook(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        let sale = bar.charge(240_550).await;
        let offer = bar.last(&sale).await;
        let request = offer.request.clone().unwrap();
        let (chain, lightning) = request.split_once("&lightning=").expect("BIP 21 with Lightning");
        assert!(chain.starts_with("bitcoin:BCRT1"), "{chain}");
        let invoice = bolt11::Invoice::read(lightning).unwrap();
        assert_eq!(invoice.amount.unwrap().to_db(), offer.asked_msat);
        let made = bar.btcpay.invoice(&offer.reference).unwrap();
        assert_eq!((&made["amount"], &made["currency"]), (&"2405.50".into(), &"JMD".into()));
        assert_eq!(made["metadata"]["orderId"], offer.id.as_str());

        let (hash, _) = bar.btcpay.pay_lightning(lightning, Pay::Exact).unwrap();
        bar.hears(&sale, "paid").await;
        let paid = bar.sale(&sale).await;
        assert_eq!((paid.credited, paid.receipt_number), (240_550, Some(1)));
        let payments = bar.payments(&sale).await;
        assert_eq!((payments.len(), &payments[0].reference), (1, &hash));
        assert_eq!((payments[0].kind.as_str(), payments[0].msat), ("due", offer.asked_msat));
        bar.all_is_right().await;
    }

    async fn a_sale_is_paid_by_asking_alone(fresh: Fresh) {
        let bar = Bar::open(fresh).await;
        bar.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
        let sale = bar.charge(100_000).await;
        bar.btcpay.pay_lightning(&bar.shown(&sale).await, Pay::Exact).unwrap();
        bar.btcpay.drop_deliveries();
        bar.later(4);
        bar.look().await;
        assert_eq!(bar.sale(&sale).await.state, "paid");
        assert!(bar.app().db.deliveries(&bar.connection, 9).await.unwrap().is_empty());
        bar.all_is_right().await;
    }

    async fn what_was_paid_while_btcpay_was_out_of_reach_for_a_day_is_found(fresh: Fresh) {
        let mut bar = Bar::open(fresh).await;
        bar.btcpay.webhooks(Switches { hold: true, ..Switches::default() });
        let (paid, left) = (bar.charge(100_000).await, bar.charge(50_000).await);
        bar.btcpay.pay_lightning(&bar.shown(&paid).await, Pay::Exact).unwrap();
        bar.btcpay.down(true);
        bar.later(24 * 3600);
        bar.look().await;
        for sale in [&paid, &left] {
            assert_eq!(bar.last(sale).await.state, "unknown", "nobody guesses");
        }
        bar.restart().await;
        bar.btcpay.down(false);
        bar.btcpay.drop_deliveries();
        bar.later(11);
        bar.look().await;
        assert_eq!(bar.sale(&paid).await.state, "paid");
        assert_eq!(bar.last(&left).await.state, "expired");
        bar.all_is_right().await;
    }
}
