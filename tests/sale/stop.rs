//! A server that is told to stop finishes what is in hand.

use std::time::Duration;

use pos_server::worker;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::node::Call;
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn a_payment_that_is_being_settled_when_the_stop_comes_is_settled(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let sale = shop.charge(240_550).await;
        let stop = CancellationToken::new();
        let app = shop.house.app.clone();
        let listener = tokio::spawn(worker::follow_rail(app, shop.connected(), stop.clone()));
        while shop.node.count(Call::Status) == 0 {
            sleep(Duration::from_millis(10)).await;
        }
        sleep(Duration::from_millis(200)).await;
        // Somebody else is at the sale, so that settling it takes a while.
        let mut busy = shop.app().db.begin().await.unwrap();
        busy.lock_sale(&sale).await.unwrap();
        shop.node.pay(&shop.shown(&sale).await);
        sleep(Duration::from_millis(500)).await;
        stop.cancel();
        sleep(Duration::from_millis(200)).await;
        busy.commit().await.unwrap();
        timeout(Duration::from_secs(20), listener).await.expect("it ends").unwrap();
        assert_eq!(shop.sale(&sale).await.state, "paid");
    }
}
