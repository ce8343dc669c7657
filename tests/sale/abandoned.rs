//! Sales that somebody walked away from are ended the next day, and one that cannot be ended holds up
//! no other.

use pos_server::worker;
use sqlx::query;

use super::books::look_in;
use super::node::How;
use super::shop::Shop;
use crate::on_both;

const DAY: i64 = 24 * 3600;

on_both! {
    async fn those_that_cannot_be_ended_are_not_in_the_way_of_the_rest(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let unknown = shop.charge(50_000).await;
        let late = shop.charge(60_000).await;
        let shown = shop.shown(&late).await;
        let left = shop.charge(70_000).await;
        shop.later(601);
        shop.node.pay_as(&shown, How::Late);
        shop.hear().await;
        shop.node.set_down(true);
        shop.look().await;
        assert_eq!(shop.last_offer(&unknown).await.state, "unknown");
        shop.node.set_down(false);
        let offer = shop.last_offer(&left).await;
        pos_server::till::watch::look(shop.app(), &offer, false).await.unwrap();
        shop.later(DAY);
        let first = shop.app().db.abandoned_sales(shop.app().now(), 1).await.unwrap();
        assert_eq!(first.first().map(|sale| &sale.id), Some(&left));
        worker::sweep(shop.app()).await.unwrap();
        assert_eq!(shop.sale(&left).await.state, "voided");
        assert_eq!(shop.sale(&unknown).await.state, "open");
        assert_eq!(shop.sale(&late).await.state, "open");
    }

    async fn one_that_fails_does_not_end_the_sweep(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (broken, left) = (shop.charge(50_000).await, shop.charge(60_000).await);
        shop.later(601);
        shop.look().await;
        let mut database = look_in(&shop.house.fresh.url).await;
        let spoil = query("UPDATE sale SET exponent = 9 WHERE id = $1").bind(broken.to_string());
        spoil.execute(&mut database).await.unwrap();
        shop.later(DAY);
        worker::sweep(shop.app()).await.unwrap();
        assert_eq!(shop.sale(&left).await.state, "voided");
        assert_eq!(shop.sale(&broken).await.state, "open");
    }
}
