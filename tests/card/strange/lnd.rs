//! The real thing: another issuer's card pays our sale from its LND to ours.

use std::sync::Arc;
use std::time::Duration;

use pos_server::domain::time::Clock;
use pos_server::rail::lnd::Lnd;
use pos_server::rails::Connected;
use pos_server::till::watch;

use super::issuer::{Issuer, Pays};
use crate::card::away::rig::Pursed;
use crate::on_both;
use crate::rail::stack::shop_secrets;
use crate::sale::shop::Shop;

on_both! {
    async fn another_issuers_card_pays_and_the_sale_is_paid_when_the_money_is_there(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let now = pos_server::domain::time::SystemClock.now();
        shop.later((now.0 - shop.app().now().0) / 1_000);
        let lnd = Arc::new(Lnd::new(&shop_secrets()).unwrap());
        let rail = Arc::new(Pursed { rail: lnd.clone(), purse: lnd });
        shop.app().rails.put(Connected { rail, ..shop.connected() });
        let issuer = Issuer::open(Pays::Lnd).await;
        let sale = shop.charge(100_000).await;
        shop.tap(&sale, &issuer.tap()).await.unwrap();
        assert_eq!(issuer.asked(), (1, 1));
        assert_eq!(shop.sale(&sale).await.state, "open", "accepted is not paid");
        assert_eq!(shop.story(&sale).await.last().unwrap(), "card.accepted");
        for _ in 0..100 {
            let offer = shop.last_offer(&sale).await;
            watch::look(shop.app(), &offer, false).await.unwrap();
            if shop.sale(&sale).await.state == "paid" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let paid = shop.sale(&sale).await;
        assert_eq!((paid.state.as_str(), paid.credited), ("paid", 100_000));
        let [payment] = &shop.payments(&sale).await[..] else { panic!("one payment") };
        assert_eq!(payment.rail, "lnd");
        assert_eq!(issuer.told()["pr"], shop.last_offer(&sale).await.request.unwrap());
        shop.books_are_right().await;
    }
}
