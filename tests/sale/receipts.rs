//! Receipt numbers, and the trail of who did what.

use futures_util::future::join_all;
use pos_server::domain::cart::Tip;
use pos_server::till::once::Once;
use pos_server::till::open;

use super::acts::{key, keypad};
use super::shop::Shop;
use crate::on_both;

on_both! {
    async fn a_number_is_not_used_up_by_a_sale_that_did_not_close(fresh: Fresh) {
        let shop = Shop::open(fresh).await;
        let (first, second) = (shop.charge(10_000).await, shop.charge(10_000).await);
        shop.void(&first).await.unwrap();
        shop.collect(&second).await;
        assert_eq!(shop.sale(&first).await.receipt_number, None);
        assert_eq!(shop.sale(&second).await.receipt_number, Some(1));
        shop.all_is_settled().await;
    }
}
